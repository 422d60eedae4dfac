//! Does `join` give the value, and is the joiner parked meanwhile?

mod support;

use step2_round_robin::{Co, Generated, Scheduler, Turn};
use support::{Log, Recorder};

async fn turns(co: &Co, n: u32) -> u32 {
    for _ in 0..n {
        co.yield_(Turn).await;
    }
    n
}

#[test]
fn join_before_the_end_gives_the_value() {
    let main = Generated::new(async |co: &Co| {
        let task = co
            .spawn(Generated::new(async |co: &Co| turns(co, 5).await))
            .await;
        task.join(co).await
    });
    assert_eq!(Scheduler::new().run(main), Ok(Ok(5)));
}

#[test]
fn join_after_the_end_gives_the_value_without_another_turn() {
    let mut seen = Recorder::default();
    let main = Generated::new(async |co: &Co| {
        let task = co
            .spawn_named("child", Generated::new(async |co: &Co| turns(co, 0).await))
            .await;
        co.yield_(Turn).await;
        task.join(co).await
    });
    assert_eq!(
        Scheduler::new().with_observer(&mut seen).run(main),
        Ok(Ok(0))
    );
    let after_the_end = seen
        .events
        .iter()
        .skip_while(|event| *event != "child finished");
    let expected = [
        "child finished",
        "main resumed",
        "main yielded Join(child)",
        "main resumed",
        "main finished",
    ];
    assert_eq!(after_the_end.collect::<Vec<_>>(), expected);
}

/// Classic bug: "join by busy polling".
#[test]
fn join_by_busy_polling() {
    let mut seen = Recorder::default();
    let main = Generated::new(async |co: &Co| {
        let task = co
            .spawn_named(
                "child",
                Generated::new(async |co: &Co| turns(co, 1000).await),
            )
            .await;
        task.join(co).await
    });
    Scheduler::new()
        .with_observer(&mut seen)
        .run(main)
        .unwrap()
        .unwrap();
    assert_eq!(seen.resumes["child"], 1001);
    assert_eq!(
        seen.resumes["main"], 3,
        "started, went on after the spawn, went on after the join"
    );
}

#[test]
fn a_task_that_is_not_joined_runs_to_its_end() {
    let log = Log::default();
    let inner = log.clone();
    let main = Generated::new(async move |co: &Co| {
        let child = Generated::new(async move |co: &Co| {
            turns(co, 3).await;
            inner.add("child done");
        });
        drop(co.spawn(child).await);
        "main done"
    });
    assert_eq!(Scheduler::new().run(main), Ok("main done"));
    assert_eq!(log.take(), ["child done"]);
}

#[test]
fn several_joiners_go_on_in_the_order_in_which_they_came() {
    let log = Log::default();
    let notes = log.clone();
    let main = Generated::new(async move |co: &Co| {
        let child = co
            .spawn(Generated::new(async |co: &Co| turns(co, 10).await))
            .await
            .id();
        for i in 0..5 {
            let notes = notes.clone();
            co.spawn(Generated::new(async move |co: &Co| {
                co.join(child).await;
                notes.add(format!("joiner {i}"));
            }))
            .await;
        }
    });
    Scheduler::new().run(main).unwrap();
    assert_eq!(
        log.take(),
        ["joiner 0", "joiner 1", "joiner 2", "joiner 3", "joiner 4"]
    );
}

#[test]
fn a_chain_of_ten_thousand_joins() {
    async fn link(co: &Co, n: u32) -> u32 {
        if n == 0 {
            return 0;
        }
        let next = co
            .spawn(Generated::new(async move |co: &Co| {
                Box::pin(link(co, n - 1)).await
            }))
            .await;
        1 + next.join(co).await.unwrap()
    }
    let main = Generated::new(async |co: &Co| link(co, 10_000).await);
    assert_eq!(Scheduler::new().run(main), Ok(10_000));
}
