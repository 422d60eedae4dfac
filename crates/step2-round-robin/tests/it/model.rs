//! Does a random program run as a naive model says, event by event?

use step2_round_robin::{Co, Scheduler, Task, TaskId};
use testing::model::{Program, Scope, compare};
use testing::played::{self, Player};
use testing::{Transcript, watchdog};

struct OnStep2(Co);

impl Player for OnStep2 {
    type Task = Task<()>;
    type Id = TaskId;

    async fn spawn(&self, body: impl AsyncFnOnce(Self) + 'static) -> Task<()> {
        self.0.spawn(async |co| body(OnStep2(co)).await).await
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
}

fn run(program: Program) -> Vec<String> {
    let transcript = Transcript::default();
    let _listening = transcript.listen();
    let notes = transcript.clone();
    let main = async move |co| played::main(OnStep2(co), program, notes).await;
    Scheduler::new().run(main).unwrap();
    transcript.take()
}

/// Promise (order): A program has the same events in the same order on every step that can run it,
/// and on a model of the plainest scheduler.
#[test]
fn random_programs_run_as_the_model_says() {
    watchdog::within_a_minute(|| compare(Scope::Turns, run));
}
