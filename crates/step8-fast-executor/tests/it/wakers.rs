//! From where may a waker be used, and until when? Everywhere, forever.

use std::cell::RefCell;
use std::future::poll_fn;
use std::sync::mpsc;
use std::task::{Poll, Waker};
use std::thread;

use step8_fast_executor::{Executor, JoinHandle, block_on, hold_clock, spawn, yield_now};
use testing::gate::Gate;
use testing::watchdog;

use crate::support::recorded;

/// Spawns a task that waits at a gate, and lets it get there.
async fn spawn_waiting() -> (JoinHandle<()>, Gate) {
    let gate = Gate::default();
    let task = spawn(gate.clone().wait());
    yield_now().await;
    (task, gate)
}

/// Makes an executor on which a task has waited at a gate, and its waker.
fn executor_with_waiting() -> (Executor, JoinHandle<()>, Gate, Waker) {
    let executor = Executor::with_virtual_time().unwrap();
    let (task, gate) = executor.block_on(spawn_waiting());
    let waker = gate.waker();
    (executor, task, gate, waker)
}

// --- After its task ---

/// Classic bug: "wake after completion".
#[test]
fn wake_after_completion_does_nothing() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let (task, gate) = spawn_waiting().await;
        let (id, stale) = (task.id(), gate.waker());
        gate.open();
        task.await.unwrap();
        stale.wake_by_ref();
        stale.wake();
        yield_now().await;
        assert_eq!(
            recorder.story(id),
            "spawned woken resumed suspended woken resumed finished"
        );
    });
}

#[test]
fn stale_waker_spares_the_next_in_its_slot() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let mut stale = Vec::new();
        for _ in 0..100 {
            // Each has the place of the one before, because that one is gone.
            let (task, gate) = spawn_waiting().await;
            stale.iter().for_each(Waker::wake_by_ref);
            yield_now().await;
            assert_eq!(recorder.resumes(task.id()), 1);
            stale.push(gate.waker());
            gate.open();
            task.await.unwrap();
        }
    });
}

/// The number in a waker: 16 bits of the executor, 24 of the place in its table, 24 of the
/// generation there.
#[test]
fn slot_of_a_gone_task_is_used_again() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let mut places = Vec::new();
        for _ in 0..100 {
            let (task, gate) = spawn_waiting().await;
            places.push(gate.waker().data().addr() >> 24);
            gate.open();
            task.await.unwrap();
        }
        places.dedup();
        assert_eq!(places.len(), 1);
    });
}

#[test]
fn a_waker_of_an_aborted_task_does_nothing() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let (task, gate) = spawn_waiting().await;
        let stale = gate.waker();
        task.abort();
        stale.wake();
        yield_now().await;
        assert_eq!(
            recorder.story(task.id()),
            "spawned woken resumed suspended cancelled"
        );
    });
}

#[test]
fn wake_in_the_last_poll_does_nothing_after_it() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::Ready(())
        }));
        let id = task.id();
        task.await.unwrap();
        // It takes the place of the other one, whose number is still in the ready queue.
        let next = spawn(async {});
        let next_id = next.id();
        next.await.unwrap();
        assert_eq!(recorder.resumes(id), 1);
        assert_eq!(recorder.resumes(next_id), 1);
    });
}

// --- After its executor ---

#[test]
fn a_waker_may_outlive_its_executor() {
    let (executor, _task, _gate, waker) = executor_with_waiting();
    drop(executor);
    waker.wake_by_ref();
    let clone = waker.clone();
    thread::spawn(move || waker.wake()).join().unwrap();
    clone.wake();
}

#[test]
fn waker_may_outlive_its_executor_and_thread() {
    let waker = thread::spawn(|| executor_with_waiting().3).join().unwrap();
    waker.wake_by_ref();
    block_on(async move { waker.wake() });
}

