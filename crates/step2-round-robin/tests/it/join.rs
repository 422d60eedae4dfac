//! Does `join` give the value, and is the joiner parked meanwhile?

use step2_round_robin::{Co, Scheduler};
use testing::{Transcript, lines, resumes};

async fn turns(co: &Co, n: u32) -> u32 {
    for _ in 0..n {
        co.turn().await;
    }
    n
}

#[test]
fn join_before_the_end_gives_the_value() {
    let outcome = Scheduler::new().run(async |co| {
        let task = co.spawn(async |co| turns(&co, 5).await).await;
        task.join(&co).await
    });
    assert_eq!(outcome, Ok(Some(5)));
}

#[test]
fn join_after_the_end_takes_no_turn() {
    let happened = lines(|| {
        let outcome = Scheduler::new().run(async |co| {
            let task = co.spawn_named("child", async |_| 7).await;
            co.turn().await;
            task.join(&co).await
        });
        assert_eq!(outcome, Ok(Some(7)));
    });
    let after = happened.iter().skip_while(|line| *line != "child finished");
    let expected = ["child finished", "main resumed", "main finished"];
    assert_eq!(after.collect::<Vec<_>>(), expected);
}

/// Promise (tasks): A joiner is parked until the end of the task that it joins.
///
/// Classic bug: Join by busy polling
#[test]
fn a_joiner_is_parked_until_the_end() {
    let happened = lines(|| {
        let main = async |co: Co| {
            let body = async |co: Co| turns(&co, 1_000).await;
            let task = co.spawn_named("child", body).await;
            task.join(&co).await.unwrap();
        };
        Scheduler::new().run(main).unwrap();
    });
    assert_eq!(resumes(&happened, "child"), 1_001);
    assert_eq!(resumes(&happened, "main"), 2);
}

#[test]
fn a_chain_of_joiners_continues_in_order() {
    let log = Transcript::default();
    let notes = log.clone();
    let main = async move |co: Co| {
        let mut task = co.spawn(async |co| turns(&co, 10).await).await;
        for i in 0..5 {
            let notes = notes.clone();
            let inner = task;
            let joiner = async move |co: Co| {
                let value = inner.join(&co).await.unwrap();
                notes.note(format!("joiner {i}"));
                value
            };
            task = co.spawn(joiner).await;
        }
        assert_eq!(task.join(&co).await, Some(10));
    };
    Scheduler::new().run(main).unwrap();
    let expected: Vec<_> = (0..5).map(|i| format!("joiner {i}")).collect();
    assert_eq!(log.take(), expected);
}

#[test]
fn a_chain_of_ten_thousand_joins_works() {
    async fn link(co: Co, n: u32) -> u32 {
        if n == 0 {
            return 0;
        }
        let next = co.spawn(async move |co| Box::pin(link(co, n - 1)).await);
        1 + next.await.join(&co).await.unwrap()
    }
    let main = async |co: Co| link(co, 10_000).await;
    assert_eq!(Scheduler::new().run(main), Ok(10_000));
}
