//! Does a task group leave no task behind, however it ends?

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step5_executor::{Executor, now, sleep, yield_now};
use step6_toolbox::{GroupTask, TaskGroup, task_group};
use testing::foreign;
use testing::gate::Gate;
use testing::log::{Guard, Log, on_drop};
use testing::panic_message;

pub(crate) type Outcome<T = ()> = Result<T, &'static str>;

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Runs a main future under virtual time, so that a wait without an end is a panic.
pub(crate) fn run<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

/// Holds a guard, sleeps for some seconds, and gives the outcome.
pub(crate) async fn after<T>(seconds: u32, outcome: Outcome<T>, _guard: Guard) -> Outcome<T> {
    sleep(seconds * SECOND).await;
    outcome
}

/// Holds a guard, and waits forever.
pub(crate) async fn forever(_guard: Guard) -> Outcome {
    pending().await
}

/// Returns the message of the panic in a body that awaits this group.
pub(crate) async fn panic_of<T>(group: impl Future<Output = T>) -> String {
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

/// Promise (toolbox): A `task_group` leaves no task behind, and its first failure ends the others.
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

// --- It is over ---

#[test]
fn an_ended_group_cancels_new_tasks() {
    run(async {
        let (log, kept) = (Log::default(), RefCell::new(None));
        let group = task_group(async |group| {
            kept.replace(Some(group.clone()));
            let (inner, guard) = (group.clone(), log.guard("from a guard"));
            // Runs when the group has failed already.
            let body = on_drop(move || drop(inner.spawn(forever(guard))));
            group.spawn(async { Err::<(), _>("oh") });
            pending::<()>().await;
            drop(body);
            Ok(())
        });
        assert_eq!(group.await, Err(vec!["oh"]));
        assert_eq!(log.take(), ["from a guard dropped"]);

        let group = kept.take().unwrap();
        let task = group.spawn(forever(log.guard("afterwards")));
        assert_eq!(log.take(), ["afterwards dropped"]);
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

/// A failure that owns its own group is a cycle, unless it is taken out.
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

// --- Groups in groups ---

#[test]
fn a_failure_passes_through_a_group_in_a_group() {
    run(async {
        let (log, start) = (Log::default(), now());
        let group = task_group(async |group| {
            group.spawn(forever(log.guard("outer")));
            let (inner, failing) = (log.guard("inner"), log.guard("failing"));
            group.spawn(async {
                let inner = task_group(async move |group| {
                    group.spawn(forever(inner));
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

// --- The waker of its task ---

#[test]
fn a_spawn_of_the_body_does_not_wake_the_group() {
    run(async {
        let gate = Gate::default();
        let mut group = pin!(task_group(async |group| {
            gate.clone().wait().await;
            group.spawn(async { Outcome::Ok(()) });
            pending::<Outcome>().await
        }));
        let (counter, waker) = foreign::Counter::new();
        assert!(foreign::poll_with(group.as_mut(), &waker).is_pending());
        gate.open();
        assert_eq!(counter.wakes(), 1);
        assert!(foreign::poll_with(group.as_mut(), &waker).is_pending());
        assert_eq!(counter.wakes(), 1);
    });
}

#[test]
fn the_drop_of_an_old_waker_may_spawn() {
    thread_local!(static GROUP: RefCell<Option<TaskGroup<&'static str>>> = RefCell::default());
    run(async {
        let mut group = pin!(task_group(async |group| {
            GROUP.set(Some(group.clone()));
            group.spawn(pending::<Outcome>());
            pending::<Outcome>().await
        }));
        let spawn = || {
            GROUP.with_borrow(|group| {
                _ = group.as_ref().unwrap().spawn(async { Err::<(), _>("x") })
            });
        };
        let waker = foreign::waker_of(|| (), spawn);
        assert!(foreign::poll_with(group.as_mut(), &waker).is_pending());
        drop(waker);
        // This wakes the group, which uses up one of its two clones.
        GROUP.with_borrow(|group| _ = group.as_ref().unwrap().spawn(pending::<Outcome>()));
        assert!(foreign::poll_with(group.as_mut(), Waker::noop()).is_pending());
        assert_eq!(group.await, Err(vec!["x"]));
        GROUP.take();
    });
}
