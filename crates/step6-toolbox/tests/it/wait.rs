//! Which tasks are done when a wait is over, and what becomes of the others?

use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step5_executor::{
    Executor, JoinError, JoinHandle, TaskId, now, sleep, spawn, timeout, yield_now,
};
use step6_toolbox::{Until, wait};
use testing::gate::Gate;
use testing::log::Log;
use testing::panic_message;
use testing::recorder::Recorder;

const SECOND: Duration = Duration::from_secs(1);

fn virtually<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

/// Spawns a task that naps, and returns how long.
fn nap(seconds: u32) -> JoinHandle<u32> {
    spawn(async move {
        sleep(seconds * SECOND).await;
        seconds
    })
}

/// Spawns a task that panics after a time.
fn panics(seconds: u32) -> JoinHandle<u32> {
    spawn(async move {
        sleep(seconds * SECOND).await;
        panic!("oh")
    })
}

/// Returns the outputs of the tasks, without their ids. Panics if a task failed.
fn outputs<T>(done: Vec<(TaskId, Result<T, JoinError>)>) -> Vec<T> {
    done.into_iter()
        .map(|(_, output)| output.unwrap())
        .collect()
}

fn ids<T>(tasks: &[JoinHandle<T>]) -> Vec<u64> {
    tasks.iter().map(|task| task.id().0).collect()
}

// --- Until ---

#[test]
fn until_the_first_is_completed() {
    virtually(async {
        let start = now();
        let (done, pending) = wait([3, 1, 2].map(nap), Until::FirstCompleted, None).await;
        assert_eq!(now() - start, SECOND);
        assert_eq!(done[0].0.0, 2);
        assert_eq!(outputs(done), [1]);
        assert_eq!(ids(&pending), [1, 3]);
    });
}

#[test]
fn all_that_end_in_one_turn_are_done() {
    virtually(async {
        let (done, pending) = wait([3, 1, 1].map(nap), Until::FirstCompleted, None).await;
        assert_eq!((outputs(done), ids(&pending)), (vec![1, 1], vec![1]));
    });
}

#[test]
fn until_the_first_failure() {
    virtually(async {
        let start = now();
        let tasks = [nap(1), panics(2), nap(3)];
        let (done, pending) = wait(tasks, Until::FirstFailure, None).await;
        assert_eq!(now() - start, 2 * SECOND);
        assert_eq!(done.len(), 2);
        assert_eq!(done[0].1.as_ref().unwrap(), &1);
        assert!(done[1].1.as_ref().unwrap_err().is_panic());
        assert_eq!(ids(&pending), [3]);

        let aborted = spawn(std::future::pending());
        aborted.abort();
        let (done, pending) = wait(
            pending.into_iter().chain([aborted]),
            Until::FirstFailure,
            None,
        )
        .await;
        assert!(done[0].1.as_ref().unwrap_err().is_cancelled());
        assert_eq!((now() - start, pending.len()), (2 * SECOND, 1));
    });
}

#[test]
fn without_a_failure_all_are_waited_for() {
    virtually(async {
        let start = now();
        let (done, pending) = wait([2, 1].map(nap), Until::FirstFailure, None).await;
        assert_eq!((outputs(done), pending.len()), (vec![1, 2], 0));
        assert_eq!(now() - start, 2 * SECOND);
    });
}

#[test]
fn an_output_that_is_an_error_is_no_failure() {
    virtually(async {
        let tasks = [Err("no"), Ok("yes")].map(|result: Result<&str, &str>| {
            spawn(async move {
                yield_now().await;
                result
            })
        });
        let slow = spawn(async {
            sleep(SECOND).await;
            Ok("late")
        });
        let (done, pending) =
            wait(tasks.into_iter().chain([slow]), Until::FirstFailure, None).await;
        assert_eq!(
            (outputs(done), pending.len()),
            (vec![Err("no"), Ok("yes"), Ok("late")], 0)
        );
    });
}

#[test]
fn until_all_are_completed_even_those_that_fail() {
    virtually(async {
        let start = now();
        let (done, pending) = wait([nap(3), panics(1), nap(2)], Until::AllCompleted, None).await;
        assert_eq!(now() - start, 3 * SECOND);
        let order: Vec<u64> = done.iter().map(|(id, _)| id.0).collect();
        assert_eq!(
            (order, pending.len()),
            (vec![2, 3, 1], 0),
            "in the order in which they ended"
        );
    });
}

#[test]
fn tasks_that_had_ended_come_first() {
    virtually(async {
        let tasks = [4, 2, 1, 3].map(nap);
        sleep(2 * SECOND).await;
        yield_now().await;
        let (done, pending) = wait(tasks, Until::AllCompleted, None).await;
        assert_eq!((outputs(done), pending.len()), (vec![2, 1, 3, 4], 0));
    });
}

#[test]
fn without_tasks_it_is_over_at_once() {
    virtually(async {
        for until in [
            Until::FirstCompleted,
            Until::FirstFailure,
            Until::AllCompleted,
        ] {
            let (done, pending) = wait(Vec::<JoinHandle<()>>::new(), until, Some(SECOND)).await;
            assert_eq!((done.len(), pending.len()), (0, 0));
        }
    });
}

// --- The limit ---

#[test]
fn the_limit_ends_it() {
    virtually(async {
        let start = now();
        let limit = 5 * SECOND / 2;
        let (done, pending) = wait([4, 1, 3, 2].map(nap), Until::AllCompleted, Some(limit)).await;
        assert_eq!(now() - start, limit);
        assert_eq!((outputs(done), ids(&pending)), (vec![1, 2], vec![1, 3]));
    });
}

