//! Where do its tasks behave differently from those of step 8?

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use step5_executor::{Executor, spawn, yield_now};
use testing::foreign::{self, turns};
use testing::gate::Gate;
use testing::log::{Log, on_drop};

#[test]
fn an_abort_between_block_ons_is_for_the_next() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let tasks = ["a", "b"].map(|name| {
        let guard = log.guard(name);
        executor.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        })
    });
    executor.block_on(yield_now());
    tasks[0].abort();
    tasks[1].abort_handle().abort();
    assert!(!tasks[0].is_finished());
    executor.block_on(yield_now());
    assert_eq!(log.take(), ["a dropped", "b dropped"]);
    for task in tasks {
        assert!(executor.block_on(task).unwrap_err().is_cancelled());
    }
}

#[test]
fn an_abort_from_another_executor_is_for_later() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let other = Executor::with_virtual_time().unwrap();
    let guard = log.guard("task");
    let task = executor.spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    });
    executor.block_on(yield_now());
    // It has the same id in its own executor.
    let neighbour = other.spawn(pending::<()>());
    assert_eq!(neighbour.id(), task.id());
    other.block_on(async {
        task.abort();
        turns(2).await;
    });
    assert!(log.take().is_empty() && !neighbour.is_finished());
    assert!(executor.block_on(task).unwrap_err().is_cancelled());
    assert_eq!(log.take(), ["task dropped"]);
}

#[test]
fn a_waker_of_an_earlier_main_wakes_no_later_one() {
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
    assert_eq!(gate.polls(), 2);
}

#[test]
fn what_guards_spawn_is_dropped_too() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let late = Rc::new(RefCell::new(None));
    let (seen, handle) = (log.clone(), late.clone());
    let spawn_late = on_drop(move || {
        let guard = seen.guard("spawned by a guard");
        handle.replace(Some(spawn(async move { drop(guard) })));
    });
    drop(executor.spawn(async move {
        let _guard = spawn_late;
        pending::<()>().await;
    }));
    let neighbour = log.guard("neighbour");
    drop(executor.spawn(async move {
        let _guard = neighbour;
        pending::<()>().await;
    }));
    executor.block_on(yield_now());
    drop(executor);
    let expected = ["neighbour dropped", "spawned by a guard dropped"];
    assert_eq!(log.take(), expected);
    let late = foreign::block_on(late.take().unwrap());
    assert!(late.unwrap_err().is_cancelled());
}
