//! What if tasks wait for each other?

mod support;

use step2_round_robin::{Co, Deadlock, Generated, Scheduler, TaskId, Turn};
use support::{Log, later};

/// A ring of tasks with these names, each of which joins the next.
fn ring(names: Vec<String>, log: &Log) -> Deadlock {
    let log = log.clone();
    let main = Generated::new(async move |co: &Co| {
        // These end at once, and leave their places in the table to those who come after, in another order.
        for _ in 0..names.len() {
            co.spawn(Generated::new(async |_: &Co| ())).await;
        }
        co.yield_(Turn).await;
        let ids: Vec<_> = names.iter().map(|_| later::<TaskId>()).collect();
        for (i, name) in names.iter().enumerate() {
            let next = ids[(i + 1) % ids.len()].clone();
            let guard = log.guard(name);
            let body = Generated::new(async move |co: &Co| {
                let _guard = guard;
                co.join(next.get().unwrap()).await;
            });
            ids[i].set(Some(co.spawn_named(name, body).await.id()));
        }
    });
    Scheduler::new().run(main).unwrap_err()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn a_cycle_of_joins_ends_with_an_error_that_names_the_tasks() {
    let error = ring(names(&["a", "b", "c"]), &Log::default());
    assert_eq!(
        error.to_string(),
        r#"deadlock: "a" joins "b", "b" joins "c", "c" joins "a""#
    );
    assert_eq!(error.tasks().collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn a_join_on_oneself_ends_with_an_error_that_names_the_task() {
    let error = ring(names(&["narcissus"]), &Log::default());
    assert_eq!(error.to_string(), r#"deadlock: "narcissus" joins itself"#);
}

#[test]
fn the_tasks_are_dropped_in_the_order_of_spawning() {
    let log = Log::default();
    ring(names(&["a", "b", "c"]), &log);
    assert_eq!(log.take(), ["a dropped", "b dropped", "c dropped"]);
}

#[test]
fn a_long_list_is_cut() {
    let error = ring((0..1000).map(|i| i.to_string()).collect(), &Log::default());
    assert!(
        error
            .to_string()
            .ends_with(r#", "9" joins "10", and 990 more wait"#),
        "{error}"
    );
    assert_eq!(error.tasks().count(), 1000);
}

#[test]
fn a_task_without_a_name_goes_by_its_number() {
    let main = Generated::new(async |co: &Co| {
        let me = later::<TaskId>();
        let seen = me.clone();
        let task = Generated::new(async move |co: &Co| co.join(seen.get().unwrap()).await);
        me.set(Some(co.spawn(task).await.id()));
        co.join(me.get().unwrap()).await;
    });
    let error = Scheduler::new().run(main).unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"deadlock: "main" joins "task 1", "task 1" joins itself"#
    );
}

#[test]
fn a_name_cannot_say_something_else() {
    let error = ring(
        vec!["a\" joins nobody\n\u{1b}[2J".to_owned()],
        &Log::default(),
    );
    assert_eq!(
        error.to_string(),
        r#"deadlock: "a\" joins nobody\n\u{1b}[2J" joins itself"#
    );
    let error = ring(vec!["a".to_owned(), "\u{1b}".to_owned()], &Log::default());
    assert_eq!(
        error.to_string(),
        r#"deadlock: "a" joins "\u{1b}", "\u{1b}" joins "a""#
    );
}
