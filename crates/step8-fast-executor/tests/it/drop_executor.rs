//! What becomes of the tasks of an executor that is dropped? They are dropped in the order of
//! spawning, whatever they do.
#![expect(
    clippy::async_yields_async,
    reason = "what is awaited later goes out of an executor here"
)]

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::io;
use std::os::fd::RawFd;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use step4_select::{Direction, Event, Select, Selector};
use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{Executor, JoinHandle, sleep, spawn, yield_now};
use testing::foreign::Counter;
use testing::gate::Gate;
use testing::log::{Guard, Log, on_drop};
use testing::{foreign, panic_message};

use crate::support::recorded;

/// Adds a guard to a future.
async fn guarded<F: Future>(log: Log, name: &'static str, future: F) -> F::Output {
    let _guard = log.guard(name);
    future.await
}

fn assert_cancelled<T>(task: JoinHandle<T>) {
    assert!(task.is_finished());
    assert!(foreign::block_on(task).is_err_and(|error| error.is_cancelled()));
}

#[test]
fn tasks_go_in_order_of_spawning() {
    let log = Log::default();
    let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let executor = Executor::new().unwrap();
    let tasks: Vec<JoinHandle<()>> = executor.block_on(async {
        let gate = Gate::default();
        let pending_task = spawn(pending::<()>());
        let tasks = vec![
            spawn(guarded(log.clone(), "waiting", pending())),
            spawn(guarded(log.clone(), "sleeping", async {
                sleep(Duration::from_secs(3)).await
            })),
            spawn(guarded(log.clone(), "receiving", async move {
                drop(socket.recv_from(&mut [0]).await)
            })),
            spawn(guarded(log.clone(), "joining", async {
                drop(pending_task.await)
            })),
            spawn(guarded(log.clone(), "woken", gate.clone().wait())),
            spawn(guarded(log.clone(), "yielding", async {
                for _ in 0..10_000 {
                    yield_now().await;
                }
            })),
        ];
        yield_now().await;
        gate.open();
        tasks
    });
    let log_guard = log.guard("not started");
    let not_started = executor.spawn(async move { drop(log_guard) });
    log.add("---");
    drop(executor);
    assert_eq!(
        log.take(),
        [
            "---",
            "waiting dropped",
            "sleeping dropped",
            "receiving dropped",
            "joining dropped",
            "woken dropped",
            "yielding dropped",
            "not started dropped"
        ]
    );
    tasks.into_iter().for_each(assert_cancelled);
    assert_cancelled(not_started);
}

/// The youngest task has the place of the oldest in the table.
#[test]
fn reused_slots_do_not_change_the_order() {
    let log = Log::default();
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let mut tasks: Vec<_> = (0..10).map(|_| spawn(pending::<()>())).collect();
        for place in [0, 7, 3, 9, 1] {
            tasks[place].abort();
            let guard = log.guard(format!("in the place of {place}"));
            tasks.push(spawn(async move {
                let _guard = guard;
                pending::<()>().await;
            }));
        }
    });
    drop(executor);
    assert_eq!(
        recorder.order("cancelled"),
        [1, 8, 4, 10, 2, 3, 5, 6, 7, 9, 11, 12, 13, 14, 15]
    );
    assert_eq!(
        log.take(),
        [0, 7, 3, 9, 1].map(|place| format!("in the place of {place} dropped"))
    );
}

#[test]
fn outputs_stay_with_their_handles() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let seen = log.clone();
    let task = executor.spawn(async move { (7, seen.guard("output")) });
    let detached = log.clone();
    drop(executor.spawn(async move { detached.guard("detached output") }));
    executor.block_on(yield_now());
    drop(executor);
    log.add("executor dropped");
    assert!(task.is_finished());
    let (output, guard) = foreign::block_on(task).unwrap();
    assert_eq!(output, 7);
    drop(guard);
    assert_eq!(
        log.take(),
        [
            "detached output dropped",
            "executor dropped",
            "output dropped"
        ]
    );
}

#[test]
fn panic_stays_with_its_handle() {
    let executor = Executor::with_virtual_time().unwrap();
    let task = executor.spawn(async { panic!("oh") });
    executor.block_on(yield_now());
    drop(executor);
    assert!(foreign::block_on(task).unwrap_err().is_panic());
}

#[test]
fn an_executor_that_never_ran_drops_its_tasks() {
    let log = Log::default();
    let executor = Executor::new().unwrap();
    for name in ["a", "b"] {
        let guard = log.guard(name);
        drop(executor.spawn(async move { drop(guard) }));
    }
    drop(executor);
    assert_eq!(log.take(), ["a dropped", "b dropped"]);
}

#[test]
fn foreign_joiner_learns_of_it() {
    let (executor, other) = (
        Executor::with_virtual_time().unwrap(),
        Executor::with_virtual_time().unwrap(),
    );
    let task = executor.spawn(pending::<()>());
    let joiner = other.spawn(task);
    other.block_on(yield_now());
    drop(executor);
    assert!(other.block_on(joiner).unwrap().unwrap_err().is_cancelled());
}

#[test]
fn dropped_in_another_executor_it_wakes_joiners() {
    let other = Executor::with_virtual_time().unwrap();
    let executor = Executor::with_virtual_time().unwrap();
    let task = executor.spawn(pending::<()>());
    other.block_on(async {
        let joiner = spawn(task);
        yield_now().await;
        drop(executor);
        assert!(joiner.await.unwrap().unwrap_err().is_cancelled());
        // This one is still entered.
        assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
    });
}

