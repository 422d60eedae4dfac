//! What does an observer see, and in which order?

mod support;

use step2_round_robin::{Co, Generated, Scheduler, Turn};
use support::Recorder;

#[test]
fn all_that_happens_in_order() {
    let mut seen = Recorder::default();
    let main = Generated::new(async |co: &Co| {
        let child = co
            .spawn_named(
                "child",
                Generated::new(async |co: &Co| co.yield_(Turn).await),
            )
            .await;
        let other = co
            .spawn(Generated::new(async |co: &Co| co.yield_(Turn).await))
            .await;
        other.cancel(co).await;
        child.join(co).await.unwrap();
    });
    Scheduler::new().with_observer(&mut seen).run(main).unwrap();
    let expected = [
        "main spawned by nobody",
        "main ready",
        "main resumed",
        r#"main yielded Spawn(Some("child"))"#,
        "child spawned by main",
        "child ready",
        "main resumed",
        "main yielded Spawn(None)",
        "task 2 spawned by main",
        "task 2 ready",
        "main resumed",
        "main yielded Cancel(task 2)",
        "task 2 cancelled",
        "main resumed",
        "main yielded Join(child)",
        "child resumed",
        "child yielded Turn",
        "child ready",
        "child resumed",
        "child finished",
        "main ready",
        "main resumed",
        "main finished",
    ];
    assert_eq!(seen.events, expected);
}

#[test]
fn the_observer_that_sees_nothing_takes_no_room() {
    assert_eq!(
        size_of::<Scheduler<()>>(),
        size_of::<Scheduler<&mut Recorder>>() - size_of::<&mut Recorder>()
    );
}
