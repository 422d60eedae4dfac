//! What happens to a task that is cancelled, wherever it stands, and who learns of it?

mod support;

use std::rc::Rc;

use step2_round_robin::{Cancelled, Co, Generated, Scheduler, TaskId, Turn};
use support::{Log, Recorder, later};

async fn for_ever(co: &Co, guard: support::Guard) {
    let _guard = guard;
    loop {
        co.yield_(Turn).await;
    }
}

#[test]
fn the_guards_run_at_once_and_joiners_learn_of_it() {
    let log = Log::default();
    let notes = log.clone();
    let main = Generated::new(async move |co: &Co| {
        let guard = notes.guard("guard");
        let task = co
            .spawn(Generated::new(async move |co: &Co| {
                for_ever(co, guard).await
            }))
            .await;
        co.yield_(Turn).await;
        task.cancel(co).await;
        notes.add("main goes on");
        assert_eq!(task.join(co).await, Err(Cancelled));
    });
    Scheduler::new().run(main).unwrap();
    assert_eq!(log.take(), ["guard dropped", "main goes on"]);
}

#[test]
fn one_that_has_not_started_is_dropped_and_never_runs() {
    let log = Log::default();
    let notes = log.clone();
    let mut seen = Recorder::default();
    let main = Generated::new(async move |co: &Co| {
        let guard = notes.guard("guard");
        let task = co
            .spawn_named(
                "child",
                Generated::new(async move |co: &Co| for_ever(co, guard).await),
            )
            .await;
        task.cancel(co).await;
    });
    Scheduler::new().with_observer(&mut seen).run(main).unwrap();
    assert_eq!(log.take(), ["guard dropped"]);
    assert_eq!(seen.resumes.get("child"), None);
}

#[test]
fn one_that_joins_is_taken_out_of_the_joiners() {
    let log = Log::default();
    let notes = log.clone();
    let main = Generated::new(async move |co: &Co| {
        let joined = co
            .spawn(Generated::new(async |co: &Co| co.yield_(Turn).await))
            .await
            .id();
        let guard = notes.guard("joiner");
        let joiner = Generated::new(async move |co: &Co| {
            let _guard = guard;
            co.join(joined).await;
            unreachable!("it was cancelled");
        });
        let joiner = co.spawn(joiner).await;
        co.yield_(Turn).await;
        joiner.cancel(co).await;
        co.join(joined).await;
        notes.add("joined");
    });
    Scheduler::new().run(main).unwrap();
    assert_eq!(log.take(), ["joiner dropped", "joined"]);
}

#[test]
fn one_that_is_joined_makes_its_joiners_ready_in_order() {
    let mut seen = Recorder::default();
    let main = Generated::new(async |co: &Co| {
        let joined = co
            .spawn_named(
                "joined",
                Generated::new(async |co: &Co| loop_turns(co).await),
            )
            .await;
        for name in ["first", "second"] {
            let id = joined.id();
            co.spawn_named(name, Generated::new(async move |co: &Co| co.join(id).await))
                .await;
        }
        co.yield_(Turn).await;
        joined.cancel(co).await;
    });
    Scheduler::new().with_observer(&mut seen).run(main).unwrap();
    let after: Vec<_> = seen
        .events
        .iter()
        .skip_while(|event| *event != "joined cancelled")
        .take(3)
        .collect();
    assert_eq!(after, ["joined cancelled", "first ready", "second ready"]);
}

async fn loop_turns(co: &Co) {
    loop {
        co.yield_(Turn).await;
    }
}

#[test]
fn itself() {
    let log = Log::default();
    let notes = log.clone();
    let main = Generated::new(async move |co: &Co| {
        let me = later::<TaskId>();
        let guard = notes.guard("guard");
        let task = Generated::new({
            let me = me.clone();
            async move |co: &Co| {
                let _guard = guard;
                co.cancel(me.get().unwrap()).await;
                unreachable!("it has cancelled itself");
            }
        });
        let task = co.spawn(task).await;
        me.set(Some(task.id()));
        task.join(co).await
    });
    assert_eq!(Scheduler::new().run(main), Ok(Err::<(), _>(Cancelled)));
    assert_eq!(log.take(), ["guard dropped"]);
}

#[test]
fn a_finished_one_keeps_its_value() {
    let main = Generated::new(async |co: &Co| {
        let task = co.spawn(Generated::new(async |_: &Co| 7)).await;
        co.yield_(Turn).await;
        task.cancel(co).await;
        task.cancel(co).await;
        task.join(co).await
    });
    assert_eq!(Scheduler::new().run(main), Ok(Ok(7)));
}

#[test]
fn an_old_number_never_means_a_new_task() {
    let main = Generated::new(async |co: &Co| {
        let old = co.spawn(Generated::new(async |_: &Co| ())).await.id();
        co.join(old).await;
        let new = co
            .spawn(Generated::new(async |co: &Co| co.yield_(Turn).await))
            .await;
        assert_ne!(new.id(), old);
        co.cancel(old).await;
        co.join(old).await;
        new.join(co).await
    });
    assert_eq!(Scheduler::new().run(main), Ok(Ok(())));
}

#[test]
fn the_value_of_a_task_that_nobody_joins_is_dropped_at_its_end() {
    let value = Rc::new(());
    let returned = value.clone();
    let main = Generated::new(async move |co: &Co| {
        drop(co.spawn(Generated::new(async move |_: &Co| returned)).await);
        co.yield_(Turn).await;
        Rc::strong_count(&value)
    });
    assert_eq!(Scheduler::new().run(main), Ok(1));
}
