//! By what does one task know another? By a handle, which gives its value, or by its number alone.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::num::NonZeroU32;
use std::rc::Rc;

use crate::{Cancel, Co, Join};

/// The number of a task in its scheduler, never given to another one.
///
/// It is a place in the scheduler's table and the generation of that place, so that a number kept after the end of
/// its task means nobody, and not whoever has the place now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskId {
    pub(crate) slot: u32,
    /// Not zero, so that an `Option<TaskId>` takes no more room.
    pub(crate) generation: NonZeroU32,
}

/// What messages and pictures call a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskName {
    /// The name that it was spawned with.
    Given(String),
    /// Without a name, its place in the order of spawning: the first task, `main`, is number 0.
    Number(u64),
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TaskName::Given(name) => f.write_str(name),
            TaskName::Number(number) => write!(f, "task {number}"),
        }
    }
}

/// A handle to a task, which gives the task's value.
///
/// Dropping it leaves the task running, and its value is dropped when it ends.
pub struct Task<T> {
    id: TaskId,
    value: Rc<Cell<Option<T>>>,
}

impl<T> Task<T> {
    pub(crate) fn new(id: TaskId, value: Rc<Cell<Option<T>>>) -> Task<T> {
        Task { id, value }
    }

    /// Returns the number of the task, for those who have no use for its value.
    pub fn id(&self) -> TaskId {
        self.id
    }

    /// Waits for the end of the task and gives its value, at once if the task has ended.
    ///
    /// The joining task is parked: it does not run again before the end of the other.
    ///
    /// # Errors
    ///
    /// [`Cancelled`] when the task was cancelled before its end.
    ///
    /// # Cancel safety
    ///
    /// When the joining task is cancelled, the other one runs on, and its value is dropped at its end.
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::{Cancelled, Co, Generated, Scheduler, Turn};
    ///
    /// let main = Generated::new(async |co: &Co| {
    ///     let endless = co.spawn(Generated::new(async |co: &Co| loop { co.yield_(Turn).await })).await;
    ///     endless.cancel(co).await;
    ///     endless.join(co).await
    /// });
    /// assert_eq!(Scheduler::new().run(main), Ok(Err::<(), _>(Cancelled)));
    /// ```
    pub async fn join<Q: From<Join>>(self, co: &Co<Q>) -> Result<T, Cancelled> {
        co.join(self.id).await;
        self.value.take().ok_or(Cancelled)
    }

    /// Cancels the task: drops it where it stands. Nothing happens if it has ended.
    ///
    /// Its locals are dropped, so its guards run; whoever joins it learns of it; what it asked for is taken back. A
    /// task may cancel itself, and then this never returns.
    pub async fn cancel<Q: From<Cancel>>(&self, co: &Co<Q>) {
        co.cancel(self.id).await;
    }

    pub(crate) fn value(self) -> Option<T> {
        self.value.take()
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Task").field(&self.id).finish()
    }
}

/// The error of joining a task that was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the task was cancelled before its end")
    }
}

impl Error for Cancelled {}
