//! When does `block_on` return, and what does it leave behind?
#![expect(
    clippy::async_yields_async,
    reason = "what is awaited later goes out of an executor here"
)]

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, block_on, sleep, spawn, yield_now};
use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::{foreign, panic_message};

use crate::support::{MAIN, recorded};

/// Classic bug: "`block_on` returns early".
#[test]
fn block_on_returns_once_the_future_is_ready() {
    let start = Instant::now();
    let output = block_on(async {
        sleep(Duration::from_millis(50)).await;
        "the output"
    });
    assert_eq!(output, "the output");
    assert!(start.elapsed() >= Duration::from_millis(50));
}

#[test]
fn it_does_not_return_before_what_it_awaits() {
    let polls = Cell::new(0);
    block_on(poll_fn(|cx| {
        polls.set(polls.get() + 1);
        cx.waker().wake_by_ref();
        if polls.get() < 1_000 {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }));
    assert_eq!(polls.get(), 1_000);
}

#[test]
fn the_main_future_may_borrow() {
    let text = String::from("borrowed");
    let mut length = 0;
    block_on(async {
        yield_now().await;
        length = text.len();
    });
    assert_eq!(length, 8);
}

#[test]
fn the_main_future_is_task_zero() {
    let (executor, recorder) = recorded();
    executor.block_on(yield_now());
    assert_eq!(
        recorder.story(MAIN),
        "spawned woken resumed woken suspended resumed finished"
    );
}

#[test]
fn the_free_block_on_drops_what_still_runs() {
    let log = Log::default();
    let task = block_on(async {
        let (waiting, fresh) = (log.guard("waiting"), log.guard("not started"));
        let task = spawn(async move {
            let _guard = waiting;
            pending::<()>().await;
        });
        yield_now().await;
        drop(spawn(async move {
            let _guard = fresh;
        }));
        log.add("the end of main");
        task
    });
    assert_eq!(
        log.take(),
        ["the end of main", "waiting dropped", "not started dropped"]
    );
    assert!(foreign::block_on(task).unwrap_err().is_cancelled());
}

#[test]
fn tasks_that_are_left_run_in_the_next_call() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let seen = log.clone();
    let task = executor.block_on(async {
        let task = spawn(async move {
            seen.add("started");
            sleep(Duration::from_secs(3)).await;
            seen.add("went on");
            7
        });
        yield_now().await;
        task
    });
    assert_eq!(log.take(), ["started"]);
    assert_eq!(executor.block_on(task).unwrap(), 7);
    assert_eq!(log.take(), ["went on"]);
}

#[test]
fn ready_tasks_are_ready_in_the_next_call() {
    let (executor, recorder) = recorded();
    let ids: Vec<_> = executor.block_on(async {
        (0..3)
            .map(|_| spawn(async {}))
            .map(|task| task.id())
            .collect()
    });
    assert_eq!(recorder.order("resumed"), [0]);
    executor.block_on(yield_now());
    assert_eq!(recorder.order("resumed"), [0, 1, 2, 3, 0, 0]);
    assert!(
        ids.into_iter()
            .all(|id| recorder.count("finished", id) == 1)
    );
}

#[test]
fn what_was_spawned_before_runs_before_main() {
    let (executor, recorder) = recorded();
    drop(executor.spawn(async {}));
    drop(executor.spawn(async {}));
    executor.block_on(async {});
    assert_eq!(recorder.order("resumed"), [1, 2, 0]);
}

#[test]
fn a_panic_of_main_leaves_the_executor_usable() {
    let (executor, recorder) = recorded();
    let gate = Gate::default();
    let task = executor.spawn({
        let gate = gate.clone();
        async move {
            gate.wait().await;
            7
        }
    });
    let message = panic_message::of(|| {
        executor.block_on(async {
            yield_now().await;
            panic!("main failed")
        })
    });
    assert_eq!(message, "main failed");
    gate.open();
    assert_eq!(executor.block_on(task).unwrap(), 7);
    assert_eq!(gate.polls(), 2);
    assert_eq!(recorder.order("finished"), [1, 0]);
}

