//! What happens to a task that is aborted, in whichever state it is? It is dropped where it stands.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{
    AbortHandle, Executor, JoinHandle, block_on, now, sleep, spawn, yield_now,
};
use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::watchdog;

use crate::support::{MAIN, recorded, recorded_on_real_clock};

/// Runs a main future under virtual time, so that a wait without an end is a panic.
fn run<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

/// Spawns this with a guard, lets it run for some turns, aborts it twice, and asserts what must
/// hold in any state.
fn abort_after<F: Future + 'static>(turns: usize, future: F, story: &str) {
    let (executor, recorder) = recorded_on_real_clock();
    let log = Log::default();
    executor.block_on(async {
        let guard = log.guard("task");
        let task = spawn(async move {
            let _guard = guard;
            future.await;
        });
        for _ in 0..turns {
            yield_now().await;
        }
        task.abort();
        assert_eq!(
            log.take(),
            ["task dropped"],
            "it is dropped before `abort` returns"
        );
        assert!(task.is_finished());
        task.abort();
        task.abort_handle().abort();
        let id = task.id();
        assert!(task.await.unwrap_err().is_cancelled());
        yield_now().await;
        assert_eq!(recorder.story(id), story);
    });
    assert!(log.take().is_empty());
}

// --- By its handle ---

#[test]
fn before_its_first_poll() {
    abort_after(0, pending::<()>(), "spawned woken cancelled");
}

#[test]
fn while_it_waits() {
    abort_after(
        1,
        pending::<()>(),
        "spawned woken resumed suspended cancelled",
    );
}

#[test]
fn while_it_is_ready() {
    abort_after(
        2,
        yield_often(),
        "spawned woken resumed woken suspended resumed woken suspended cancelled",
    );
}

async fn yield_often() {
    for _ in 0..10_000 {
        yield_now().await;
    }
}

#[test]
fn while_it_sleeps() {
    abort_after(
        1,
        sleep_for(Duration::from_secs(3)),
        "spawned woken resumed suspended cancelled",
    );
}

async fn sleep_for(duration: Duration) {
    sleep(duration).await;
}

#[test]
fn the_timer_of_an_aborted_sleeper_is_gone() {
    run(async {
        let task = spawn(sleep_for(Duration::from_secs(3)));
        yield_now().await;
        task.abort();
        let start = now();
        sleep(Duration::from_secs(9)).await;
        assert_eq!(now() - start, Duration::from_secs(9));
    });
}

#[test]
fn while_it_waits_for_a_socket() {
    let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let receive = async move { socket.recv_from(&mut [0]).await.map(drop) };
    abort_after(1, receive, "spawned woken resumed suspended cancelled");
}

#[test]
fn while_it_joins_another() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let gate = Gate::default();
        let joined = spawn(gate.clone().wait());
        let abort_joined = joined.abort_handle();
        let joiner = spawn(async move { joined.await.unwrap() });
        yield_now().await;
        joiner.abort();
        // The other one continues: its handle was dropped, so it is detached.
        gate.open();
        yield_now().await;
        assert_eq!(gate.polls(), 2);
        assert!(joiner.await.unwrap_err().is_cancelled());
        abort_joined.abort();
        assert_eq!(recorder.order("cancelled"), [2]);
    });
}

#[test]
fn while_another_joins_it() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let joined = spawn(pending::<()>());
        let abort_handle = joined.abort_handle();
        let joiner = spawn(async move { joined.await.unwrap_err().is_cancelled() });
        yield_now().await;
        abort_handle.abort();
        let id = joiner.id();
        assert!(joiner.await.unwrap());
        assert_eq!(recorder.resumes(id), 2);
    });
}

#[test]
fn after_it_has_finished() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(async { 7 });
        yield_now().await;
        task.abort();
        task.abort_handle().abort();
        let id = task.id();
        assert_eq!(task.await.unwrap(), 7);
        assert_eq!(recorder.story(id), "spawned woken resumed finished");
    });
}

#[test]
fn after_it_has_panicked() {
    run(async {
        let task = spawn(async { panic!("oh") });
        yield_now().await;
        task.abort();
        assert!(task.await.unwrap_err().is_panic());
    });
}

// --- By itself, while it is polled ---

/// How a task gets at its own handle.
type Own = Rc<RefCell<Option<JoinHandle<u32>>>>;

