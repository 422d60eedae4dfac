//! What happens to a task that is cancelled, wherever it stands, and which tasks learn of it?

use std::cell::Cell;
use std::rc::Rc;

use step2_round_robin::{Co, Scheduler, TaskId};
use testing::{Guard, Transcript, lines, resumes};

async fn forever(co: &Co, guard: Guard) {
    let _guard = guard;
    loop {
        co.turn().await;
    }
}

/// Promise (tasks): A cancelled task is dropped where it stands, its guards run, and its joiner
/// learns of it.
#[test]
fn guards_run_at_once_and_joiners_learn_of_it() {
    let log = Transcript::default();
    let notes = log.clone();
    let outcome = Scheduler::new().run(async move |co| {
        let guard = notes.guard("guard");
        let task = co.spawn(async move |co| forever(&co, guard).await).await;
        co.turn().await;
        task.cancel(&co).await;
        notes.note("main continues");
        task.join(&co).await
    });
    assert_eq!(outcome, Ok(None));
    assert_eq!(log.take(), ["guard dropped", "main continues"]);
}

/// Promise (tasks): A task that is cancelled before its first turn never runs.
#[test]
fn one_that_has_not_started_never_runs() {
    let log = Transcript::default();
    let notes = log.clone();
    let happened = lines(|| {
        let main = async move |co: Co| {
            let guard = notes.guard("guard");
            let child = async move |co: Co| forever(&co, guard).await;
            let child = co.spawn_named("child", child).await;
            child.cancel(&co).await;
        };
        Scheduler::new().run(main).unwrap();
    });
    assert_eq!(log.take(), ["guard dropped"]);
    assert_eq!(resumes(&happened, "child"), 0);
}

#[test]
fn a_cancelled_joiner_is_not_woken() {
    let log = Transcript::default();
    let notes = log.clone();
    let happened = lines(|| {
        let main = async move |co: Co| {
            let joined = co.spawn(async |co| co.turn().await).await;
            let guard = notes.guard("joiner");
            let joiner = async move |co: Co| {
                let _guard = guard;
                joined.join(&co).await
            };
            let joiner = co.spawn_named("joiner", joiner).await;
            co.turn().await;
            joiner.cancel(&co).await;
            co.turn().await;
        };
        Scheduler::new().run(main).unwrap();
    });
    assert_eq!(log.take(), ["joiner dropped"]);
    assert_eq!(resumes(&happened, "joiner"), 1);
    assert_eq!(
        happened
            .iter()
            .filter(|line| *line == "joiner woken")
            .count(),
        1
    );
}

#[test]
fn the_joined_task_outlives_its_cancelled_joiner() {
    let outcome = Scheduler::new().run(async |co| {
        let ended = Rc::new(Cell::new(false));
        let end = ended.clone();
        let joined = co.spawn(async move |co| {
            co.turn().await;
            co.turn().await;
            end.set(true);
        });
        let joined = joined.await;
        let joiner = co.spawn(async move |co| joined.join(&co).await).await;
        co.turn().await;
        joiner.cancel(&co).await;
        co.turn().await;
        co.turn().await;
        ended.get()
    });
    assert_eq!(outcome, Ok(true));
}

#[test]
fn a_cancelled_task_wakes_its_joiner_at_once() {
    let happened = lines(|| {
        let main = async |co: Co| {
            let joined = co.spawn_named("joined", async |co: Co| {
                loop {
                    co.turn().await;
                }
            });
            let joined = joined.await;
            let id = joined.id();
            let joiner = async move |co: Co| assert_eq!(joined.join(&co).await, None::<()>);
            co.spawn_named("joiner", joiner).await;
            co.turn().await;
            co.cancel(id).await;
        };
        Scheduler::new().run(main).unwrap();
    });
    let mut after = happened
        .iter()
        .skip_while(|line| *line != "joined cancelled");
    assert_eq!(after.nth(1).unwrap(), "joiner woken");
}

#[test]
fn a_task_can_cancel_itself() {
    let log = Transcript::default();
    let notes = log.clone();
    let outcome = Scheduler::new().run(async move |co| {
        let own = Rc::new(Cell::new(None::<TaskId>));
        let id = own.clone();
        let guard = notes.guard("guard");
        let task = co.spawn(async move |co| {
            let _guard = guard;
            co.cancel(own.get().unwrap()).await;
            unreachable!("it has cancelled itself");
        });
        let task = task.await;
        id.set(Some(task.id()));
        task.join(&co).await
    });
    assert_eq!(outcome, Ok(None::<()>));
    assert_eq!(log.take(), ["guard dropped"]);
}

#[test]
fn a_finished_task_keeps_its_value() {
    let outcome = Scheduler::new().run(async |co| {
        let task = co.spawn(async |_| 7).await;
        co.turn().await;
        task.cancel(&co).await;
        task.cancel(&co).await;
        task.join(&co).await
    });
    assert_eq!(outcome, Ok(Some(7)));
}

/// Promise (tasks): A stale id or handle never means another task.
#[test]
fn an_old_id_never_means_a_new_task() {
    let outcome = Scheduler::new().run(async |co| {
        let old = co.spawn(async |_| ()).await;
        let id = old.id();
        old.join(&co).await.unwrap();
        let new = co.spawn(async |co| co.turn().await).await;
        assert_ne!(new.id(), id);
        co.cancel(id).await;
        new.join(&co).await
    });
    assert_eq!(outcome, Ok(Some(())));
}

#[test]
fn ids_are_the_order_of_spawning() {
    let ids = Scheduler::new().run(async |co| {
        let mut ids = Vec::new();
        for _ in 0..1_000 {
            let task = co.spawn(async |_| ()).await;
            ids.push(task.id());
            task.join(&co).await.unwrap();
        }
        ids
    });
    assert!(ids.unwrap().into_iter().eq((1..=1_000).map(TaskId)));
}

#[test]
fn a_value_without_a_handle_is_dropped() {
    let value = Rc::new(());
    let returned = value.clone();
    let outcome = Scheduler::new().run(async move |co| {
        drop(co.spawn(async move |_| returned).await);
        co.turn().await;
        Rc::strong_count(&value)
    });
    assert_eq!(outcome, Ok(1));
}

#[test]
#[should_panic(expected = "main was cancelled, so there is no value")]
fn a_cancelled_main_task_is_a_clear_panic() {
    _ = Scheduler::new().run(async |co| co.cancel(TaskId(0)).await);
}