#[test]
fn main_that_panicked_is_not_polled_again() {
    let (executor, recorder) = recorded();
    panic_message::of(|| {
        executor.block_on(poll_fn(|cx| -> Poll<()> {
            cx.waker().wake_by_ref();
            panic!("oh")
        }))
    });
    assert_eq!(executor.block_on(async { 7 }), 7);
    assert_eq!(recorder.resumes(MAIN), 2);
}

/// The earlier main is over, so a spurious wake-up is all that its waker may bring.
#[test]
fn a_waker_of_an_earlier_main_harms_no_later_one() {
    let executor = Executor::with_virtual_time().unwrap();
    let stale = executor.block_on(poll_fn(|cx| Poll::Ready(cx.waker().clone())));
    let gate = Gate::default();
    executor.block_on(async {
        let opener = gate.clone();
        drop(spawn(async move {
            for _ in 0..10 {
                stale.wake_by_ref();
                yield_now().await;
            }
            opener.open();
        }));
        gate.clone().wait().await;
    });
    assert!((2..=12).contains(&gate.polls()), "{} polls", gate.polls());
}

#[test]
fn main_that_is_never_woken_is_a_deadlock() {
    let executor = Executor::with_virtual_time().unwrap();
    drop(executor.spawn(pending::<()>()));
    assert_eq!(
        panic_message::of(|| executor.block_on(pending::<()>())),
        "deadlock: nothing can wake main, task 1"
    );
    assert_eq!(executor.block_on(async { 7 }), 7);
}

/// A future written by hand, which spawns when it is dropped.
struct SpawnsOnDrop {
    is_ready: bool,
    has_spawned: Rc<Cell<bool>>,
}

impl Future for SpawnsOnDrop {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.is_ready {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl Drop for SpawnsOnDrop {
    fn drop(&mut self) {
        let has_spawned = self.has_spawned.clone();
        drop(spawn(async move { has_spawned.set(true) }));
    }
}

#[test]
fn ready_main_is_dropped_inside() {
    let has_spawned = Rc::new(Cell::new(false));
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(SpawnsOnDrop {
        is_ready: true,
        has_spawned: has_spawned.clone(),
    });
    executor.block_on(yield_now());
    assert!(has_spawned.get());
}

/// Outside, it would panic on top of a panic, which ends the process.
#[test]
fn main_in_deadlock_is_dropped_inside() {
    let has_spawned = Rc::new(Cell::new(false));
    let executor = Executor::with_virtual_time().unwrap();
    let main = SpawnsOnDrop {
        is_ready: false,
        has_spawned: has_spawned.clone(),
    };
    let message = panic_message::of(|| executor.block_on(main));
    assert!(
        message.starts_with("deadlock: nothing can wake main"),
        "{message}"
    );
    executor.block_on(yield_now());
    assert!(has_spawned.get());
}

#[test]
fn guards_of_a_panicking_main_run_inside() {
    let executor = Executor::with_virtual_time().unwrap();
    let has_spawned = Rc::new(Cell::new(false));
    let spawned = has_spawned.clone();
    panic_message::of(|| {
        executor.block_on(async {
            let _guard = on_drop(move || drop(spawn(async move { spawned.set(true) })));
            panic!("oh")
        })
    });
    executor.block_on(yield_now());
    assert!(has_spawned.get());
}

#[test]
fn each_thread_may_have_its_own() {
    let threads: Vec<_> = (0..4)
        .map(|i| {
            std::thread::spawn(move || {
                Executor::with_virtual_time().unwrap().block_on(async move {
                    let tasks: Vec<_> = (0..100)
                        .map(|j| {
                            spawn(async move {
                                yield_now().await;
                                i * j
                            })
                        })
                        .collect();
                    let mut sum = 0;
                    for task in tasks {
                        sum += task.await.unwrap();
                    }
                    sum
                })
            })
        })
        .collect();
    let sums: Vec<u32> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(sums, [0, 4_950, 9_900, 14_850]);
}
