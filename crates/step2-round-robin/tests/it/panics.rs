//! What does a panic in a task do?

use std::panic::{AssertUnwindSafe, catch_unwind};

use step2_round_robin::{Co, Scheduler};
use testing::Transcript;

/// Runs `f`, which must panic, and returns the message.
fn message(f: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    (*payload.downcast::<&str>().unwrap()).to_owned()
}

/// Promise (tasks): A panic in a task ends the scheduler: it passes through `run`, and the other
/// tasks are dropped.
#[test]
fn a_panic_in_a_task_drops_the_others_in_order() {
    let log = Transcript::default();
    let notes = log.clone();
    let main = async move |co: Co| {
        for name in ["first", "second", "third"] {
            let guard = notes.guard(name);
            co.spawn(async move |co: Co| {
                let _guard = guard;
                co.turn().await;
                assert!(name != "second", "the second one fails");
                co.turn().await;
            })
            .await;
        }
    };
    let run = || Scheduler::new().run(main).unwrap();
    assert_eq!(message(run), "the second one fails");
    // The one that fails drops its guard as it panics.
    let expected = ["second dropped", "first dropped", "third dropped"];
    assert_eq!(log.take(), expected);
}

#[test]
fn a_panic_in_a_guard_passes_through_run() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("the guard fails");
        }
    }
    let main = async |co: Co| {
        let bomb = Bomb;
        let task = co.spawn(async move |_| drop(bomb)).await;
        task.cancel(&co).await;
    };
    let run = || Scheduler::new().run(main).unwrap();
    assert_eq!(message(run), "the guard fails");
}
