//! What does a listener hear, and in which order?

use step2_round_robin::{Co, Scheduler};
use testing::lines;

#[test]
fn events_are_reported_in_order() {
    let happened = lines(|| {
        let main = async |co: Co| {
            let child = co.spawn_named("child", async |co| co.turn().await).await;
            let other = co.spawn(async |co| co.turn().await).await;
            other.cancel(&co).await;
            child.join(&co).await.unwrap();
        };
        Scheduler::new().run(main).unwrap();
    });
    let expected = [
        "started",
        "main spawned",
        "main woken",
        "main resumed",
        "child spawned by main",
        "child woken",
        "task 2 spawned by main",
        "task 2 woken",
        "task 2 cancelled",
        "main waits for child",
        "main suspended",
        "child resumed",
        "child woken",
        "child waits for its turn",
        "child suspended",
        "child resumed",
        "child finished",
        "main woken",
        "main resumed",
        "main finished",
    ];
    assert_eq!(happened, expected);
}
