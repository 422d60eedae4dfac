//! Are spawn, join, cancel and deadlock those of step 3?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use step4_select::{Co, Scheduler, Socket, TaskId};
use testing::{Transcript, lines};

fn socket() -> Socket {
    Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// Promise (tasks): A deadlock is reported by the names of its tasks: as an error in steps 2 to 4,
/// and as a panic on a virtual clock from step 5 on.
#[test]
fn a_deadlock_names_the_tasks() {
    let outcome = Scheduler::new().unwrap().run(async |co| {
        let forever = async |co: Co| co.sleep(Duration::MAX).await;
        let forever = co.spawn_named("forever", forever).await;
        let joiner = async move |co: Co| forever.join(&co).await;
        co.spawn_named("joiner", joiner).await;
    });
    let error = outcome.unwrap_err();
    assert_eq!(error.tasks, ["forever", "joiner"]);
}

#[test]
#[should_panic(expected = "main was cancelled, so there is no value")]
fn a_cancelled_main_task_is_a_clear_panic() {
    let scheduler = Scheduler::new().unwrap();
    _ = scheduler.run(async |co| co.cancel(TaskId(0)).await);
}

/// Promise (tasks): A panic in a task ends the scheduler: it passes through `run`, and the other
/// tasks are dropped.
#[test]
fn a_panic_in_a_task_drops_the_others_in_order() {
    let log = Transcript::default();
    let notes = log.clone();
    let main = async move |co: Co| {
        for name in ["first", "second"] {
            let (guard, socket) = (notes.guard(name), socket());
            co.spawn(async move |co: Co| {
                let _guard = guard;
                socket.recv_from(&co, &mut [0]).await
            })
            .await;
        }
        co.turn().await;
        panic!("main fails");
    };
    let run = AssertUnwindSafe(|| Scheduler::new().unwrap().run::<()>(main).unwrap());
    let payload = catch_unwind(run).unwrap_err();
    assert_eq!(*payload.downcast::<&str>().unwrap(), "main fails");
    assert_eq!(log.take(), ["first dropped", "second dropped"]);
}

#[test]
fn a_program_without_waits_reports_none() {
    let happened = lines(|| Scheduler::new().unwrap().run(async |_| ()).unwrap());
    let expected = [
        "started",
        "main spawned",
        "main woken",
        "main resumed",
        "main finished",
    ];
    assert_eq!(happened, expected);
}
