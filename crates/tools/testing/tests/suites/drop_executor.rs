//! What becomes of the tasks of an executor that is dropped?
#![expect(
    clippy::async_yields_async,
    reason = "what is awaited later leaves the executor here"
)]

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::io;
use std::os::fd::RawFd;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use step4_select::{Direction, Event, Select, Selector};
use testing::foreign::{self, Counter, poll_with, turns};
use testing::gate::Gate;
use testing::log::{Guard, Log, on_drop};
use testing::panic_message;
use testing::recorder::Recorder;

use crate::executor::{
    Executor, JoinHandle, Sleep, block_on, hold_clock, sleep, spawn, timeout, yield_now,
};
use crate::suites::support::{SECOND, spawn_waiting, udp};

/// Adds a guard to a future.
async fn guarded<F: Future>(log: Log, name: &'static str, future: F) -> F::Output {
    let _guard = log.guard(name);
    future.await
}

fn assert_cancelled<T>(task: JoinHandle<T>) {
    assert!(task.is_finished());
    assert!(foreign::block_on(task).is_err_and(|error| error.is_cancelled()));
}

/// Promise (tasks): A scheduler or an executor that is dropped drops its tasks in the order of
/// spawning.
#[test]
fn tasks_are_dropped_in_the_order_of_spawning() {
    let log = Log::default();
    let executor = Executor::new().unwrap();
    let socket = udp();
    let mut tasks: Vec<JoinHandle<()>> = executor.block_on(async {
        let gate = Gate::default();
        let joined = spawn(pending::<()>());
        let sleeping = async { sleep(3 * SECOND).await };
        let receiving = async move { drop(socket.recv_from(&mut [0]).await) };
        let tasks = vec![
            spawn(guarded(log.clone(), "waiting", pending())),
            spawn(guarded(log.clone(), "sleeping", sleeping)),
            spawn(guarded(log.clone(), "receiving", receiving)),
            spawn(guarded(log.clone(), "joining", async {
                drop(joined.await)
            })),
            spawn(guarded(log.clone(), "woken", gate.clone().wait())),
            spawn(guarded(log.clone(), "yielding", turns(10_000))),
        ];
        yield_now().await;
        gate.open();
        tasks
    });
    let guard = log.guard("not started");
    tasks.push(executor.spawn(async move { drop(guard) }));
    drop(executor);
    let states = [
        "waiting",
        "sleeping",
        "receiving",
        "joining",
        "woken",
        "yielding",
        "not started",
    ];
    assert_eq!(log.take(), states.map(|state| format!("{state} dropped")));
    tasks.into_iter().for_each(assert_cancelled);
}

/// A later task has the row of an earlier one.
#[test]
fn reused_rows_do_not_change_the_order() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        let mut tasks: Vec<_> = (0..10).map(|_| spawn(pending::<()>())).collect();
        for i in [0, 7, 3, 9, 1] {
            tasks[i].abort();
            tasks.push(spawn(pending()));
        }
    });
    drop(executor);
    let expected = [1, 8, 4, 10, 2, 3, 5, 6, 7, 9, 11, 12, 13, 14, 15];
    assert_eq!(recorder.order("cancelled"), expected);
}

#[test]
fn outputs_stay_with_their_handles() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let (seen, detached) = (log.clone(), log.clone());
    let task = executor.spawn(async move { (7, seen.guard("output")) });
    let panicked = executor.spawn(async { panic!("oh") });
    drop(executor.spawn(async move { detached.guard("detached output") }));
    executor.block_on(yield_now());
    drop(executor);
    log.add("executor dropped");
    let (output, guard) = foreign::block_on(task).unwrap();
    assert_eq!(output, 7);
    drop(guard);
    assert!(foreign::block_on(panicked).unwrap_err().is_panic());
    let expected = [
        "detached output dropped",
        "executor dropped",
        "output dropped",
    ];
    assert_eq!(log.take(), expected);
}

#[test]
fn a_joiner_in_another_executor_learns_of_it() {
    let executor = Executor::with_virtual_time().unwrap();
    let other = Executor::with_virtual_time().unwrap();
    let task = executor.spawn(pending::<()>());
    let joiner = other.spawn(task);
    other.block_on(yield_now());
    drop(executor);
    let outcome = other.block_on(joiner).unwrap();
    assert!(outcome.unwrap_err().is_cancelled());
}

#[test]
fn an_executor_may_be_dropped_inside_of_another() {
    let executor = Executor::with_virtual_time().unwrap();
    let task = executor.spawn(pending::<()>());
    Executor::with_virtual_time().unwrap().block_on(async {
        let joiner = spawn(task);
        yield_now().await;
        drop(executor);
        assert!(joiner.await.unwrap().unwrap_err().is_cancelled());
        // This one is still entered.
        assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
    });
}

#[test]
fn a_task_that_is_woken_meanwhile_is_not_polled() {
    let executor = Executor::with_virtual_time().unwrap();
    let gate = Gate::default();
    let opener = gate.clone();
    let guard = on_drop(move || opener.open());
    let first = executor.spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    });
    let second = executor.spawn(gate.clone().wait());
    executor.block_on(yield_now());
    drop(executor);
    assert_cancelled(first);
    assert_cancelled(second);
    assert_eq!(gate.polls(), 1);
}

#[test]
fn wakes_from_a_thread_meanwhile_do_no_harm() {
    let executor = Executor::with_virtual_time().unwrap();
    let (task, gate) = executor.block_on(spawn_waiting());
    let (waker, is_over) = (gate.waker(), Arc::new(AtomicBool::new(false)));
    let over = is_over.clone();
    let thread = thread::spawn(move || {
        while !over.load(Ordering::Relaxed) {
            waker.wake_by_ref();
        }
    });
    drop(executor);
    is_over.store(true, Ordering::Relaxed);
    thread.join().unwrap();
    assert_cancelled(task);
    assert_eq!(gate.polls(), 1);
}

