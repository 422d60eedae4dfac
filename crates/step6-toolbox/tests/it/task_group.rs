//! Does a task group leave no task behind, however it ends?

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step5_executor::{AbortHandle, Executor, now, sleep, spawn, timeout, yield_now};
use step6_toolbox::{GroupTask, TaskGroup, task_group};
use testing::foreign;
use testing::log::{Guard, Log, on_drop};
use testing::panic_message;
use testing::recorder::Recorder;

type Outcome<T = ()> = Result<T, &'static str>;

const SECOND: Duration = Duration::from_secs(1);

/// Runs a main future under virtual time, so that a wait without an end is a panic.
fn run<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

/// Sleeps for some seconds, holding a guard, and gives the outcome.
async fn after<T>(seconds: u32, outcome: Outcome<T>, _guard: Guard) -> Outcome<T> {
    sleep(seconds * SECOND).await;
    outcome
}

/// Waits forever, holding a guard.
async fn for_ever(_guard: Guard) -> Outcome {
    pending().await
}

/// Returns what a panic says in a body that awaits this group.
async fn panic_of<T>(group: impl Future<Output = T>) -> String {
    let mut group = pin!(group);
    poll_fn(|cx| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| group.as_mut().poll(cx)));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(_)) => panic!("the group did not panic"),
            Err(payload) => Poll::Ready(panic_message::text(&*payload)),
        }
    })
    .await
}

// --- It waits ---

#[test]
fn it_waits_for_its_tasks_and_body() {
    run(async {
        let (log, start) = (Log::default(), now());
        let output = task_group(async |group| {
            group.spawn(after(3, Ok(()), log.guard("three")));
            group.spawn(after(1, Ok(()), log.guard("one")));
            Outcome::Ok("body")
        });
        assert_eq!(output.await, Ok("body"));
        assert_eq!(now() - start, 3 * SECOND);
        assert_eq!(log.take(), ["one dropped", "three dropped"]);
    });
}

#[test]
fn a_group_without_tasks_works_on_any_executor() {
    assert_eq!(
        foreign::block_on(task_group(async |_: TaskGroup<&str>| Ok(7))),
        Ok(7)
    );
}

#[test]
fn nothing_happens_before_it_is_polled() {
    run(async {
        let has_begun = Cell::new(false);
        let group = task_group(async |_: TaskGroup<()>| {
            has_begun.set(true);
            Ok(())
        });
        yield_now().await;
        assert!(!has_begun.get());
        drop(group);
    });
}

#[test]
fn the_body_borrows_and_joins_its_tasks() {
    run(async {
        let words = RefCell::new(vec![]);
        let group = task_group(async |group| {
            let tasks: Vec<_> = (0..3)
                .map(|i| group.spawn(async move { Outcome::Ok(i * i) }))
                .collect();
            for task in tasks {
                let output = task.await.unwrap();
                words.borrow_mut().push(output);
            }
            Ok(())
        });
        group.await.unwrap();
        assert_eq!(words.into_inner(), [0, 1, 4]);
    });
}

#[test]
fn tasks_spawn_into_it_even_after_the_body() {
    fn count_down(
        group: TaskGroup<&'static str>,
        from: u32,
        log: Log,
    ) -> Pin<Box<dyn Future<Output = Outcome>>> {
        Box::pin(async move {
            sleep(SECOND).await;
            log.add(format!("{from}"));
            if from > 1 {
                group.spawn(count_down(group.clone(), from - 1, log));
            }
            Ok(())
        })
    }
    run(async {
        let (log, start) = (Log::default(), now());
        let group = task_group(async |group| {
            group.spawn(count_down(group.clone(), 4, log.clone()));
            Ok(())
        });
        group.await.unwrap();
        assert_eq!(log.take(), ["4", "3", "2", "1"]);
        assert_eq!(now() - start, 4 * SECOND);
    });
}

// --- It fails ---

