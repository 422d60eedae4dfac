//! Is nothing left of a task group that is dropped, wherever that happens?

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::task::{Context, Waker};
use step5_executor::{AbortHandle, Executor, sleep, spawn, timeout, yield_now};
use step6_toolbox::{GroupTask, TaskGroup, task_group};
use testing::log::{Log, on_drop};
use testing::recorder::Recorder;

use crate::task_group::*;

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

/// Promise (toolbox): A `task_group` leaves no task behind, and its first failure ends the others.
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
            // By now everything has been dropped, once, in whatever order.
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
                group.spawn(forever(log.guard(name)));
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
                group.spawn(forever(log.guard("other")));
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

/// Its tasks belong to an executor that does not run now, so they are dropped in its next round.
#[test]
fn a_group_may_be_dropped_outside() {
    let (executor, log) = (Executor::with_virtual_time().unwrap(), Log::default());
    let mut group = Box::pin(task_group(async |group| {
        group.spawn(forever(log.guard("task")));
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
            let _body = on_drop(move || drop(clone.spawn(forever(late))));
            group.spawn(forever(task));
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
