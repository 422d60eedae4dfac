//! What a task can ask its scheduler for, and how it asks.

use std::cell::Cell;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::rc::Rc;
use std::time::Duration;

use step2_round_robin::{Generated, TaskId, Yielder};
use step3_sleeping_heap::TimerKey;

use crate::{Direction, Event, Place};

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
    /// To wait for a duration.
    Sleep(Duration),
    /// To wait until a socket can be tried. A scheduler that refuses
    /// leaves the reason in the cell.
    Wait(Event, Rc<Cell<Option<io::Error>>>),
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
    /// The timer of its last sleep. If that is over, the key finds no timer.
    pub(crate) timer: Option<TimerKey>,
    /// The place of its last wait for a socket. If that is over, the place finds no waiter.
    pub(crate) place: Option<Place>,
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
        timer: None,
        place: None,
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

    /// Waits for this long or longer, but never less.
    ///
    /// `Duration::ZERO` lets the other tasks have a turn. What no clock can show, such as
    /// `Duration::MAX`, is forever.
    pub async fn sleep(&self, duration: Duration) {
        self.0.yield_(Request::Sleep(duration)).await;
    }

    /// Waits until a socket can be read from.
    ///
    /// This takes a turn even if the socket is readable already. The socket must be non-blocking,
    /// because the read that follows may still find nothing. Tasks that wait for the same
    /// descriptor are woken first come, first served.
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
        let fd = socket.as_fd().as_raw_fd();
        let refused = Rc::new(Cell::new(None));
        let request = Request::Wait(Event { fd, direction }, Rc::clone(&refused));
        self.0.yield_(request).await;
        refused.take().map_or(Ok(()), Err)
    }

    /// Spawns a task, which goes to the back of the ready queue.
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

/// A handle to a task, which gives the task's value.
///
/// Dropping it leaves the task running; its value is then dropped when it ends.
pub struct Task<T> {
    /// Where the scheduler leaves the id, when it spawns the task.
    id: Rc<Cell<Option<TaskId>>>,
    /// Where the task leaves its value, when it ends.
    pub(crate) value: Rc<Cell<Option<T>>>,
}

impl<T> Task<T> {
    /// Returns the id of the task.
    pub fn id(&self) -> TaskId {
        self.id.get().expect("a scheduler spawns before it resumes")
    }

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
    pub async fn cancel(&self, co: &Co) {
        co.cancel(self.id()).await;
    }
}