#[test]
fn the_first_failure_cancels_the_rest() {
    run(async {
        let (log, start) = (Log::default(), now());
        let group = task_group(async |group| {
            let _body = log.guard("body");
            group.spawn(for_ever(log.guard("first")));
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
        // Once more in the round in which the other fails.
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
        let goes_on = Cell::new(false);
        let same = task_group(async |group| {
            group.spawn(async { Err::<(), _>("first") });
            yield_now().await;
            goes_on.set(true);
            Ok("forgotten")
        });
        assert_eq!(same.await, Err(vec!["first"]));
        assert!(!goes_on.get());
    });
}

#[test]
fn a_failing_body_cancels_the_tasks() {
    run(async {
        let (log, start) = (Log::default(), now());
        let group = task_group(async |group| {
            group.spawn(for_ever(log.guard("task")));
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
            group.spawn(for_ever(log.guard("task")));
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
            group.spawn(for_ever(log.guard("task")));
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
            let task = group.spawn(for_ever(log.guard("aborted")));
            group.spawn(after(1, Ok(()), log.guard("other")));
            task.abort();
            assert!(task.is_finished());
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

// --- It is over ---

#[test]
fn an_ended_group_cancels_new_tasks() {
    run(async {
        let (log, kept) = (Log::default(), RefCell::new(None));
        let group = task_group(async |group| {
            kept.replace(Some(group.clone()));
            let (inner, guard) = (group.clone(), log.guard("from a guard"));
            // Runs when the group has failed already.
            let body = on_drop(move || drop(inner.spawn(for_ever(guard))));
            group.spawn(async { Err::<(), _>("oh") });
            pending::<()>().await;
            drop(body);
            Ok(())
        });
        assert_eq!(group.await, Err(vec!["oh"]));
        assert_eq!(log.take(), ["from a guard dropped"]);

        let group = kept.take().unwrap();
        let task = group.spawn(for_ever(log.guard("afterwards")));
        assert_eq!(log.take(), ["afterwards dropped"]);
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

/// A failure that owns its own group is a circle, unless it is taken out.
#[test]
fn an_untaken_failure_is_dropped() {
    struct Owns {
        _group: TaskGroup<Owns>,
        _guard: Guard,
    }
    run(async {
        let log = Log::default();
        let guard = log.guard("error");
        let mut group = Box::pin(task_group(async |group| {
            let error = Owns {
                _group: group.clone(),
                _guard: guard,
            };
            group.spawn(async { Err::<(), _>(error) });
            pending::<Result<(), Owns>>().await
        }));
        assert!(
            group
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
        yield_now().await;
        assert!(log.take().is_empty());
        drop(group);
        assert_eq!(log.take(), ["error dropped"]);
    });
}

// --- It is dropped ---

/// The program that is dropped at each of its suspension points: tasks, a task of a task, a group
/// in a group.
async fn family(log: Log) -> Result<(), Vec<&'static str>> {
    task_group(async |group| {
        let _body = log.guard("body");
        let child = group.clone();
        let (guard, grandchild) = (log.guard("child"), log.guard("grandchild"));
        group.spawn(async move {
            let _guard = guard;
            sleep(SECOND).await;
            child.spawn(after(3, Ok(()), grandchild));
            sleep(SECOND).await;
            Ok(())
        });
        let inner = [log.guard("inner body"), log.guard("inner task")];
        group.spawn(async move {
            task_group(async |group| {
                let [_body, task] = inner;
                group.spawn(after(3, Ok(()), task));
                sleep(SECOND).await;
                Ok(())
            })
            .await
            .map_err(|errors| errors[0])
        });
        sleep(2 * SECOND).await;
        Ok(())
    })
    .await
}

#[test]
fn dropped_at_any_time_it_leaves_nothing_behind() {
    let all = ["body", "child", "grandchild", "inner body", "inner task"];
    for half_seconds in 0..=9 {
        let recorder = Recorder::new();
        let executor = Executor::with_virtual_time().unwrap();
        executor.block_on(async {
            let log = Log::default();
            let outcome = timeout(half_seconds * SECOND / 2, family(log.clone())).await;
            assert_eq!(outcome.is_ok(), half_seconds > 8, "{half_seconds}");
            // It has all been dropped by now, once, in whichever order.
            let mut dropped = log.take();
            dropped.sort();
            let all: Vec<_> = all.iter().map(|name| format!("{name} dropped")).collect();
            assert_eq!(dropped, all, "{half_seconds}");
            // And nothing runs any more.
            let polls = recorder
                .order("resumed")
                .iter()
                .filter(|task| **task != 0)
                .count();
            sleep(10 * SECOND).await;
            assert_eq!(
                recorder
                    .order("resumed")
                    .iter()
                    .filter(|task| **task != 0)
                    .count(),
                polls
            );
        });
    }
}

#[test]
fn the_body_is_dropped_before_the_tasks() {
    run(async {
        let log = Log::default();
        let group = task_group(async |group| {
            let _body = log.guard("body");
            for name in ["a", "b", "c"] {
                group.spawn(for_ever(log.guard(name)));
            }
            pending::<Outcome>().await
        });
        assert!(timeout(SECOND, group).await.is_err());
        assert_eq!(
            log.take(),
            ["body dropped", "a dropped", "b dropped", "c dropped"]
        );
    });
}

#[test]
fn a_task_may_drop_its_own_group() {
    run(async {
        let log = Log::default();
        let parent: Rc<Cell<Option<AbortHandle>>> = Rc::default();
        let (inside, handle) = (log.clone(), parent.clone());
        let task = spawn(async move {
            let log = inside.clone();
            task_group(async move |group: TaskGroup<&str>| {
                group.spawn(for_ever(log.guard("other")));
                let guard = log.guard("self");
                let task: GroupTask<()> = group.spawn(async move {
                    let _guard = guard;
                    yield_now().await;
                    handle.take().unwrap().abort();
                    log.add("continues");
                    yield_now().await;
                    log.add("too far");
                    Err("too late")
                });
                drop(task);
                pending::<Outcome>().await
            })
            .await
        });
        parent.set(Some(task.abort_handle()));
        assert!(task.await.unwrap_err().is_cancelled());
        yield_now().await;
        assert_eq!(log.take(), ["other dropped", "continues", "self dropped"]);
    });
}

/// Its tasks belong to an executor that does not run at the moment, so they hear of it in its next
/// turn.
#[test]
fn a_group_may_be_dropped_outside() {
    let (executor, log) = (Executor::with_virtual_time().unwrap(), Log::default());
    let mut group = Box::pin(task_group(async |group| {
        group.spawn(for_ever(log.guard("task")));
        pending::<Outcome>().await
    }));
    executor.block_on(async {
        assert!(
            group
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
        yield_now().await;
    });
    drop(group);
    assert!(log.take().is_empty());
    executor.block_on(async {});
    assert_eq!(log.take(), ["task dropped"]);
}

#[test]
fn dropping_the_executor_ends_its_groups() {
    let (executor, log) = (Executor::with_virtual_time().unwrap(), Log::default());
    let (inside, guards) = (log.clone(), (log.guard("task"), log.guard("from a guard")));
    drop(executor.spawn(async move {
        task_group(async |group| {
            let (task, late) = guards;
            let clone = group.clone();
            let _body = on_drop(move || drop(clone.spawn(for_ever(late))));
            group.spawn(for_ever(task));
            pending::<Outcome>().await
        })
        .await
    }));
    executor.block_on(async {
        yield_now().await;
        yield_now().await;
    });
    drop(executor);
    let mut dropped = inside.take();
    dropped.sort();
    assert_eq!(dropped, ["from a guard dropped", "task dropped"]);
}

// --- Groups in groups ---

#[test]
fn a_failure_passes_through_a_group_in_a_group() {
    run(async {
        let (log, start) = (Log::default(), now());
        let group = task_group(async |group| {
            group.spawn(for_ever(log.guard("outer")));
            let (inner, failing) = (log.guard("inner"), log.guard("failing"));
            group.spawn(async {
                let inner = task_group(async move |group| {
                    group.spawn(for_ever(inner));
                    group.spawn(after(1, Err::<(), _>("oh"), failing));
                    Ok(())
                });
                inner.await.map_err(|errors| errors[0])
            });
            pending::<Outcome>().await
        });
        assert_eq!(group.await, Err(vec!["oh"]));
        assert_eq!(now() - start, SECOND);
        assert_eq!(
            log.take(),
            ["failing dropped", "inner dropped", "outer dropped"]
        );
    });
}

#[test]
fn ten_thousand_tasks_fail_together() {
    let log = Log::default();
    run(async {
        let group = task_group(async |group| {
            for i in 0..10_000 {
                let guard = log.guard("task");
                let task: GroupTask<()> = group.spawn(async move {
                    let _guard = guard;
                    yield_now().await;
                    if i == 5_000 {
                        Err("oh")
                    } else {
                        pending().await
                    }
                });
                drop(task);
            }
            Ok(())
        });
        assert_eq!(group.await, Err(vec!["oh"]));
    });
    assert_eq!(log.take().len(), 10_000);
}

// --- Several failures ---

#[test]
fn all_errors_are_reported_in_order() {
    run(async {
        let group = task_group(async |group| {
            for error in ["first", "second"] {
                group.spawn(async move { Err::<(), _>(error) });
            }
            group.spawn(for_ever(Log::default().guard("rest")));
            yield_now().await;
            Ok(())
        });
        assert_eq!(group.await, Err(vec!["first", "second"]));
    });
}

/// It panics when it is polled, and again when it is dropped.
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
            group.spawn(for_ever(log.guard("other")));
            group.spawn(Bomb);
            Ok(())
        });
        assert_eq!(panic_of(group).await, "in poll");
        assert_eq!(log.take(), ["other dropped"]);
    });
}