#[test]
fn task_woken_meanwhile_is_dropped() {
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
fn task_woken_by_a_thread_meanwhile_is_dropped() {
    let executor = Executor::with_virtual_time().unwrap();
    let gate = Gate::default();
    drop(executor.spawn(gate.clone().wait()));
    executor.block_on(yield_now());
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
    assert_eq!(gate.polls(), 1);
}

#[test]
fn task_spawned_meanwhile_is_cancelled_at_once() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let late = Rc::new(RefCell::new(None));
    let (seen, handle) = (log.clone(), late.clone());
    let guard = on_drop(move || {
        let guard = seen.guard("future spawned late");
        let task = spawn(async move { drop(guard) });
        seen.add("spawned");
        task.abort();
        task.abort_handle().abort();
        handle.replace(Some(task));
    });
    drop(executor.spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    }));
    let neighbour = log.guard("neighbour");
    drop(executor.spawn(async move { drop(neighbour) }));
    executor.block_on(async {});
    log.add("---");
    drop(executor);
    // The neighbour ran, and the late one did not.
    assert_eq!(
        log.take(),
        [
            "neighbour dropped",
            "---",
            "future spawned late dropped",
            "spawned"
        ]
    );
    assert_cancelled(late.take().unwrap());
}

#[test]
fn a_block_on_meanwhile_is_nested() {
    let executor = Executor::with_virtual_time().unwrap();
    let message = Rc::new(RefCell::new(String::new()));
    let seen = message.clone();
    let guard = on_drop(move || {
        seen.replace(panic_message::of(
            || step8_fast_executor::block_on(async {}),
        ));
    });
    drop(executor.spawn(async move { drop(guard) }));
    drop(executor);
    assert!(
        message
            .borrow()
            .starts_with("block_on was called inside of block_on"),
        "{}",
        message.borrow()
    );
}

/// A sleep that is polled by another executor would wait for a clock that stands still forever.
#[test]
fn a_sleep_that_outlives_it_says_so() {
    let executor = Executor::with_virtual_time().unwrap();
    let sleep = executor.block_on(async { sleep(Duration::from_secs(1)) });
    drop(executor);
    assert_eq!(
        panic_message::of(|| foreign::block_on(sleep)),
        "the executor of a sleep was dropped, so nothing would ever end it"
    );
}

#[test]
fn sleep_that_was_over_stays_over() {
    let executor = Executor::with_virtual_time().unwrap();
    let (over, still) = executor.block_on(async {
        let mut sleeps = [1, 3].map(|seconds| Box::pin(sleep(Duration::from_secs(seconds))));
        for sleep in &mut sleeps {
            assert!(
                sleep
                    .as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()))
                    .is_pending()
            );
        }
        sleep(Duration::from_secs(2)).await;
        sleeps.into()
    });
    drop(executor);
    foreign::block_on(over);
    assert_eq!(
        panic_message::of(|| foreign::block_on(still)),
        "the executor of a sleep was dropped, so nothing would ever end it"
    );
}

#[test]
fn foreign_sleep_may_be_dropped_later() {
    let executor = Executor::with_virtual_time().unwrap();
    let mut sleep = executor.block_on(async { sleep(Duration::from_secs(1)) });
    let (counter, waker) = Counter::new();
    assert!(
        pin!(&mut sleep)
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    drop(waker);
    assert_eq!(Arc::strong_count(&counter), 2);
    drop(executor);
    assert_eq!(
        Arc::strong_count(&counter),
        1,
        "the executor has let go of the waker"
    );
    drop(sleep);
}

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
    let b = executor.spawn(guarded(log.clone(), "b", async move { a.await.unwrap() }));
    other.replace(Some(b));
    drop(other);
    executor.block_on(yield_now());
    drop(executor);
    assert_eq!(log.take(), ["a dropped", "b dropped"]);
}

/// Its last owner is one of its own tasks, which is aborted.
#[test]
fn dropped_by_its_own_task_it_drops_the_others() {
    let log = Log::default();
    let executor = Rc::new(Executor::with_virtual_time().unwrap());
    let owner = executor.clone();
    let task = executor.spawn(guarded(log.clone(), "owner", async move {
        pending::<()>().await;
        drop(owner);
    }));
    let neighbour = executor.spawn(guarded(log.clone(), "neighbour", pending::<()>()));
    executor.block_on(yield_now());
    drop(executor);
    assert!(log.take().is_empty());
    task.abort();
    assert_eq!(log.take(), ["neighbour dropped", "owner dropped"]);
    assert_cancelled(task);
    assert_cancelled(neighbour);
}

/// A handle that is kept does not keep the selector's descriptors.
#[test]
fn selector_is_dropped_with_its_executor() {
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
fn nothing_leaks() {
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

#[test]
fn foreign_sleep_says_its_executor_is_gone() {
    let gone = Executor::new().unwrap();
    let sleep = gone.block_on(async { step8_fast_executor::sleep(std::time::Duration::MAX) });
    let error = step8_fast_executor::block_on(async move {
        let waiting = step8_fast_executor::spawn(sleep);
        yield_now().await;
        drop(gone);
        waiting.await.unwrap_err()
    });
    let expected =
        "the task panicked: the executor of a sleep was dropped, so nothing would ever end it";
    assert_eq!(error.to_string(), expected);
}