#[test]
fn the_limit_counts_from_the_call() {
    virtually(async {
        let start = now();
        let waiting = wait([nap(9)], Until::AllCompleted, Some(2 * SECOND));
        sleep(SECOND).await;
        let (done, pending) = waiting.await;
        assert_eq!(
            (now() - start, done.len(), pending.len()),
            (2 * SECOND, 0, 1)
        );
    });
}

#[test]
fn with_a_limit_of_zero_the_tasks_have_one_turn() {
    virtually(async {
        let start = now();
        let ready = || spawn(async { 7 });
        let (done, pending) = wait(
            [nap(1), ready(), ready()],
            Until::AllCompleted,
            Some(Duration::ZERO),
        )
        .await;
        assert_eq!((outputs(done), pending.len()), (vec![7, 7], 1));
        assert_eq!(now() - start, Duration::ZERO);
    });
}

#[test]
fn a_task_that_ends_at_the_limit_is_done() {
    virtually(async {
        let tasks = [nap(2)];
        yield_now().await;
        let (done, pending) = wait(tasks, Until::AllCompleted, Some(2 * SECOND)).await;
        assert_eq!((outputs(done), pending.len()), (vec![2], 0));
    });
}

#[test]
fn without_a_limit_it_needs_no_clock() {
    let executor = Executor::new().unwrap();
    let task = executor.spawn(async { 7 });
    executor.block_on(yield_now());
    // Outside of any executor.
    let mut waiting = Box::pin(wait([task], Until::AllCompleted, None));
    let polled = Pin::new(&mut waiting).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready((done, _)) = polled else {
        panic!("the task has ended before")
    };
    assert_eq!(outputs(done), [7]);
    let message =
        panic_message::of(|| Pin::new(&mut waiting).poll(&mut Context::from_waker(Waker::noop())));
    assert_eq!(message, "`async fn` resumed after completion");
}

/// If the timer were still there, the clock would jump to it before the executor reports the
/// deadlock.
#[test]
fn a_wait_that_is_over_leaves_no_timer() {
    let executor = Executor::with_virtual_time().unwrap();
    let start = executor.block_on(async { now() });
    let message = panic_message::of(|| {
        executor.block_on(async {
            let mut waiting = Box::pin(wait([nap(1)], Until::AllCompleted, Some(3_600 * SECOND)));
            let (done, _) = (&mut waiting).await;
            assert_eq!(outputs(done), [1]);
            pending::<()>().await;
            drop(waiting);
        });
    });
    assert!(message.starts_with("deadlock"), "{message}");
    assert_eq!(executor.block_on(async { now() }) - start, SECOND);
}

// --- Pending ---

/// Promise (toolbox): `wait` leaves unfinished tasks running, and returns their handles.
#[test]
fn pending_tasks_can_still_be_awaited() {
    virtually(async {
        let log = Log::default();
        let guard = log.guard("aborted");
        let aborted = spawn(async move {
            let _guard = guard;
            pending::<()>().await;
            0
        });
        let (_, mut pending) = wait(
            [nap(1), nap(2), nap(3), aborted],
            Until::FirstCompleted,
            None,
        )
        .await;
        let last = pending.pop().unwrap();
        last.abort();
        assert_eq!(log.take(), ["aborted dropped"]);
        assert!(last.await.unwrap_err().is_cancelled());

        let (done, mut pending) = wait(pending, Until::FirstCompleted, None).await;
        assert_eq!(done[0].0.0, 3, "it keeps its number");
        assert_eq!(pending.pop().unwrap().await.unwrap(), 3);
    });
}

#[test]
fn a_pending_task_wakes_no_former_waiter() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        let gates = [Gate::default(), Gate::default()];
        let tasks = gates.clone().map(|gate| spawn(gate.wait()));
        let waiter = spawn(async {
            let (done, pending) = wait(tasks, Until::FirstCompleted, None).await;
            assert_eq!((done.len(), pending.len()), (1, 1));
            std::future::pending::<()>().await;
            drop(pending);
        });
        yield_now().await;
        gates[0].open();
        sleep(SECOND).await;
        let polls = recorder.resumes(waiter.id());
        gates[1].open();
        sleep(SECOND).await;
        assert_eq!(recorder.resumes(waiter.id()), polls);
    });
}

#[test]
fn each_end_is_one_wake_of_the_waiter() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        let tasks: Vec<_> = (0..1_000).map(nap).collect();
        let waiter = spawn(wait(tasks, Until::AllCompleted, None));
        let id = waiter.id();
        let (done, _) = waiter.await.unwrap();
        assert_eq!(outputs(done), (0..1_000).collect::<Vec<_>>());
        assert!(
            recorder.resumes(id) <= 1_001,
            "{} polls",
            recorder.resumes(id)
        );
    });
}

// --- Cancelling ---

#[test]
fn dropping_it_detaches_the_tasks() {
    for stop in 0..3 {
        virtually(async {
            let log = Log::default();
            let tasks = [1, 2].map(|seconds| {
                let log = log.clone();
                spawn(async move {
                    sleep(seconds * SECOND).await;
                    log.add(format!("task {seconds} ended"));
                    log.guard(format!("output {seconds}"))
                })
            });
            // First it was not polled at all, then it waits for both, then for the second.
            let waiting = wait(tasks, Until::AllCompleted, None);
            if stop > 0 {
                assert!(timeout(stop * SECOND - SECOND / 2, waiting).await.is_err());
            } else {
                drop(waiting);
            }
            let before: &[&str] = if stop == 2 {
                &["task 1 ended", "output 1 dropped"]
            } else {
                &[]
            };
            assert_eq!(log.take(), before);
            sleep(3 * SECOND).await;
            let after = [
                "task 1 ended",
                "output 1 dropped",
                "task 2 ended",
                "output 2 dropped",
            ];
            assert_eq!(log.take(), after[before.len()..]);
        });
    }
}
