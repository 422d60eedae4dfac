//! How does one see what an executor does, without paying for it when nobody looks?

use std::os::fd::RawFd;
use std::time::Instant;

/// A task's place in the order of spawning, which no other task of its executor ever has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub(crate) u64);

impl TaskId {
    /// The future that the executor blocks on.
    pub const MAIN: TaskId = TaskId(0);

    /// Returns the place as a number: 1 for the first task that was spawned.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// What a future that is not ready waits for, as it says itself.
///
/// The executor does not know it and does not need to: it is for pictures alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// For a time by the executor's clock; `None` is one that the clock will never come to, and so for ever.
    Sleep(Option<Instant>),
    /// For the socket with this descriptor to be worth a try to read.
    Readable(RawFd),
    /// For the socket with this descriptor to be worth a try to write.
    Writable(RawFd),
    /// For the end of this task.
    Join(TaskId),
}

/// Is told what happens to the tasks of an executor, as it happens.
///
/// A method that is not written does nothing. An executor without an observer pays for a branch, and nothing else. The
/// methods may use the executor, as no borrow is held while they run. One that panics ends the `block_on` that is
/// running; then drop the executor. But `spawned` and `woken` are part of whoever spawns and wakes, and so is their
/// panic.
///
/// # Examples
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use step8_fast_executor::{Executor, Observer, TaskId, yield_now};
///
/// #[derive(Default)]
/// struct Polls(Cell<u32>);
///
/// impl Observer for Polls {
///     fn polled(&self, _: TaskId) {
///         self.0.set(self.0.get() + 1);
///     }
/// }
///
/// let polls = Rc::new(Polls::default());
/// let executor = Executor::new()?.with_observer(polls.clone());
/// executor.block_on(yield_now());
/// assert_eq!(polls.0.get(), 2);
/// # std::io::Result::Ok(())
/// ```
#[expect(
    unused_variables,
    reason = "the names are for those who implement the methods"
)]
pub trait Observer {
    /// A task was spawned, by another one or, if that is `None`, while none was being polled.
    fn spawned(&self, task: TaskId, by: Option<TaskId>) {}

    /// A task went to the back of the ready queue.
    fn woken(&self, task: TaskId) {}

    /// A task is about to be polled.
    fn polled(&self, task: TaskId) {}

    /// A future that was polled in a task is not ready, and says what it waits for.
    ///
    /// It comes before [`pending`](Self::pending), once for each such future: not at all when the wait is for something
    /// else, say a lock, and twice in a [`timeout`](crate::timeout). It is called inside the poll, so if it panics,
    /// that ends the task.
    fn waits(&self, task: TaskId, reason: &Wait) {}

    /// A future was dropped in a task before it was ready, and so does not wait any more.
    ///
    /// It takes back what [`waits`](Self::waits) has told in the same poll, if it has told anything. What a task gives
    /// up by being aborted is not told.
    fn gave_up(&self, task: TaskId, reason: &Wait) {}

    /// A task was polled and is not ready.
    fn pending(&self, task: TaskId) {}

    /// A task's future is ready.
    fn finished(&self, task: TaskId) {}

    /// A task is about to be dropped where it stands.
    fn aborted(&self, task: TaskId) {}

    /// A task has panicked.
    fn panicked(&self, task: TaskId) {}
}

impl<O: Observer + ?Sized> Observer for std::rc::Rc<O> {
    fn spawned(&self, task: TaskId, by: Option<TaskId>) {
        (**self).spawned(task, by);
    }

    fn woken(&self, task: TaskId) {
        (**self).woken(task);
    }

    fn polled(&self, task: TaskId) {
        (**self).polled(task);
    }

    fn waits(&self, task: TaskId, reason: &Wait) {
        (**self).waits(task, reason);
    }

    fn gave_up(&self, task: TaskId, reason: &Wait) {
        (**self).gave_up(task, reason);
    }

    fn pending(&self, task: TaskId) {
        (**self).pending(task);
    }

    fn finished(&self, task: TaskId) {
        (**self).finished(task);
    }

    fn aborted(&self, task: TaskId) {
        (**self).aborted(task);
    }

    fn panicked(&self, task: TaskId) {
        (**self).panicked(task);
    }
}
