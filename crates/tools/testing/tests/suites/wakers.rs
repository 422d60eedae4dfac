//! From where may a waker be used, and until when? From everywhere, and forever.

use std::cell::RefCell;
use std::future::poll_fn;
use std::sync::mpsc;
use std::task::{Poll, Waker};
use std::thread;

use testing::foreign::turns;
use testing::gate::Gate;
use testing::recorder::Recorder;

use crate::executor::{Executor, JoinHandle, block_on, spawn, yield_now};
use crate::suites::support::{run, spawn_waiting, virtually};

/// Makes an executor on which a task has waited at a gate, and its waker.
fn executor_with_waiting() -> (Executor, JoinHandle<()>, Gate, Waker) {
    let executor = Executor::with_virtual_time().unwrap();
    let (task, gate) = executor.block_on(spawn_waiting());
    let waker = gate.waker();
    (executor, task, gate, waker)
}

// --- After its task ---

/// Promise (wakers): A waker may outlive its task, its executor and its thread, and then does
/// nothing.
///
/// Classic bug: Wake after completion
#[test]
fn a_wake_after_the_end_does_nothing() {
    let recorder = Recorder::new();
    virtually(async {
        let (task, gate) = spawn_waiting().await;
        let (id, stale) = (task.id(), gate.waker());
        gate.open();
        task.await.unwrap();
        stale.wake_by_ref();
        turns(2).await;
        stale.wake();
        turns(2).await;
        assert_eq!(recorder.resumes(id), 2);
    });
}

/// The tasks have the same row of the table, one after the other.
#[test]
fn a_stale_waker_does_not_wake_the_next_task() {
    let recorder = Recorder::new();
    virtually(async {
        let mut stale = Vec::new();
        for _ in 0..100 {
            let (task, gate) = spawn_waiting().await;
            stale.iter().for_each(Waker::wake_by_ref);
            turns(2).await;
            assert_eq!(recorder.resumes(task.id()), 1);
            stale.push(gate.waker());
            gate.open();
            task.await.unwrap();
        }
    });
}

#[test]
fn a_waker_of_an_aborted_task_does_nothing() {
    let recorder = Recorder::new();
    virtually(async {
        let (task, gate) = spawn_waiting().await;
        let stale = gate.waker();
        task.abort();
        stale.wake();
        turns(2).await;
        assert_eq!(recorder.resumes(task.id()), 1);
    });
}

/// The next task has its row, while the queue still has the old task.
#[test]
fn a_wake_in_the_last_poll_reaches_no_next_task() {
    let recorder = Recorder::new();
    virtually(async {
        let task = spawn(poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::Ready(())
        }));
        task.await.unwrap();
        let next = spawn_waiting().await.0;
        turns(2).await;
        assert_eq!(recorder.resumes(next.id()), 1);
    });
}

// --- After its executor ---

/// Promise (wakers): A waker may outlive its task, its executor and its thread, and then does
/// nothing.
#[test]
fn a_waker_may_outlive_executor_and_thread() {
    let waker = thread::spawn(|| executor_with_waiting().3).join().unwrap();
    waker.wake_by_ref();
    let clone = waker.clone();
    thread::spawn(move || waker.wake()).join().unwrap();
    block_on(async move { clone.wake() });
}

#[test]
fn an_old_executors_waker_wakes_in_no_new_one() {
    let (executor, _task, _gate, stale) = executor_with_waiting();
    drop(executor);
    let (executor, task, gate, _) = executor_with_waiting();
    stale.wake_by_ref();
    executor.block_on(async {
        stale.wake();
        turns(3).await;
    });
    assert_eq!((gate.polls(), task.is_finished()), (1, false));
}

// --- From this thread ---

#[test]
fn a_wake_inside_another_executor_is_for_its_own() {
    let (executor, task, gate, _) = executor_with_waiting();
    virtually(async {
        // A task with the same id, in another executor.
        let (neighbour, other_gate) = spawn_waiting().await;
        assert_eq!(neighbour.id(), task.id());
        gate.open();
        turns(2).await;
        assert_eq!((gate.polls(), other_gate.polls()), (1, 1));
    });
    executor.block_on(task).unwrap();
    assert_eq!(gate.polls(), 2);
}