/// Numbers of executors are used again. A waker of an old one may give a task of a new one a
/// spurious wake-up, and no more.
#[test]
fn reused_executor_number_is_a_spurious_wake() {
    let (executor, tasks) = (Executor::with_virtual_time().unwrap(), 3);
    let stale: Vec<Waker> = executor.block_on(async {
        let mut wakers = vec![poll_fn(|cx| Poll::Ready(cx.waker().clone())).await];
        for _ in 0..tasks {
            wakers.push(spawn_waiting().await.1.waker());
        }
        wakers
    });
    drop(executor);

    let mut has_come_round = false;
    for _ in 0..2_000 {
        // One with a task in the same place as the first of the old one, and none in the others.
        let executor = Executor::with_virtual_time().unwrap();
        let (task, gate) = executor.block_on(spawn_waiting());
        stale.iter().for_each(Waker::wake_by_ref);
        executor.block_on(async {
            yield_now().await;
            yield_now().await;
        });
        assert!((1..=2).contains(&gate.polls()) && !task.is_finished());
        has_come_round |= gate.polls() == 2;
        gate.open();
        executor.block_on(task).unwrap();
    }
    assert!(
        has_come_round,
        "this test has to be extended: no number was used again"
    );
}

// --- From this thread ---

#[test]
fn used_between_block_ons_it_wakes_in_the_next() {
    let (executor, task, gate, waker) = executor_with_waiting();
    waker.wake();
    assert_eq!(gate.polls(), 1);
    executor.block_on(async {
        yield_now().await;
        yield_now().await;
    });
    assert_eq!(gate.polls(), 2);
    gate.open();
    executor.block_on(task).unwrap();
}

#[test]
fn used_in_another_executor_it_wakes_in_its_own() {
    let (executor, task, gate, _) = executor_with_waiting();
    let other = Executor::with_virtual_time().unwrap();
    other.block_on(async {
        // A task with the same number, except for its executor's.
        let (_neighbour, other_gate) = spawn_waiting().await;
        gate.open();
        yield_now().await;
        assert_eq!(other_gate.polls(), 1);
    });
    assert_eq!(gate.polls(), 1);
    executor.block_on(task).unwrap();
    assert_eq!(gate.polls(), 2);
}

#[test]
fn clones_and_drops_change_nothing() {
    let (executor, task, gate, waker) = executor_with_waiting();
    let clones: Vec<Waker> = (0..100).map(|_| waker.clone()).collect();
    assert!(clones.iter().all(|clone| clone.will_wake(&waker)));
    drop(clones);
    executor.block_on(yield_now());
    assert_eq!(gate.polls(), 1);
    drop(waker);
    gate.open();
    executor.block_on(task).unwrap();
}

#[test]
fn wakers_of_two_tasks_are_not_the_same() {
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        let ((_a, a), (_b, b)) = (spawn_waiting().await, spawn_waiting().await);
        assert!(!a.waker().will_wake(&b.waker()));
    });
    let (_executor, _task, _gate, other) = executor_with_waiting();
    let (_executor, _task, _gate, waker) = executor_with_waiting();
    assert!(!waker.will_wake(&other));
}

// --- From another thread ---

/// Classic bug: "a wake from another thread is not seen". Nothing else would end the executor's
/// wait.
#[test]
fn wake_from_another_thread_is_seen() {
    watchdog::within_a_minute(|| {
        let executor = Executor::new().unwrap();
        let (send, receive) = mpsc::channel::<Waker>();
        let thread = thread::spawn(move || receive.into_iter().for_each(Waker::wake));
        executor.block_on(async {
            for _ in 0..1_000 {
                let mut is_first = true;
                poll_fn(|cx| {
                    if std::mem::take(&mut is_first) {
                        send.send(cx.waker().clone()).unwrap();
                        return Poll::Pending;
                    }
                    Poll::Ready(())
                })
                .await;
            }
        });
        drop(send);
        thread.join().unwrap();
    });
}

#[test]
fn used_in_a_thread_it_wakes_in_the_next() {
    let (executor, task, gate, waker) = executor_with_waiting();
    thread::spawn(move || waker.wake()).join().unwrap();
    executor.block_on(async {
        yield_now().await;
        yield_now().await;
    });
    assert_eq!(gate.polls(), 2);
    gate.open();
    executor.block_on(task).unwrap();
}

