//! Which tasks are there, and which one runs?

use std::panic::{AssertUnwindSafe, catch_unwind};

use step5_executor::{Executor, TaskId, block_on, spawn, spawn_named, yield_now};
use step6_toolbox::list_tasks;

#[test]
fn tasks_are_listed_until_they_end() {
    let tasks = list_tasks();
    let names = || tasks.all().into_values().collect::<Vec<_>>();
    let executor = Executor::new().unwrap();
    executor.block_on(async {
        let quick = spawn_named("quick", async {});
        let endless = spawn_named("endless", std::future::pending::<()>());
        let panics = spawn(async { panic!("oh") });
        assert_eq!(names(), ["main", "quick", "endless", "task 3"]);
        quick.await.unwrap();
        assert!(panics.await.is_err());
        assert_eq!(names(), ["main", "endless"]);
        endless.abort();
        assert_eq!(names(), ["main"]);
        drop(spawn_named("left", std::future::pending::<()>()));
    });
    assert_eq!(names(), ["left"]);
    drop(executor);
    assert!(names().is_empty());
}

#[test]
fn the_task_that_runs_is_known() {
    let tasks = std::rc::Rc::new(list_tasks());
    assert_eq!(tasks.current(), None);
    let inside = std::rc::Rc::clone(&tasks);
    block_on(async move {
        let of_task = std::rc::Rc::clone(&inside);
        let task = spawn_named("worker", async move {
            yield_now().await;
            of_task.current()
        });
        let id = task.id();
        let worker = Some((id, "worker".to_owned()));
        assert_eq!(task.await.unwrap(), worker);
        assert_eq!(inside.current(), Some((TaskId(0), "main".to_owned())));
    });
    assert_eq!(tasks.current(), None);
}

#[test]
fn a_list_that_is_dropped_makes_room_for_another() {
    drop(list_tasks());
    let tasks = list_tasks();
    block_on(async { assert_eq!(tasks.all().len(), 1) });
}

#[test]
fn no_task_runs_after_a_deadlock() {
    let tasks = list_tasks();
    let executor = Executor::with_virtual_time().unwrap();
    let deadlock = AssertUnwindSafe(|| executor.block_on(std::future::pending::<()>()));
    assert!(catch_unwind(deadlock).is_err());
    assert_eq!(tasks.current(), None);
}
