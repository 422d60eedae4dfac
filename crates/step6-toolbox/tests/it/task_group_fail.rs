//! What does a task group do when a task or its body fails?

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use step5_executor::{now, sleep, yield_now};
use step6_toolbox::{GroupTask, task_group};
use testing::log::Log;

use crate::task_group::*;

// --- It fails ---

/// Promise (toolbox): A `task_group` leaves no task behind, and its first failure ends the others.
#[test]
fn the_first_failure_cancels_the_rest() {
    run(async {
        let (log, start) = (Log::default(), now());
        let group = task_group(async |group| {
            let _body = log.guard("body");
            group.spawn(forever(log.guard("first")));
            group.spawn(after(1, Err::<(), _>("oh"), log.guard("failing")));
            group.spawn(after(2, Err::<(), _>("too late"), log.guard("last")));
            pending::<Outcome>().await
        });
        assert_eq!(group.await, Err(vec!["oh"]));
        assert_eq!(now() - start, SECOND);
        let dropped = log.take();
        assert_eq!(
            dropped,
            [
                "failing dropped",
                "first dropped",
                "last dropped",
                "body dropped"
            ]
        );
    });
}

#[test]
fn after_a_failure_ready_tasks_are_not_polled() {
    run(async {
        let polls = Rc::new(Cell::new(0));
        let counted = polls.clone();
        let group = task_group(async |group| {
            group.spawn(async {
                yield_now().await;
                Err::<(), _>("oh")
            });
            group.spawn(poll_fn(move |cx| {
                counted.set(counted.get() + 1);
                cx.waker().wake_by_ref();
                if counted.get() < 1_000 {
                    Poll::Pending
                } else {
                    Poll::Ready(Outcome::Ok(()))
                }
            }));
            Ok(())
        });
        assert_eq!(group.await, Err(vec!["oh"]));
        // Once more, in the round in which the other one fails.
        assert_eq!(polls.get(), 2);
    });
}

#[test]
fn a_failure_after_the_body_counts() {
    run(async {
        let late = task_group(async |group| {
            group.spawn(async {
                sleep(SECOND).await;
                Err::<(), _>("late")
            });
            Ok("forgotten")
        });
        assert_eq!(late.await, Err(vec!["late"]));

        // The body would continue in the very turn in which the task fails.
        let continues = Cell::new(false);
        let same = task_group(async |group| {
            group.spawn(async { Err::<(), _>("first") });
            yield_now().await;
            continues.set(true);
            Ok("forgotten")
        });
        assert_eq!(same.await, Err(vec!["first"]));
        assert!(!continues.get());
    });
}

#[test]
fn a_failing_body_cancels_the_tasks() {
    run(async {
        let (log, start) = (Log::default(), now());
        let group = task_group(async |group| {
            group.spawn(forever(log.guard("task")));
            yield_now().await;
            Err::<(), _>("oh")
        });
        assert_eq!(group.await, Err(vec!["oh"]));
        assert_eq!(
            (log.take(), now()),
            (vec!["task dropped".to_owned()], start)
        );
    });
}

#[test]
fn a_panic_continues_when_all_have_ended() {
    run(async {
        let log = Log::default();
        let group = task_group(async |group| {
            group.spawn(forever(log.guard("task")));
            group.spawn(async { panic!("oh") as Outcome });
            pending::<Outcome>().await
        });
        assert_eq!(panic_of(group).await, "oh");
        assert_eq!(log.take(), ["task dropped"]);
    });
}

#[test]
fn a_panic_in_a_drop_counts_too() {
    run(async {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("in drop");
            }
        }
        impl Future for Bomb {
            type Output = Outcome;

            fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Outcome> {
                Poll::Ready(Ok(()))
            }
        }
        let group = task_group(async |group| {
            group.spawn(Bomb);
            Ok(())
        });
        assert_eq!(panic_of(group).await, "in drop");
    });
}

#[test]
fn a_panic_of_the_body_aborts_the_tasks() {
    run(async {
        let log = Log::default();
        let group = task_group(async |group| {
            group.spawn(forever(log.guard("task")));
            yield_now().await;
            panic!("oh") as Outcome
        });
        let mut group = Box::pin(panic_of(group));
        poll_fn(|cx| {
            group
                .as_mut()
                .poll(cx)
                .map(|message| assert_eq!(message, "oh"))
        })
        .await;
        drop(group);
        assert_eq!(log.take(), ["task dropped"]);
    });
}

#[test]
fn an_aborted_task_is_no_failure() {
    run(async {
        let (log, start) = (Log::default(), now());
        let group = task_group(async |group| {
            let task = group.spawn(forever(log.guard("aborted")));
            group.spawn(after(1, Ok(()), log.guard("other")));
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            Outcome::Ok(7)
        });
        assert_eq!(group.await, Ok(7));
        assert_eq!(
            (log.take().join(", "), now() - start),
            ("aborted dropped, other dropped".to_owned(), SECOND)
        );
    });
}

#[test]
fn a_failed_task_is_a_cancelled_one_outside() {
    run(async {
        let kept = Cell::new(None);
        let group = task_group(async |group| {
            kept.set(Some(group.spawn(async { Err::<(), _>("oh") })));
            Ok(())
        });
        assert_eq!(group.await, Err(vec!["oh"]));
        let task: GroupTask<()> = kept.take().unwrap();
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

// --- Several failures ---

#[test]
fn all_errors_are_reported_in_order() {
    run(async {
        let group = task_group(async |group| {
            for error in ["first", "second"] {
                group.spawn(async move { Err::<(), _>(error) });
            }
            group.spawn(forever(Log::default().guard("rest")));
            yield_now().await;
            Ok(())
        });
        assert_eq!(group.await, Err(vec!["first", "second"]));
    });
}

/// Panics when it is polled, and again when it is dropped.
struct Bomb;

impl Future for Bomb {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Outcome> {
        panic!("in poll");
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("in drop");
    }
}

#[test]
fn a_panic_in_poll_and_in_drop_is_a_failure() {
    run(async {
        let log = Log::default();
        let group = task_group(async |group| {
            group.spawn(forever(log.guard("other")));
            group.spawn(Bomb);
            Ok(())
        });
        assert_eq!(panic_of(group).await, "in poll");
        assert_eq!(log.take(), ["other dropped"]);
    });
}
