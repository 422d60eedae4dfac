//! Do tasks come onto an executor from other threads, and their outputs back?

use std::future::Ready;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;

use step5_executor::{Executor, block_on, yield_now};
use step6_toolbox::{Spawner, mpmc, spawn_blocking};
use testing::foreign;
use testing::watchdog::within_a_minute;

/// Promise (toolbox): A task spawned from another thread returns its output there, or an error if
/// its executor is gone.
#[test]
fn a_task_is_spawned_from_another_thread() {
    within_a_minute(|| {
        block_on(async {
            let spawner = Spawner::new();
            let home = thread::current().id();
            let asked = spawn_blocking(move || {
                foreign::block_on(spawner.spawn(async || {
                    let not_send = Rc::new(thread::current().id());
                    yield_now().await;
                    *not_send
                }))
            });
            assert_eq!(asked.await.unwrap().unwrap(), home);
        });
    });
}

#[test]
fn tasks_are_spawned_in_the_order_of_the_calls() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let spawner = Spawner::new();
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut last = None;
        for n in 0..10 {
            let log = Arc::clone(&log);
            last = Some(spawner.spawn(async move || log.lock().unwrap().push(n)));
        }
        last.unwrap().await.unwrap();
        assert!(log.lock().unwrap().iter().copied().eq(0..10));
    });
}

#[test]
fn a_task_runs_though_its_output_is_dropped() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let (sender, receiver) = mpmc::channel(1);
        drop(Spawner::new().spawn(async move || sender.send(7).await));
        assert_eq!(receiver.recv().await, Some(7));
    });
}

#[test]
fn a_panic_of_a_spawned_task_comes_back() {
    block_on(async {
        let spawner = Spawner::new();
        let task = spawner.spawn(async || panic!("oh"));
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!(spawner.spawn(async || 7).await.unwrap(), 7);
    });
}

#[test]
fn an_executor_that_is_gone_is_an_error() {
    let (spawner, begun) = block_on(async {
        let spawner = Spawner::new();
        let begun = spawner.spawn(async || std::future::pending::<()>().await);
        yield_now().await;
        (spawner, begun)
    });
    let late = spawner.spawn(async || ());
    assert!(foreign::block_on(begun).unwrap_err().is_cancelled());
    assert!(foreign::block_on(late).unwrap_err().is_cancelled());
}

/// What is in the channel when the executor ends must not stay there for as long as a thread has a
/// spawner.
///
/// Promise (toolbox): A task spawned from another thread returns its output there, or an error if
/// its executor is gone.
#[test]
fn a_task_that_never_started_is_an_error() {
    let (_spawner, late) = block_on(async {
        let spawner = Spawner::new();
        let late = spawner.spawn(async || ());
        (spawner, late)
    });
    assert!(foreign::block_on(late).unwrap_err().is_cancelled());
}

#[test]
fn a_panic_before_the_future_hurts_no_other() {
    block_on(async {
        let spawner = Spawner::new();
        let task = spawner.spawn(|| -> Ready<()> { panic!("oh") });
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!(spawner.spawn(async || 7).await.unwrap(), 7);
    });
}

/// So a thread that spawns without end starves no task.
#[test]
fn one_task_is_spawned_a_turn() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let spawner = Spawner::new();
        let begun = Arc::new(AtomicUsize::new(0));
        for _ in 0..10 {
            let begun = Arc::clone(&begun);
            drop(spawner.spawn(async move || begun.fetch_add(1, Relaxed)));
        }
        let mut counts = vec![];
        for _ in 0..5 {
            yield_now().await;
            counts.push(begun.load(Relaxed));
        }
        assert_eq!(counts, [0, 1, 2, 3, 4]);
    });
}
