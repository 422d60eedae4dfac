//! What a task can ask its scheduler for, and how it asks.

use std::cell::Cell;
use std::rc::Rc;

use crate::{Generated, Task, TaskId, Yielder};

/// All that a task can ask for.
pub(crate) enum Request {
    /// Another turn: the task goes to the back of the ready queue.
    Turn,
    /// To run a task. The caller continues at once.
    Spawn(Entry),
    /// To wait for the end of a task. If it has ended, the caller continues at once.
    Join(TaskId),
    /// To drop a task where it stands. The caller continues at once, unless that is itself.
    Cancel(TaskId),
}

/// What a scheduler keeps of a task.
pub(crate) struct Entry {
    /// If it is empty, the task is called `task N`, by its id.
    pub(crate) name: String,
    /// Returns nothing: the value goes to the handle, so tasks of all types fit into one table.
    pub(crate) body: Generated<Request, ()>,
    /// Where the handle finds the id.
    pub(crate) id: Rc<Cell<Option<TaskId>>>,
    /// The task that waits for this one to end.
    pub(crate) joiner: Option<TaskId>,
}

/// Makes what a scheduler keeps of a task, and the handle.
pub(crate) fn task_of<T: 'static>(
    name: &str,
    body: impl AsyncFnOnce(Co) -> T + 'static,
) -> (Entry, Task<T>) {
    let (id, value) = (Rc::default(), Rc::new(Cell::new(None)));
    let task = Task {
        id: Rc::clone(&id),
        value: value.clone(),
    };
    let body = Generated::new(async move |yielder| value.set(Some(body(Co(yielder)).await)));
    let entry = Entry {
        name: name.to_owned(),
        body,
        id,
        joiner: None,
    };
    (entry, task)
}

/// A task's connection to its scheduler: all of its requests go through this.
///
/// Each task has its own, and passes it by reference to the functions that it awaits.
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
    /// assert_eq!(answer, Ok(Some(42)));
    /// ```
    pub async fn spawn<T: 'static>(&self, body: impl AsyncFnOnce(Co) -> T + 'static) -> Task<T> {
        self.spawn_named("", body).await
    }

    /// Spawns a task under a name, which messages and pictures show. If the name is empty, the task
    /// is called `task N`, by its id.
    pub async fn spawn_named<T: 'static>(
        &self,
        name: &str,
        body: impl AsyncFnOnce(Co) -> T + 'static,
    ) -> Task<T> {
        let (entry, task) = task_of(name, body);
        self.0.yield_(Request::Spawn(entry)).await;
        task
    }

    /// Cancels any task whose id you have: see [`Task::cancel`]. The main task is `TaskId(0)`.
    pub async fn cancel(&self, task: TaskId) {
        self.0.yield_(Request::Cancel(task)).await;
    }
}

impl<T> Task<T> {
    /// Waits for the end of the task and returns its value, at once if the task has ended.
    ///
    /// `None` means that the task was cancelled before its end.
    ///
    /// # Cancel safety
    ///
    /// If the joining task is cancelled, the other one continues, and its value is dropped when it
    /// ends.
    pub async fn join(self, co: &Co) -> Option<T> {
        co.0.yield_(Request::Join(self.id())).await;
        self.value.take()
    }

    /// Cancels the task: drops it where it stands. If it has ended, nothing happens.
    ///
    /// Its locals are dropped, so its guards run, and its joiner gets `None`. A task that cancels
    /// itself never returns from here.
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::Scheduler;
    ///
    /// let outcome = Scheduler::new().run(async |co| {
    ///     let endless = co.spawn(async |co| loop { co.turn().await }).await;
    ///     endless.cancel(&co).await;
    ///     endless.join(&co).await
    /// });
    /// assert_eq!(outcome, Ok(None::<()>));
    /// ```
    pub async fn cancel(&self, co: &Co) {
        co.cancel(self.id()).await;
    }
}
