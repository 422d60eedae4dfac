//! The tasks of an executor: a table with a row for each.
//!
//! It could be a `BTreeMap` by id, as in steps 2 to 4. With rows a task is found without a search,
//! which makes a switch twice as fast. A row is used again, but an id is not. So a late wake finds
//! that the row belongs to another task.

use std::mem;
use std::pin::Pin;

use step2_round_robin::TaskId;

use crate::ready::TaskWaker;

pub(crate) struct Task {
    pub(crate) id: TaskId,
    /// `None` while it is polled. Returns nothing: the output goes where the handle finds it.
    pub(crate) body: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

#[derive(Default)]
pub(crate) struct Tasks {
    rows: Vec<Option<Task>>,
    free: Vec<usize>,
}

impl Tasks {
    /// Adds a task, and returns its row.
    pub(crate) fn insert(&mut self, task: Task) -> usize {
        let row = self.free.pop().unwrap_or(self.rows.len());
        self.rows.resize_with(self.rows.len().max(row + 1), || None);
        self.rows[row] = Some(task);
        row
    }

    /// Finds the task of a waker. Returns `None` if it has left the table.
    pub(crate) fn get(&mut self, waker: &TaskWaker) -> Option<&mut Task> {
        let row = self.rows.get_mut(waker.row)?;
        row.as_mut().filter(|task| task.id == waker.id)
    }

    /// Takes the task of a waker out.
    pub(crate) fn remove(&mut self, waker: &TaskWaker) -> Option<Task> {
        self.get(waker)?;
        self.free.push(waker.row);
        self.rows[waker.row].take()
    }

    /// Takes all tasks out, in the order of spawning.
    pub(crate) fn take_all(&mut self) -> Vec<Task> {
        let mut all: Vec<_> = mem::take(self).rows.into_iter().flatten().collect();
        all.sort_by_key(|task| task.id);
        all
    }
}
