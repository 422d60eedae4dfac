//! Does a random program run as a naive model says, event by event, and at the same times?

use std::time::Duration;

use step3_sleeping_heap::{Clock, Co, Scheduler, Task, TaskId};
use testing::model::{Program, Scope, compare};
use testing::played::{self, Player};
use testing::{Transcript, watchdog};

struct OnStep3(Co);

impl Player for OnStep3 {
    type Task = Task<()>;
    type Id = TaskId;

    async fn spawn(&self, body: impl AsyncFnOnce(Self) + 'static) -> Task<()> {
        self.0.spawn(async |co| body(OnStep3(co)).await).await
    }

    fn id(task: &Task<()>) -> TaskId {
        task.id()
    }

    async fn join(&self, task: Task<()>) -> bool {
        task.join(&self.0).await.is_some()
    }

    async fn cancel(&self, task: TaskId) {
        self.0.cancel(task).await;
    }

    async fn turn(&self) {
        self.0.turn().await;
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }
}

fn run(program: Program) -> Vec<String> {
    let transcript = Transcript::default();
    let _listening = transcript.listen();
    let notes = transcript.clone();
    let main = async move |co| played::main(OnStep3(co), program, notes).await;
    let scheduler = Scheduler::with_clock(Clock::virtual_time());
    scheduler.run(main).unwrap();
    transcript.take()
}

/// Promise (order): A program has the same events in the same order on every step that can run it,
/// and on a model of the plainest scheduler.
#[test]
fn random_programs_run_as_the_model_says() {
    watchdog::within_a_minute(|| compare(Scope::Time, run));
}

#[test]
fn programs_of_step_2_run_as_on_step_2() {
    watchdog::within_a_minute(|| compare(Scope::Turns, run));
}
