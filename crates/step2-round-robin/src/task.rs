//! What one task knows of another: a handle, or its id alone.

use std::cell::Cell;
use std::rc::Rc;

/// The place of a task in the order of spawning: the main task is 0.
///
/// It is never used again, so an id that outlives its task finds no task, rather than the wrong
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// A handle to a task, which gives the task's value.
///
/// Dropping it leaves the task running; its value is then dropped when it ends.
pub struct Task<T> {
    /// Where the scheduler leaves the id, when it spawns the task.
    pub(crate) id: Rc<Cell<Option<TaskId>>>,
    /// Where the task leaves its value, when it ends.
    pub(crate) value: Rc<Cell<Option<T>>>,
}

impl<T> Task<T> {
    /// Returns the id of the task.
    pub fn id(&self) -> TaskId {
        self.id.get().expect("a scheduler spawns before it resumes")
    }
}