/// Spawns a task that aborts itself by `abort` in its second poll, in the middle of it, then waits
/// `waits` times and returns 7.
async fn aborts_itself(log: &Log, waits: usize, abort: fn(&JoinHandle<u32>)) -> JoinHandle<u32> {
    let (own, seen, guard) = (Own::default(), log.clone(), log.guard("task"));
    let handle = own.clone();
    let task = spawn(async move {
        let _guard = guard;
        yield_now().await;
        abort(handle.borrow().as_ref().unwrap());
        seen.add("continues");
        for _ in 0..waits {
            yield_now().await;
            seen.add("must not continue");
        }
        7
    });
    own.replace(Some(task));
    for _ in 0..3 {
        yield_now().await;
    }
    own.take().unwrap()
}

#[test]
fn by_itself_it_is_dropped_when_it_next_waits() {
    for abort in [JoinHandle::abort, |task: &JoinHandle<u32>| {
        task.abort_handle().abort()
    }] {
        let (executor, recorder) = recorded();
        let log = Log::default();
        executor.block_on(async {
            let task = aborts_itself(&log, 1, abort).await;
            assert_eq!(log.take(), ["continues", "task dropped"]);
            let id = task.id();
            assert!(task.await.unwrap_err().is_cancelled());
            assert_eq!(
                recorder.story(id),
                "spawned woken resumed woken suspended resumed woken suspended cancelled"
            );
        });
    }
}

#[test]
fn self_abort_without_a_wait_finishes() {
    for abort in [JoinHandle::abort, |task: &JoinHandle<u32>| {
        task.abort_handle().abort()
    }] {
        let log = Log::default();
        run(async {
            let task = aborts_itself(&log, 0, abort).await;
            assert_eq!(log.take(), ["continues", "task dropped"]);
            assert_eq!(task.await.unwrap(), 7);
        });
    }
}

#[test]
fn by_itself_twice_is_once() {
    let log = Log::default();
    run(async {
        let abort = |task: &JoinHandle<u32>| {
            task.abort();
            task.abort();
            task.abort_handle().abort();
        };
        let task = aborts_itself(&log, 1, abort).await;
        assert_eq!(log.take(), ["continues", "task dropped"]);
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn by_itself_and_then_a_panic_is_a_panic() {
    let log = Log::default();
    run(async {
        let abort = |task: &JoinHandle<u32>| {
            task.abort();
            panic!("oh");
        };
        let task = aborts_itself(&log, 1, abort).await;
        assert!(task.await.unwrap_err().is_panic());
    });
}

#[test]
fn main_may_abort_all_but_itself() {
    run(async {
        let mut tasks: Vec<_> = (0..100).map(|_| spawn(pending::<()>())).collect();
        tasks.push(spawn(yield_often()));
        yield_now().await;
        tasks.iter().for_each(JoinHandle::abort);
        for task in tasks {
            assert!(task.await.unwrap_err().is_cancelled());
        }
    });
}

// --- From other threads and executors ---

#[test]
fn between_two_block_ons_by_its_handle_at_once() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let guard = log.guard("task");
    let task = executor.spawn(async move { drop(guard) });
    task.abort();
    assert_eq!(log.take(), ["task dropped"]);
    assert!(executor.block_on(task).unwrap_err().is_cancelled());
}

#[test]
fn between_block_ons_it_is_done_before_the_next() {
    let (executor, recorder) = recorded();
    let task = executor.spawn(async { 7 });
    task.abort_handle().abort();
    assert!(!task.is_finished());
    executor.block_on(async {});
    assert_eq!(recorder.story(task.id()), "spawned woken cancelled");
    assert!(executor.block_on(task).unwrap_err().is_cancelled());
}

#[test]
fn from_another_executors_task() {
    let log = Log::default();
    let (executor, other) = (
        Executor::with_virtual_time().unwrap(),
        Executor::with_virtual_time().unwrap(),
    );
    let (a, b) = (log.guard("a"), log.guard("b"));
    let by_handle = executor.spawn(async move {
        let _guard = a;
        pending::<()>().await;
    });
    let by_abort_handle = executor.spawn(async move {
        let _guard = b;
        pending::<()>().await;
    });
    // They have the same numbers, except for the executor's.
    let neighbours = [other.spawn(pending::<()>()), other.spawn(pending::<()>())];
    other.block_on(async {
        by_handle.abort();
        by_abort_handle.abort_handle().abort();
        assert_eq!(log.take(), ["a dropped"]);
        yield_now().await;
    });
    assert!(neighbours.iter().all(|neighbour| !neighbour.is_finished()));
    assert!(
        executor
            .block_on(by_abort_handle)
            .unwrap_err()
            .is_cancelled()
    );
    assert_eq!(log.take(), ["b dropped"]);
}

/// The executor is parked, and nothing else would wake it.
#[test]
fn from_another_thread_while_the_executor_waits() {
    watchdog::within_a_minute(|| {
        block_on(async {
            for _ in 0..100 {
                let task = spawn(pending::<()>());
                let handle = task.abort_handle();
                let thread = thread::spawn(move || handle.abort());
                assert!(task.await.unwrap_err().is_cancelled());
                thread.join().unwrap();
            }
        });
    });
}

#[test]
fn from_another_thread_while_the_task_is_polled() {
    watchdog::within_a_minute(|| {
        let (send, receive) = mpsc::channel::<AbortHandle>();
        block_on(async move {
            let task = spawn(async move {
                let handle = receive.recv().unwrap();
                thread::spawn(move || handle.abort()).join().unwrap();
                pending::<()>().await;
            });
            send.send(task.abort_handle()).unwrap();
            assert!(task.await.unwrap_err().is_cancelled());
        });
    });
}

/// The guards run on the executor's thread, because futures need not be `Send`.
#[test]
fn from_another_thread_it_is_dropped_on_its_own() {
    watchdog::within_a_minute(|| {
        let here = thread::current().id();
        let dropped = Rc::new(Cell::new(None));
        block_on(async {
            let seen = dropped.clone();
            let task = spawn(async move {
                let _guard = on_drop(move || seen.set(Some(thread::current().id())));
                pending::<()>().await;
            });
            yield_now().await;
            let handle = task.abort_handle();
            thread::spawn(move || handle.abort());
            assert!(task.await.unwrap_err().is_cancelled());
        });
        assert_eq!(dropped.get(), Some(here));
    });
}

// --- Too late ---

#[test]
fn an_abort_handle_may_outlive_its_executor() {
    let executor = Executor::with_virtual_time().unwrap();
    let handle = executor.spawn(pending::<()>()).abort_handle();
    drop(executor);
    handle.abort();
    thread::spawn(move || handle.abort()).join().unwrap();
}

#[test]
fn stale_handle_spares_the_next_in_its_slot() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let mut old = Vec::<AbortHandle>::new();
        for _ in 0..100 {
            let task = spawn(yield_now());
            old.iter().for_each(AbortHandle::abort);
            let late = old.clone();
            thread::spawn(move || late.iter().for_each(AbortHandle::abort))
                .join()
                .unwrap();
            old.push(task.abort_handle());
            task.await.unwrap();
        }
        assert!(recorder.order("cancelled").is_empty());
    });
}

