//! What a task can ask its scheduler for, and how it asks.

use std::cell::Cell;
use std::rc::Rc;

use crate::{Cancelled, Generated, Generator, Task, TaskId, Yielder};

/// What the scheduler keeps of a task: its value goes to the handle, so tasks of all types fit into one table.
pub type Body = Box<dyn Generator<Yield = Request, Return = ()>>;

/// All that a task can ask for.
pub enum Request {
    /// Another turn: the task goes to the back of the ready queue.
    Turn,
    /// To run a body as a task. The asker continues at once.
    Spawn {
        /// What messages and pictures call the task; `None` for its number.
        name: Option<String>,
        /// The body.
        body: Body,
        /// Where the scheduler leaves the answer.
        id: Rc<Cell<Option<TaskId>>>,
    },
    /// To wait for the end of a task. If it has ended, the asker continues at once.
    Join(TaskId),
    /// To drop a task where it stands. The asker continues at once.
    Cancel(TaskId),
}

/// The body's end of a task: its requests go through here.
///
/// It belongs to one task, which passes it by reference to the functions that it awaits.
pub struct Co(Yielder<Request>);

impl Co {
    /// Lets the other tasks have a turn.
    pub async fn turn(&self) {
        self.0.yield_(Request::Turn).await;
    }

    /// Spawns a task, which goes to the back of the ready queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::Scheduler;
    ///
    /// let answer = Scheduler::new().run(async |co| {
    ///     let child = co.spawn(async |_| 6 * 7).await;
    ///     child.join(&co).await
    /// });
    /// assert_eq!(answer, Ok(Ok(42)));
    /// ```
    pub async fn spawn<T: 'static>(&self, body: impl AsyncFnOnce(Co) -> T + 'static) -> Task<T> {
        self.ask_to_spawn(None, body).await
    }

    /// Spawns a task under a name, by which messages and pictures call it.
    pub async fn spawn_named<T: 'static>(
        &self,
        name: impl Into<String>,
        body: impl AsyncFnOnce(Co) -> T + 'static,
    ) -> Task<T> {
        self.ask_to_spawn(Some(name.into()), body).await
    }

    async fn ask_to_spawn<T: 'static>(
        &self,
        name: Option<String>,
        body: impl AsyncFnOnce(Co) -> T + 'static,
    ) -> Task<T> {
        let value = Rc::new(Cell::new(None));
        let body = body_of(body, value.clone());
        let answer = Rc::new(Cell::new(None));
        let id = answer.clone();
        self.0.yield_(Request::Spawn { name, body, id }).await;
        let id = answer.get().expect("a scheduler answers before it resumes");
        Task { id, value }
    }

    /// Cancels a task: see [`Task::cancel`].
    pub async fn cancel(&self, task: TaskId) {
        self.0.yield_(Request::Cancel(task)).await;
    }
}

impl<T> Task<T> {
    /// Waits for the end of the task and returns its value, at once if the task has ended.
    ///
    /// # Errors
    ///
    /// Returns an error if the task was cancelled before its end.
    ///
    /// # Cancel safety
    ///
    /// If the joining task is cancelled, the other one continues, and its value is dropped at its end.
    pub async fn join(self, co: &Co) -> Result<T, Cancelled> {
        co.0.yield_(Request::Join(self.id)).await;
        self.value.take().ok_or(Cancelled)
    }

    /// Cancels the task: drops it where it stands. If it has ended, nothing happens.
    ///
    /// Its locals are dropped, so its guards run, and its joiners learn of it. A task that cancels itself does not
    /// return from here.
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::{Cancelled, Scheduler};
    ///
    /// let outcome = Scheduler::new().run(async |co| {
    ///     let endless = co.spawn(async |co| loop { co.turn().await }).await;
    ///     endless.cancel(&co).await;
    ///     endless.join(&co).await
    /// });
    /// assert_eq!(outcome, Ok(Err::<(), _>(Cancelled)));
    /// ```
    pub async fn cancel(&self, co: &Co) {
        co.cancel(self.id).await;
    }
}

/// Makes the body of a task, which leaves the value of `body` where the task's handle finds it.
pub(crate) fn body_of<T: 'static>(
    body: impl AsyncFnOnce(Co) -> T + 'static,
    value: Rc<Cell<Option<T>>>,
) -> Body {
    Box::new(Generated::new(async move |yielder| {
        value.set(Some(body(Co(yielder)).await));
    }))
}
