//! Whom does a panic hurt? Only the task in which it happens, and then the joiner that asks for its
//! output.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use step8_fast_executor::{Executor, JoinError, JoinHandle, sleep, spawn, yield_now};
use testing::evil::Evil;
use testing::foreign::waker_of;
use testing::gate::Gate;
use testing::log::{Log, OnDrop, on_drop};
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

/// Classic bug: "a task's panic kills the loop".
#[test]
fn panic_of_a_task_ends_only_that_task() {
    let log = Log::default();
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let before = spawn(log_after_a_second(log.clone(), "before"));
        let fails = spawn(async {
            yield_now().await;
            panic!("the task failed");
        });
        let after = spawn(log_after_a_second(log.clone(), "after"));
        let id = fails.id();
        assert_eq!(text(fails).await, "the task failed");
        before.await.unwrap();
        after.await.unwrap();
        assert_eq!(
            recorder.story(id),
            "spawned woken resumed woken suspended resumed panicked"
        );
    });
    assert_eq!(log.take(), ["before", "after"]);
}

async fn log_after_a_second(log: Log, name: &str) {
    sleep(Duration::from_secs(1)).await;
    log.add(name);
}

#[test]
fn a_panic_goes_on_in_who_joins_if_that_wants_it() {
    let message = panic_message::of(|| {
        run(async {
            let task = spawn(async { panic!("the first") });
            let joiner = spawn(async { task.await.unwrap_or_else(|error| error.resume_unwind()) });
            joiner
                .await
                .unwrap_or_else(|error: JoinError| error.resume_unwind())
        })
    });
    assert_eq!(message, "the first");
}

#[test]
fn a_panic_of_a_detached_task_is_dropped() {
    run(async {
        drop(spawn(async { panic!("oh") }));
        yield_now().await;
        assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
    });
}

#[test]
fn panicked_future_is_dropped_before_the_join() {
    let log = Log::default();
    run(async {
        let (local, captured) = (log.guard("local"), log.guard("captured"));
        let task = spawn(async move {
            let _captured = &captured;
            let _local = local;
            yield_now().await;
            panic!("oh");
        });
        assert_eq!(text(task).await, "oh");
        log.add("joined");
    });
    assert_eq!(log.take(), ["local dropped", "captured dropped", "joined"]);
}

#[test]
fn panic_in_first_poll_or_after_its_own_wake() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(poll_fn(|cx| -> Poll<()> {
            cx.waker().wake_by_ref();
            panic!("oh");
        }));
        let id = task.id();
        assert_eq!(text(task).await, "oh");
        // It takes the same place in the table.
        let next = spawn(async { 7 });
        let next_id = next.id();
        assert_eq!(next.await.unwrap(), 7);
        assert_eq!((recorder.resumes(id), recorder.resumes(next_id)), (1, 1));
    });
}

#[test]
fn a_thousand_tasks_panic() {
    run(async {
        let tasks: Vec<_> = (0..1_000)
            .map(|i| spawn(async move { assert!(i % 2 == 0) }))
            .collect();
        let mut panicked = 0;
        for task in tasks {
            panicked += u32::from(task.await.is_err_and(|error| error.is_panic()));
        }
        assert_eq!(panicked, 500);
    });
}

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

/// The first panic is the task's; that of its future's drop comes too late to be told.
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
fn in_the_drop_of_an_output_that_nobody_wants() {
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

/// There it is the dropper's own business.
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

// --- In the drop of what a panic carries ---

#[test]
fn in_the_drop_of_a_payload_that_nobody_wants() {
    for depth in [1, 2, 3, 10] {
        run(async {
            drop(spawn(async move { std::panic::panic_any(Evil(depth)) }));
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
                std::panic::panic_any(Evil(depth))
            }))));
            let guard = on_drop(move || std::panic::panic_any(Evil(depth)));
            drop(spawn(poll_fn(move |_| -> Poll<()> {
                _ = &guard;
                std::panic::panic_any(Evil(depth))
            })));
            yield_now().await;
        });
    }
}

// --- In a foreign waker ---

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

#[test]
fn in_main_between_tasks_in_all_states() {
    let gate = Gate::default();
    let executor = Executor::with_virtual_time().unwrap();
    let mut tasks = vec![executor.spawn(gate.clone().wait())];
    let message = panic_message::of(|| {
        executor.block_on(async {
            tasks.push(spawn(yield_now_twice()));
            tasks.push(spawn(async { sleep(Duration::from_secs(1)).await }));
            yield_now().await;
            tasks.push(spawn(async {}));
            panic!("main failed")
        })
    });
    assert_eq!(message, "main failed");
    gate.open();
    executor.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
}

async fn yield_now_twice() {
    yield_now().await;
    yield_now().await;
}
