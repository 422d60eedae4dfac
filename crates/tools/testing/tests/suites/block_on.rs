//! When does `block_on` return, and what does it leave behind?
#![expect(
    clippy::async_yields_async,
    reason = "what is awaited later leaves the executor here"
)]

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Instant;

use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::recorder::Recorder;
use testing::{foreign, panic_message};

use crate::executor::{Executor, TaskId, block_on, sleep, spawn, yield_now};
use crate::suites::support::{MS, SECOND, virtually};

/// Promise (tasks): `block_on` returns the output, and not before there is one.
///
/// Classic bug: `block_on` returns early
#[test]
fn block_on_returns_the_output_and_not_before() {
    let start = Instant::now();
    let output = block_on(async {
        sleep(50 * MS).await;
        "the output"
    });
    assert_eq!(output, "the output");
    assert!(start.elapsed() >= 50 * MS);
}

#[test]
fn main_is_polled_until_it_is_ready() {
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
fn main_may_borrow() {
    let text = String::from("borrowed");
    let mut length = 0;
    block_on(async {
        yield_now().await;
        length = text.len();
    });
    assert_eq!(length, 8);
}

#[test]
fn main_is_task_zero() {
    let recorder = Recorder::new();
    virtually(yield_now());
    let expected = "spawned woken resumed woken suspended resumed finished";
    assert_eq!(recorder.story(TaskId(0)), expected);
}

#[test]
fn the_free_block_on_drops_its_tasks() {
    let log = Log::default();
    let task = block_on(async {
        let (waiting, fresh) = (log.guard("waiting"), log.guard("not started"));
        let task = spawn(async move {
            let _guard = waiting;
            pending::<()>().await;
        });
        yield_now().await;
        drop(spawn(async move { drop(fresh) }));
        log.add("the end of main");
        task
    });
    let expected = ["the end of main", "waiting dropped", "not started dropped"];
    assert_eq!(log.take(), expected);
    assert!(foreign::block_on(task).unwrap_err().is_cancelled());
}

#[test]
fn an_executors_block_on_keeps_the_tasks() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let seen = log.clone();
    let task = executor.block_on(async {
        let task = spawn(async move {
            seen.add("started");
            sleep(3 * SECOND).await;
            seen.add("continued");
            7
        });
        yield_now().await;
        task
    });
    assert_eq!(log.take(), ["started"]);
    assert_eq!(executor.block_on(task).unwrap(), 7);
    assert_eq!(log.take(), ["continued"]);
}

#[test]
fn tasks_that_were_ready_at_the_end_stay_ready() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async { (0..3).for_each(|_| drop(spawn(async {}))) });
    assert_eq!(recorder.order("resumed"), [0]);
    executor.block_on(yield_now());
    assert_eq!(recorder.order("resumed"), [0, 1, 2, 3, 0, 0]);
    assert_eq!(recorder.order("finished"), [0, 1, 2, 3, 0]);
}

/// Main ends in the middle of a round.
#[test]
fn the_rest_of_a_round_comes_first_next_time() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        drop(spawn(async {
            drop(spawn(async {}));
            yield_now().await;
        }));
        yield_now().await;
    });
    assert_eq!(recorder.order("resumed"), [0, 1, 0]);
    executor.block_on(async {});
    assert_eq!(recorder.order("resumed"), [0, 1, 0, 2, 1, 0]);
}

#[test]
fn what_was_spawned_before_runs_before_main() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time().unwrap();
    drop(executor.spawn(async {}));
    drop(executor.spawn(async {}));
    executor.block_on(async {});
    assert_eq!(recorder.order("resumed"), [1, 2, 0]);
}

#[test]
fn a_panic_of_main_leaves_the_executor_usable() {
    let executor = Executor::with_virtual_time().unwrap();
    let gate = Gate::default();
    let waiting = gate.clone();
    let task = executor.spawn(async move {
        waiting.wait().await;
        7
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
}

#[test]
fn a_main_that_panicked_is_not_polled_again() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time().unwrap();
    panic_message::of(|| {
        executor.block_on(poll_fn(|cx| -> Poll<()> {
            cx.waker().wake_by_ref();
            panic!("oh")
        }))
    });
    assert_eq!(executor.block_on(async { 7 }), 7);
    assert_eq!(recorder.resumes(TaskId(0)), 2);
}

/// Promise (tasks): A deadlock is reported by the names of its tasks: as an error in steps 2 to 4,
/// and as a panic on a virtual clock from step 5 on.
#[test]
fn a_deadlock_names_the_tasks() {
    let executor = Executor::with_virtual_time().unwrap();
    drop(executor.spawn(pending::<()>()));
    let message = panic_message::of(|| {
        executor.block_on(async {
            let ended = spawn(async {});
            drop(spawn(pending::<()>()));
            ended.await.unwrap();
            pending::<()>().await;
        })
    });
    let expected = "deadlock: nothing can wake main, task 1, task 3";
    assert_eq!(message, expected);
    // The executor can be used again.
    assert_eq!(executor.block_on(async { 7 }), 7);
}

/// A future that spawns when it is dropped.
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
fn a_ready_main_is_dropped_inside() {
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
fn a_main_in_deadlock_is_dropped_inside_too() {
    let has_spawned = Rc::new(Cell::new(false));
    let executor = Executor::with_virtual_time().unwrap();
    let main = SpawnsOnDrop {
        is_ready: false,
        has_spawned: has_spawned.clone(),
    };
    let message = panic_message::of(|| executor.block_on(main));
    assert_eq!(message, "deadlock: nothing can wake main");
    executor.block_on(yield_now());
    assert!(has_spawned.get());
}

#[test]
fn the_guards_of_a_main_that_panics_run_inside() {
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
fn each_thread_may_have_its_own_executor() {
    let sum_up = |i: u32| async move {
        let turn = |j| async move {
            yield_now().await;
            i * j
        };
        let tasks: Vec<_> = (0..100).map(|j| spawn(turn(j))).collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        sum
    };
    let threads = [0, 1, 2, 3].map(|i| thread::spawn(move || virtually(sum_up(i))));
    let sums = threads.map(|thread| thread.join().unwrap());
    assert_eq!(sums, [0, 4_950, 9_900, 14_850]);
}
