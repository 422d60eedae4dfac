//! What if a panic comes from a destructor, from a payload or from a foreign waker? It ends at most
//! the task in which it happens.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use step8_fast_executor::{Executor, JoinHandle, sleep, spawn, yield_now};
use testing::foreign::waker_of;
use testing::log::{Log, OnDrop, on_drop};
use testing::panic_on_drop::PanicOnDrop;
use testing::{foreign, panic_message};

use crate::support::recorded;

/// Runs a main future under virtual time, so that a wait without an end is a panic.
fn run<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

/// Makes a guard whose drop panics.
fn bomb(text: &'static str) -> OnDrop<impl FnOnce()> {
    on_drop(move || panic!("{text}"))
}

/// Waits forever, and holds the guard meanwhile.
async fn hold<G>(guard: G) {
    let _guard = guard;
    pending::<()>().await;
}

/// Takes the text of a task's panic out of its handle.
async fn text<T>(task: JoinHandle<T>) -> String {
    match task.await {
        Ok(_) => panic!("it did not panic"),
        Err(error) => panic_message::text(&*error.try_into_panic().unwrap()),
    }
}

// --- In a poll ---

// --- In the drop of a future ---

#[test]
fn in_the_drop_of_a_future_that_is_ready() {
    let log = Log::default();
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let (bomb, seen) = (bomb("the drop failed"), log.clone());
        let task = spawn(poll_fn(move |_| {
            _ = &bomb;
            Poll::Ready(seen.guard("output"))
        }));
        let id = task.id();
        assert_eq!(text(task).await, "the drop failed");
        assert_eq!(recorder.story(id), "spawned woken resumed panicked");
        assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
    });
    assert_eq!(log.take(), ["output dropped"]);
}

#[test]
fn in_the_drop_of_a_future_that_is_aborted() {
    let log = Log::default();
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(hold((
            log.guard("before"),
            bomb("the drop failed"),
            log.guard("after"),
        )));
        yield_now().await;
        task.abort();
        assert!(task.is_finished());
        assert_eq!(log.take(), ["before dropped", "after dropped"]);
        let id = task.id();
        assert_eq!(text(task).await, "the drop failed");
        assert_eq!(
            recorder.story(id),
            "spawned woken resumed suspended cancelled"
        );
    });
}

#[test]
fn in_the_drop_of_an_aborted_and_joined_future() {
    run(async {
        let task = spawn(hold(bomb("the drop failed")));
        let abort_handle = task.abort_handle();
        let joiner = spawn(text(task));
        yield_now().await;
        abort_handle.abort();
        assert_eq!(joiner.await.unwrap(), "the drop failed");
    });
}

#[test]
fn in_the_drop_of_a_future_that_aborted_itself() {
    run(async {
        let own = std::rc::Rc::new(std::cell::OnceCell::<step8_fast_executor::AbortHandle>::new());
        let handle = own.clone();
        let task = spawn(async move {
            handle.get().unwrap().abort();
            hold(bomb("the drop failed")).await;
        });
        own.set(task.abort_handle()).unwrap();
        assert_eq!(text(task).await, "the drop failed");
    });
}

#[test]
fn in_the_drop_of_futures_at_the_executors_drop() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let tasks: Vec<_> = (0..3)
        .map(|i| {
            executor.spawn(hold((
                log.guard(format!("task {i}")),
                bomb("the drop failed"),
            )))
        })
        .collect();
    executor.block_on(yield_now());
    drop(executor);
    assert_eq!(
        log.take(),
        ["task 0 dropped", "task 1 dropped", "task 2 dropped"]
    );
    for task in tasks {
        assert!(task.is_finished());
        assert_eq!(foreign::block_on(text(task)), "the drop failed");
    }
}

/// Main panics, and so the executor is dropped, and so is a future whose drop panics, caught one by
/// one.
#[test]
fn in_the_drop_of_futures_on_top_of_a_panic() {
    let log = Log::default();
    let message = panic_message::of(|| {
        step8_fast_executor::block_on(async {
            for i in 0..3 {
                drop(spawn(hold((
                    bomb("the drop failed"),
                    log.guard(format!("task {i}")),
                ))));
            }
            yield_now().await;
            panic!("main failed")
        })
    });
    assert_eq!(message, "main failed");
    assert_eq!(
        log.take(),
        ["task 0 dropped", "task 1 dropped", "task 2 dropped"]
    );
}

/// The first panic is the task's. The panic of its future's drop comes too late to be reported.
#[test]
fn in_the_drop_of_a_future_that_has_panicked() {
    run(async {
        let bomb = bomb("the drop failed too");
        let task = spawn(poll_fn(move |_| -> Poll<()> {
            _ = &bomb;
            panic!("the poll failed")
        }));
        assert_eq!(text(task).await, "the poll failed");
    });
}

