//! What if tasks wait for each other?

use std::cell::Cell;
use std::rc::Rc;

use step2_round_robin::{Co, Deadlock, Scheduler, Task};
use testing::{Guard, Transcript};

/// The handle of a task that is yet to be spawned.
type Later = Rc<Cell<Option<Task<()>>>>;

async fn join_later(co: Co, later: Later, guard: Guard) {
    let _guard = guard;
    let task = later.take().expect("the handle is there by now");
    task.join(&co).await.unwrap();
}

/// Runs tasks with these names, each of which joins the next, and the last one the first.
fn ring(names: Vec<String>, log: &Transcript) -> Deadlock {
    let log = log.clone();
    let main = async move |co: Co| {
        let later: Vec<Later> = names.iter().map(|_| Later::default()).collect();
        for (i, name) in names.iter().enumerate() {
            let (next, guard) = (later[i].clone(), log.guard(name));
            let body = async move |co| join_later(co, next, guard).await;
            let task = co.spawn_named(name, body).await;
            // The task before this one joins it.
            later[(i + names.len() - 1) % names.len()].set(Some(task));
        }
    };
    Scheduler::new().run(main).unwrap_err()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Promise (tasks): A deadlock is reported by the names of its tasks: as an error in steps 2 to 4,
/// and as a panic on a virtual clock from step 5 on.
#[test]
fn a_cycle_of_joins_is_an_error_with_names() {
    let error = ring(names(&["a", "b", "c"]), &Transcript::default());
    assert_eq!(error.to_string(), "deadlock: nothing can wake a, b, c");
    assert_eq!(error.tasks, ["a", "b", "c"]);
}

#[test]
fn a_task_that_joins_itself_is_named() {
    let error = ring(names(&["narcissus"]), &Transcript::default());
    assert_eq!(error.to_string(), "deadlock: nothing can wake narcissus");
}

/// Promise (tasks): A scheduler or an executor that is dropped drops its tasks in the order of
/// spawning.
#[test]
fn the_tasks_are_dropped_in_order_of_spawning() {
    let log = Transcript::default();
    ring(names(&["c", "a", "b"]), &log);
    assert_eq!(log.take(), ["c dropped", "a dropped", "b dropped"]);
}

#[test]
fn ten_tasks_are_named_and_the_others_counted() {
    let numbers = (1..=12).map(|i| i.to_string()).collect();
    let error = ring(numbers, &Transcript::default());
    assert_eq!(
        error.to_string(),
        "deadlock: nothing can wake 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, and 2 more"
    );
    assert_eq!(error.tasks.len(), 12);
}

#[test]
fn a_task_without_a_name_goes_by_its_number() {
    let main = async |co: Co| {
        let later = Later::default();
        let next = later.clone();
        let guard = Transcript::default().guard("");
        let task = co
            .spawn(async move |co| join_later(co, next, guard).await)
            .await;
        later.set(Some(task));
    };
    let error = Scheduler::new().run(main).unwrap_err();
    assert_eq!(error.tasks, ["task 1"]);
}

#[test]
fn a_task_that_has_ended_is_not_named() {
    let main = async |co: Co| {
        let later = Later::default();
        let next = later.clone();
        let guard = Transcript::default().guard("");
        let body = async move |co| join_later(co, next, guard).await;
        let task = co.spawn_named("narcissus", body).await;
        // It joins itself. `main` joins another task, and ends with it.
        later.set(Some(task));
        let idle = co.spawn(async |co: Co| co.turn().await).await;
        idle.join(&co).await.unwrap();
    };
    let error = Scheduler::new().run(main).unwrap_err();
    assert_eq!(error.tasks, ["narcissus"]);
}