#[test]
fn clones_and_drops_of_wakers_change_nothing() {
    let (executor, task, gate, waker) = executor_with_waiting();
    let clones = vec![waker.clone(); 100];
    assert!(clones.iter().all(|clone| clone.will_wake(&waker)));
    drop(clones);
    executor.block_on(turns(2));
    assert_eq!(gate.polls(), 1);
    drop(waker);
    gate.open();
    executor.block_on(task).unwrap();
}

#[test]
fn wakers_of_two_tasks_differ() {
    virtually(async {
        let ((_a, a), (_b, b)) = (spawn_waiting().await, spawn_waiting().await);
        assert!(!a.waker().will_wake(&b.waker()));
    });
    // Nor are those of two executors the same.
    let (_executor, _task, _gate, a) = executor_with_waiting();
    let (_other, _task, _gate, b) = executor_with_waiting();
    assert!(!a.will_wake(&b));
}

// --- From another thread ---

/// Nothing else would end the executor's wait.
#[test]
fn a_thousand_wakes_end_a_thousand_waits() {
    run(async || {
        let (send, receive) = mpsc::channel::<Waker>();
        let thread = thread::spawn(move || receive.into_iter().for_each(Waker::wake));
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
        drop(send);
        thread.join().unwrap();
    });
}

// --- From the destructor of a thread-local ---

/// Clones the waker, drops the clone and wakes, when it is dropped.
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

/// There the executor's thread is busy, and another executor runs.
#[test]
fn a_wake_in_a_threads_executor_is_for_its_own() {
    run(async || {
        let (task, gate) = spawn_waiting().await;
        let waker = gate.waker();
        let thread = thread::spawn(move || block_on(async move { waker.wake() }));
        // It continues for the second poll, which the thread has asked for.
        while gate.polls() < 2 {
            yield_now().await;
        }
        thread.join().unwrap();
        gate.open();
        task.await.unwrap();
    });
}

#[test]
fn a_wake_at_the_end_of_a_thread_reaches_another() {
    run(async || {
        let mut is_first = true;
        poll_fn(|cx| {
            if std::mem::take(&mut is_first) {
                let waker = cx.waker().clone();
                thread::spawn(move || wake_at_the_end_of_the_thread(waker));
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
    });
}

#[test]
fn a_wake_at_the_end_of_its_thread_is_harmless() {
    let thread = thread::spawn(|| {
        // Made first, so that it is dropped after what an executor might keep there.
        LAST_WORDS.with_borrow(|words| assert!(words.is_empty()));
        let (executor, _task, gate, waker) = executor_with_waiting();
        wake_at_the_end_of_the_thread(waker);
        executor.block_on(yield_now());
        assert_eq!(gate.polls(), 1);
    });
    thread.join().unwrap();
}

/// What is woken, cloned and dropped then are wakers of an executor that is being dropped, and of
/// one that is gone.
#[test]
fn an_executor_may_be_dropped_with_its_thread() {
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

/// The value of the thread that is made first is dropped last.
#[test]
fn an_executor_may_be_a_value_of_its_thread() {
    thread_local!(static OWN: RefCell<Option<Executor>> = const { RefCell::new(None) });

    let thread = thread::spawn(|| {
        OWN.set(Some(Executor::with_virtual_time().unwrap()));
        OWN.with_borrow(|executor| executor.as_ref().unwrap().block_on(async { 7 }))
    });
    assert_eq!(thread.join().unwrap(), 7);
}

#[test]
fn an_executor_runs_at_the_end_of_its_thread() {
    struct RunsOnDrop(mpsc::Sender<u32>);
    impl Drop for RunsOnDrop {
        fn drop(&mut self) {
            let output = virtually(async {
                yield_now().await;
                spawn(async { 7 }).await.unwrap()
            });
            self.0.send(output).unwrap();
        }
    }
    thread_local!(static RUNS: RefCell<Option<RunsOnDrop>> = const { RefCell::new(None) });

    let (send, receive) = mpsc::channel();
    let thread = thread::spawn(move || RUNS.set(Some(RunsOnDrop(send))));
    thread.join().unwrap();
    assert_eq!(receive.recv(), Ok(7));
}