#[test]
fn guards_may_use_the_executor() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let seen = log.clone();
    let guard = on_drop(move || {
        drop((sleep(SECOND), timeout(SECOND, async {}), hold_clock()));
        seen.add(panic_message::of(|| block_on(async {})));
    });
    drop(executor.spawn(async move { drop(guard) }));
    drop(executor);
    let [message] = &log.take()[..] else {
        panic!("the guard has run once");
    };
    assert!(message.contains("await the future"), "{message}");
}

// --- What outlives it ---

/// Makes a sleep, and polls it once.
fn waiting_sleep(executor: &Executor) -> Sleep {
    let (_, waker) = Counter::new();
    let mut sleep = executor.block_on(async { sleep(SECOND) });
    assert!(poll_with(Pin::new(&mut sleep), &waker).is_pending());
    sleep
}

/// It would wait for a clock that no executor looks at any more.
#[test]
fn a_sleep_that_outlives_it_panics_when_polled() {
    let executor = Executor::with_virtual_time().unwrap();
    let fresh = executor.block_on(async { sleep(SECOND) });
    let waiting = waiting_sleep(&executor);
    let forever = executor.block_on(async { sleep(Duration::MAX) });
    drop(executor);
    for sleep in [fresh, waiting, forever] {
        let message = panic_message::of(|| foreign::block_on(sleep));
        assert!(message.starts_with("the executor of a sleep was dropped"));
    }
}

#[test]
fn a_sleep_that_outlives_it_fails_its_task_alone() {
    let gone = Executor::new().unwrap();
    let sleep = gone.block_on(async { sleep(SECOND) });
    let error = block_on(async move {
        let waiting = spawn(sleep);
        yield_now().await;
        drop(gone);
        // The task does not learn of that: its timer is gone. But it can be polled again.
        waiting.abort();
        waiting.await.unwrap_err()
    });
    assert!(error.is_cancelled());
}

#[test]
fn a_sleep_that_outlives_it_may_be_dropped() {
    let executor = Executor::with_virtual_time().unwrap();
    let (counter, waker) = Counter::new();
    let mut sleep = executor.block_on(async { sleep(SECOND) });
    assert!(poll_with(Pin::new(&mut sleep), &waker).is_pending());
    drop(waker);
    assert_eq!(Arc::strong_count(&counter), 2);
    drop(executor);
    assert_eq!(Arc::strong_count(&counter), 1, "the waker is gone");
    drop(sleep);
}

#[test]
fn a_hold_of_the_clock_may_outlive_it() {
    let executor = Executor::with_virtual_time().unwrap();
    let hold = executor.block_on(async { hold_clock() });
    drop(executor);
    thread::spawn(move || drop(hold)).join().unwrap();
}

// --- Nothing is left ---

#[test]
fn two_tasks_that_hold_each_other_are_dropped() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let other = Rc::new(RefCell::new(None::<JoinHandle<()>>));
    let others = other.clone();
    let a = executor.spawn(guarded(log.clone(), "a", async move {
        pending::<()>().await;
        drop(others);
    }));
    let join_a = async move { a.await.unwrap() };
    let b = executor.spawn(guarded(log.clone(), "b", join_a));
    other.replace(Some(b));
    drop(other);
    executor.block_on(yield_now());
    drop(executor);
    assert_eq!(log.take(), ["a dropped", "b dropped"]);
}

/// A handle that is kept does not keep the selector's descriptors.
#[test]
fn the_selector_is_dropped_with_its_executor() {
    struct Guarded(Select, #[expect(dead_code, reason = "it is dropped")] Guard);
    impl Selector for Guarded {
        fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
            self.0.arm(fd, direction)
        }
        fn disarm(&mut self, fd: RawFd, direction: Direction) {
            self.0.disarm(fd, direction);
        }
        fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
            self.0.wait(timeout, events)
        }
    }
    let log = Log::default();
    let selector = Guarded(Select::new().unwrap(), log.guard("selector"));
    let executor = Executor::with_selector(selector).unwrap();
    let task = executor.spawn(pending::<()>());
    drop(executor);
    assert_eq!(log.take(), ["selector dropped"]);
    drop(task);
}

#[test]
fn no_future_and_no_output_leaks() {
    let living = Rc::new(Cell::new(()));
    let executor = Executor::with_virtual_time().unwrap();
    for i in 0..100 {
        let held = living.clone();
        let task = executor.spawn(poll_fn(move |_| {
            if i % 2 == 0 {
                Poll::Ready(held.clone())
            } else {
                Poll::Pending
            }
        }));
        if i % 3 == 0 {
            drop(task);
        } else {
            let held = living.clone();
            drop(executor.spawn(async move {
                let output = task.await;
                drop(held);
                drop(output);
            }));
        }
    }
    executor.block_on(yield_now());
    drop(executor);
    assert_eq!(Rc::strong_count(&living), 1);
}

/// What a guard spawns is dropped while the executor still counts as running, so its guards may
/// spawn, too.
#[test]
fn guards_of_what_a_guard_spawns_may_spawn() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let (first, second) = (log.clone(), log.clone());
    let inner = on_drop(move || {
        second.add("second");
        drop(spawn(async {}));
    });
    let outer = on_drop(move || {
        first.add("first");
        drop(spawn(async move {
            let _inner = inner;
            pending::<()>().await;
        }));
    });
    drop(executor.spawn(async move {
        let _outer = outer;
        pending::<()>().await;
    }));
    executor.block_on(yield_now());
    drop(executor);
    assert_eq!(log.take(), ["first", "second"]);
}