/// There the executor's thread is busy, and has another executor entered.
#[test]
fn used_in_a_threads_executor_it_wakes_its_own() {
    watchdog::within_a_minute(|| {
        let executor = Executor::with_virtual_time().unwrap();
        executor.block_on(async {
            let (task, gate) = spawn_waiting().await;
            let (waker, hold) = (gate.waker(), hold_clock());
            let thread = thread::spawn(move || {
                block_on(async move {
                    waker.wake();
                    drop(hold);
                });
            });
            // It continues for the second poll, which the thread has asked for.
            while gate.polls() < 2 {
                yield_now().await;
            }
            thread.join().unwrap();
            gate.open();
            task.await.unwrap();
        });
    });
}

// --- From the destructor of a thread-local ---

/// Clones the waker, drops a clone and wakes, when it is dropped.
struct WakesOnDrop(Waker);

impl Drop for WakesOnDrop {
    fn drop(&mut self) {
        drop(self.0.clone());
        self.0.wake_by_ref();
    }
}

thread_local! {
    static LAST_WORDS: RefCell<Vec<WakesOnDrop>> = const { RefCell::new(Vec::new()) };
    static LAST_EXECUTOR: RefCell<Option<Executor>> = const { RefCell::new(None) };
}

fn wake_at_the_end_of_the_thread(waker: Waker) {
    LAST_WORDS.with_borrow_mut(|words| words.push(WakesOnDrop(waker)));
}

#[test]
fn used_in_its_threads_destructors_is_harmless() {
    thread::spawn(|| {
        // Made first, so that it is dropped after whatever an executor might keep there.
        LAST_WORDS.with_borrow(|words| assert!(words.is_empty()));
        let (executor, _task, gate, waker) = executor_with_waiting();
        wake_at_the_end_of_the_thread(waker);
        executor.block_on(yield_now());
        assert_eq!(gate.polls(), 1);
    })
    .join()
    .unwrap();
}

#[test]
fn used_in_a_threads_destructors_it_wakes() {
    watchdog::within_a_minute(|| {
        let executor = Executor::new().unwrap();
        let mut is_first = true;
        executor.block_on(poll_fn(|cx| {
            if std::mem::take(&mut is_first) {
                let waker = cx.waker().clone();
                thread::spawn(move || wake_at_the_end_of_the_thread(waker));
                return Poll::Pending;
            }
            Poll::Ready(())
        }));
    });
}

/// What is woken, cloned and dropped then are wakers of an executor that is being dropped, and of
/// one that is gone.
#[test]
fn executor_in_a_thread_local_is_dropped() {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let (executor, _, _, waker) = executor_with_waiting();
        drop(executor);
        let (executor, _, _, other) = executor_with_waiting();
        wake_at_the_end_of_the_thread(waker);
        wake_at_the_end_of_the_thread(other.clone());
        let last_words = WakesOnDrop(other);
        drop(executor.spawn(async move {
            send.send(()).unwrap();
            drop(last_words);
        }));
        LAST_EXECUTOR.set(Some(executor));
    })
    .join()
    .unwrap();
    // The task was dropped before it was polled.
    assert!(receive.recv().is_err());
}

#[test]
fn executor_runs_in_a_thread_locals_destructor() {
    struct RunsOnDrop(mpsc::Sender<u32>);
    impl Drop for RunsOnDrop {
        fn drop(&mut self) {
            let output = Executor::with_virtual_time().unwrap().block_on(async {
                yield_now().await;
                spawn(async { 7 }).await.unwrap()
            });
            self.0.send(output).unwrap();
        }
    }
    thread_local!(static RUNS: RefCell<Option<RunsOnDrop>> = const { RefCell::new(None) });

    let (send, receive) = mpsc::channel();
    thread::spawn(move || RUNS.set(Some(RunsOnDrop(send))))
        .join()
        .unwrap();
    assert_eq!(receive.recv(), Ok(7));
}