// --- In the drop of an output ---

#[test]
fn in_the_drop_of_an_unwanted_output() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(async { bomb("the output failed") });
        let id = task.id();
        drop(task);
        yield_now().await;
        assert_eq!(recorder.story(id), "spawned woken resumed finished");
        assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
    });
}

/// There the panic is the dropper's own business.
#[test]
fn in_the_drop_of_an_output_with_its_handle() {
    run(async {
        let task = spawn(async { bomb("the output failed") });
        yield_now().await;
        assert_eq!(panic_message::of(|| drop(task)), "the output failed");
        assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
    });
}

#[test]
fn in_the_drop_of_a_spoilt_output() {
    run(async {
        let held = bomb("the drop failed");
        let task = spawn(poll_fn(move |_| {
            _ = &held;
            Poll::Ready(bomb("the output failed too"))
        }));
        assert_eq!(text(task).await, "the drop failed");
    });
}

// --- In the drop of a payload ---

#[test]
fn in_the_drop_of_an_unwanted_payload() {
    for depth in [1, 2, 3, 10] {
        run(async {
            drop(spawn(
                async move { std::panic::panic_any(PanicOnDrop(depth)) },
            ));
            yield_now().await;
            assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
        });
    }
}

#[test]
fn in_the_drop_of_a_payload_of_a_futures_drop() {
    for depth in [1, 2, 10] {
        run(async {
            drop(spawn(hold(on_drop(move || {
                std::panic::panic_any(PanicOnDrop(depth))
            }))));
            let guard = on_drop(move || std::panic::panic_any(PanicOnDrop(depth)));
            drop(spawn(poll_fn(move |_| -> Poll<()> {
                _ = &guard;
                std::panic::panic_any(PanicOnDrop(depth))
            })));
            yield_now().await;
        });
    }
}

// --- In a foreign waker ---

/// Promise (tasks): A panic in a destructor or in a foreign waker harms no other task.
#[test]
fn in_the_wake_of_a_joiners_foreign_waker() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let mut task = spawn(yield_now());
        let neighbour = spawn(yield_now());
        let bad = waker_of(|| panic!("the waker failed"), || ());
        assert!(
            Pin::new(&mut task)
                .poll(&mut Context::from_waker(&bad))
                .is_pending()
        );
        neighbour.await.unwrap();
        assert_eq!(recorder.count("finished", task.id()), 1);
        task.await.unwrap();
    });
}

#[test]
fn in_a_joiners_wake_by_an_abort() {
    run(async {
        let mut task = spawn(pending::<()>());
        let bad = waker_of(|| panic!("the waker failed"), || ());
        assert!(
            Pin::new(&mut task)
                .poll(&mut Context::from_waker(&bad))
                .is_pending()
        );
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn in_a_joiners_wake_at_the_executors_drop() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let mut task = executor.spawn(pending::<()>());
    drop(executor.spawn(hold(log.guard("neighbour"))));
    let bad = waker_of(|| panic!("the waker failed"), || ());
    assert!(
        Pin::new(&mut task)
            .poll(&mut Context::from_waker(&bad))
            .is_pending()
    );
    executor.block_on(yield_now());
    drop(executor);
    assert_eq!(log.take(), ["neighbour dropped"]);
    assert!(task.is_finished());
    assert!(foreign::block_on(task).unwrap_err().is_cancelled());
}

#[test]
fn in_the_wake_of_a_sleeps_foreign_waker() {
    run(async {
        let mut bad_nap = sleep(Duration::from_secs(1));
        let bad = waker_of(|| panic!("the waker failed"), || ());
        assert!(
            Pin::new(&mut bad_nap)
                .poll(&mut Context::from_waker(&bad))
                .is_pending()
        );
        sleep(Duration::from_secs(1)).await;
        bad_nap.await;
    });
}

#[test]
fn in_the_drop_of_a_foreign_waker() {
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        let (mut task, mut nap) = (spawn(yield_now()), sleep(Duration::from_secs(1)));
        let bad = waker_of(|| (), || panic!("the waker's drop failed"));
        assert!(
            Pin::new(&mut task)
                .poll(&mut Context::from_waker(&bad))
                .is_pending()
        );
        drop(bad);
        let bad = waker_of(|| (), || panic!("the waker's drop failed"));
        assert!(
            Pin::new(&mut nap)
                .poll(&mut Context::from_waker(&bad))
                .is_pending()
        );
        drop(bad);
        drop(nap);
        yield_now().await;
        yield_now().await;
        task.await.unwrap();
    });
}

// --- In main ---