/// Numbers of executors are used again, those of tasks begin anew in each.
#[test]
fn stale_handle_spares_another_executors_task() {
    let executor = Executor::with_virtual_time().unwrap();
    let old = executor.spawn(pending::<()>()).abort_handle();
    drop(executor);
    for _ in 0..1_000 {
        let executor = Executor::with_virtual_time().unwrap();
        let task = executor.spawn(async {
            yield_now().await;
            yield_now().await;
            7
        });
        old.abort();
        let output = executor.block_on(async {
            old.abort();
            task.await
        });
        assert_eq!(output.unwrap(), 7);
    }
}

#[test]
fn handles_are_equal_if_they_are_of_one_task() {
    run(async {
        let (a, b) = (spawn(async {}), spawn(async {}));
        assert_eq!(a.abort_handle(), a.abort_handle());
        assert_ne!(a.abort_handle(), b.abort_handle());
        assert_eq!((a.id().0, b.id().0), (1, 2));
        assert_ne!(a.id(), MAIN);
    });
}

#[test]
fn abort_handles_go_to_other_threads() {
    fn assert_shareable<T: Copy + Send + Sync + 'static>() {}
    assert_shareable::<AbortHandle>();
}

/// A wake that comes with the abort: a task that is gone is not polled any more.
#[test]
fn woken_and_aborted_task_is_not_polled() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let gate = Gate::default();
        let task = spawn(gate.clone().wait());
        yield_now().await;
        gate.open();
        task.abort();
        yield_now().await;
        assert_eq!(gate.polls(), 1);
        assert_eq!(
            recorder.story(task.id()),
            "spawned woken resumed suspended woken cancelled"
        );
    });
}

#[test]
fn aborted_task_that_wakes_itself_is_not_polled() {
    run(async {
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        let waker = Rc::new(RefCell::new(None));
        let seen = waker.clone();
        let guard = on_drop(move || {
            if let Some(waker) = waker.take() {
                std::task::Waker::wake(waker);
            }
        });
        let task = spawn(poll_fn(move |cx| -> Poll<()> {
            _ = &guard;
            count.set(count.get() + 1);
            seen.replace(Some(cx.waker().clone()));
            Poll::Pending
        }));
        yield_now().await;
        task.abort();
        yield_now().await;
        assert_eq!(polls.get(), 1);
    });
}
