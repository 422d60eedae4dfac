//! What a task can ask its scheduler for, and how it asks.

use std::cell::Cell;
use std::io;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::rc::Rc;
use std::time::Duration;

use step2_round_robin::{Cancelled, Generated, Generator, TaskId, Yielder};

use crate::Direction;

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
    /// To wait for a duration.
    Sleep(Duration),
    /// To wait for a socket.
    Wait {
        /// The socket.
        fd: RawFd,
        /// What for.
        direction: Direction,
        /// Where the scheduler says why it cannot wait for this socket.
        refused: Rc<Cell<Option<io::Error>>>,
    },
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

    /// Waits for a duration, and never less. `Duration::ZERO` is one turn, and `Duration::MAX` is forever.
    pub async fn sleep(&self, duration: Duration) {
        self.0.yield_(Request::Sleep(duration)).await;
    }

    /// Waits until a socket can be read from.
    ///
    /// It takes a turn even if that is so already. Tasks that wait for the same socket are served first come, first
    /// served.
    ///
    /// # Errors
    ///
    /// Returns an error if the selector cannot wait for this socket, and on a virtual clock.
    pub async fn readable(&self, socket: &impl AsFd) -> io::Result<()> {
        self.wait(socket, Direction::Read).await
    }

    /// Waits until a socket can be written to, in the same way.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`readable`](Self::readable).
    pub async fn writable(&self, socket: &impl AsFd) -> io::Result<()> {
        self.wait(socket, Direction::Write).await
    }

    async fn wait(&self, socket: &impl AsFd, direction: Direction) -> io::Result<()> {
        let answer = Rc::new(Cell::new(None));
        let (fd, refused) = (socket.as_fd().as_raw_fd(), answer.clone());
        self.0
            .yield_(Request::Wait {
                fd,
                direction,
                refused,
            })
            .await;
        answer.take().map_or(Ok(()), Err)
    }

    /// Spawns a task, which goes to the back of the ready queue.
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

/// A handle to a task, which gives the task's value.
///
/// Dropping it leaves the task running; its value is then dropped when it ends.
pub struct Task<T> {
    id: TaskId,
    /// Where the task leaves its value.
    value: Rc<Cell<Option<T>>>,
}

impl<T> Task<T> {
    /// Returns the id of the task.
    pub fn id(&self) -> TaskId {
        self.id
    }

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
