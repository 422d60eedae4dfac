//! The table of the tasks, borrowed without a flag.
#![allow(unsafe_code, reason = "the table is borrowed without a flag")]

use std::cell::{Cell, UnsafeCell};
use std::mem::ManuallyDrop;

use step2_round_robin::TaskId;

use crate::table::{MAX_TASKS, Next, Table};
use crate::task::Task;
use crate::task_key::TaskKey;

/// The table of an executor's tasks, and the queue of those that are ready.
///
/// Each function borrows the table for one step. A `RefCell` would check that whenever a program
/// runs, at a few instructions a step. Here you check it once, by reading this file.
pub(crate) struct Tasks {
    table: UnsafeCell<Table>,
    /// Only debug builds look at it.
    is_borrowed: Cell<bool>,
}

/// What is polled next.
pub(crate) enum Turn {
    /// The future that the executor blocks on.
    Main,
    Task(TaskKey, ManuallyDrop<Task>),
    /// Nothing: the task is gone.
    Gone,
}

impl Tasks {
    pub(crate) fn new(executor: u16) -> Tasks {
        Tasks {
            table: UnsafeCell::new(Table::new(executor)),
            is_borrowed: Cell::new(false),
        }
    }

    #[inline(always)]
    fn with<R>(&self, step: impl FnOnce(&mut Table) -> R) -> R {
        debug_assert!(!self.is_borrowed.replace(true), "the table is borrowed");
        // SAFETY: this is the only reference. Only the functions below call this, and what they
        // pass calls functions of `Table`, which run no user code: so nothing comes back here
        // meanwhile. No reference to the table leaves this function, because `R` does not depend on
        // its lifetime, and `Tasks` is not `Sync`.
        let result = step(unsafe { &mut *self.table.get() });
        debug_assert!(self.is_borrowed.replace(false));
        result
    }

    /// Returns the key of the future that the executor blocks on.
    pub(crate) fn main(&self) -> TaskKey {
        self.with(|table| table.main())
    }

    /// Returns the slot and the id of the next task, and makes sure that there is room for it.
    ///
    /// # Panics
    ///
    /// Panics if there are 16,777,214 tasks.
    #[inline]
    pub(crate) fn reserve(&self) -> (u32, TaskId) {
        let reserved = self.with(Table::reserve);
        reserved.unwrap_or_else(|| {
            panic!("an executor has room for {MAX_TASKS} tasks at once: join some")
        })
    }

    /// Puts a task into the slot that was [reserved](Self::reserve) for it, and at the back of the
    /// ready queue.
    #[inline]
    pub(crate) fn insert(&self, slot: u32, id: TaskId, task: Task) {
        self.with(|table| table.insert(slot, id, task));
    }

    /// Acts as if so many more tasks had been spawned.
    #[cfg(test)]
    pub(crate) fn skip(&self, count: u64) {
        self.with(|table| table.skip(count));
    }

    /// Gives a task a name, for messages and pictures.
    pub(crate) fn set_name(&self, id: TaskId, name: String) {
        self.with(|table| table.set_name(id, name));
    }

    /// Returns the name of a task. `None` if it has none.
    pub(crate) fn name(&self, id: TaskId) -> Option<String> {
        self.with(|table| table.name(id).map(str::to_owned))
    }

    /// Puts a task at the back of the ready queue. Returns whether it did: not if it is there
    /// already, or gone.
    #[inline]
    pub(crate) fn make_ready(&self, key: TaskKey) -> bool {
        self.with(|table| table.make_ready(key))
    }

    /// Returns whether any task is ready.
    #[inline]
    pub(crate) fn has_ready(&self) -> bool {
        self.with(|table| table.ready_len() > 0)
    }

    /// Begins a round: until the next one, [`next`](Self::next) leaves alone what gets ready.
    #[inline]
    pub(crate) fn begin_round(&self) {
        self.with(Table::begin_round);
    }

    /// Takes the first entry of the ready queue, to be polled. `None` if the round is over.
    ///
    /// # Safety
    ///
    /// The task is not used any more once it was [removed](Self::remove).
    #[inline]
    pub(crate) unsafe fn next(&self) -> Option<Turn> {
        self.with(|table| {
            Some(match table.next()? {
                Next::Main => Turn::Main,
                // SAFETY: the caller keeps the promise, and the table does not settle tasks.
                Next::Task(key, task) => Turn::Task(key, unsafe { task.alias() }),
                Next::Gone => Turn::Gone,
            })
        })
    }

    /// Notes that a task is to be cancelled after the poll that is running.
    pub(crate) fn abort_later(&self, key: TaskKey) {
        self.with(|table| table.find(key).into_iter().for_each(Task::abort_later));
    }

    /// Returns the id of a task. `None` if it is gone, and for the main future.
    pub(crate) fn id(&self, key: TaskKey) -> Option<TaskId> {
        self.with(|table| table.find(key).map(Task::id))
    }

    /// Takes a task out of the table. `None` if it is gone already.
    #[inline]
    pub(crate) fn remove(&self, key: TaskKey) -> Option<Task> {
        self.with(|table| table.remove(key))
    }

    /// Drops the ready queue's dead entries if they are the greater part.
    pub(crate) fn compact(&self) {
        self.with(Table::compact);
    }

    /// Returns all tasks in the order of spawning.
    pub(crate) fn in_order(&self) -> Vec<(TaskId, TaskKey)> {
        self.with(|table| table.in_order())
    }

    /// Gives the memory of an empty table back.
    pub(crate) fn clear(&self) {
        self.with(|table| table.clear());
    }
}
