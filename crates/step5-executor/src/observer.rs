//! How does one see what an executor does, without paying for it when nobody looks?

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

/// Is told what happens to the tasks of an executor, as it happens.
///
/// Each method does nothing unless it is written. An executor without an observer has none of the cost but a branch.
/// The methods may use the executor, as no borrow is held while they run. One that panics ends the `block_on` that goes on;
/// then drop the executor.
///
/// # Examples
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use step5_executor::{Executor, Observer, TaskId, yield_now};
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
#[expect(unused_variables, reason = "the names are for those who implement the methods")]
pub trait Observer {
    /// A task was spawned, by another one or, if that is `None`, while none was being polled.
    fn spawned(&self, task: TaskId, by: Option<TaskId>) {}

    /// A task went to the back of the ready queue.
    fn woken(&self, task: TaskId) {}

    /// A task is about to be polled.
    fn polled(&self, task: TaskId) {}

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
