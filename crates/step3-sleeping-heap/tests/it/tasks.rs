//! Are spawn, join, cancel and deadlock those of step 2?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use step3_sleeping_heap::{Clock, Co, Scheduler, TaskId};
use testing::Transcript;

fn virtual_time() -> Scheduler {
    Scheduler::with_clock(Clock::virtual_time())
}

#[test]
fn join_gives_the_value_of_a_sleeper() {
    let outcome = virtual_time().run(async |co| {
        let task = co.spawn(async |co: Co| {
            co.sleep(Duration::from_secs(1)).await;
            7
        });
        task.await.join(&co).await
    });
    assert_eq!(outcome, Ok(Some(7)));
}

#[test]
fn guards_of_a_cancelled_sleeper_run() {
    let log = Transcript::default();
    let notes = log.clone();
    let outcome = virtual_time().run(async move |co| {
        let guard = notes.guard("guard");
        let task = co.spawn(async move |co: Co| {
            let _guard = guard;
            co.sleep(Duration::MAX).await;
        });
        let task = task.await;
        co.turn().await;
        task.cancel(&co).await;
        notes.note("main continues");
        task.join(&co).await
    });
    assert_eq!(outcome, Ok(None));
    assert_eq!(log.take(), ["guard dropped", "main continues"]);
}

#[test]
fn a_deadlock_names_joiners_and_sleepers() {
    let outcome = virtual_time().run(async |co| {
        let forever = async |co: Co| co.sleep(Duration::MAX).await;
        let forever = co.spawn_named("forever", forever).await;
        let joiner = async move |co: Co| forever.join(&co).await;
        co.spawn_named("joiner", joiner).await;
        co.spawn(async |co| co.sleep(Duration::MAX).await).await;
    });
    let error = outcome.unwrap_err();
    assert_eq!(error.tasks, ["forever", "joiner", "task 3"]);
}

#[test]
#[should_panic(expected = "main was cancelled, so there is no value")]
fn a_cancelled_main_task_is_a_clear_panic() {
    _ = virtual_time().run(async |co| co.cancel(TaskId(0)).await);
}

#[test]
fn a_panic_in_a_task_drops_the_others_in_order() {
    let log = Transcript::default();
    let notes = log.clone();
    let main = async move |co: Co| {
        for name in ["first", "second"] {
            let guard = notes.guard(name);
            co.spawn(async move |co: Co| {
                let _guard = guard;
                co.sleep(Duration::MAX).await;
            })
            .await;
        }
        co.sleep(Duration::from_secs(1)).await;
        panic!("main fails");
    };
    let run = AssertUnwindSafe(|| virtual_time().run::<()>(main).unwrap());
    let payload = catch_unwind(run).unwrap_err();
    assert_eq!(*payload.downcast::<&str>().unwrap(), "main fails");
    assert_eq!(log.take(), ["first dropped", "second dropped"]);
}
