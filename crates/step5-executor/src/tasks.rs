//! The tasks of an executor: a table with a row for each.
//!
//! It could be a `BTreeMap` by id, as in steps 2 to 4. With rows a task is found without a search, and a switch takes half
//! the time. A row is used again, but an id is not: a late wake finds that the row belongs to another task.

use std::mem;
use std::pin::Pin;

use step2_round_robin::TaskId;

use crate::ready::TaskWaker;

/// A future that returns nothing: the output of a task goes to where its handle finds it.
pub(crate) type Body = Pin<Box<dyn Future<Output = ()>>>;

pub(crate) struct Task {
    pub(crate) id: TaskId,
    /// `None` while it is polled.
    pub(crate) body: Option<Body>,
    /// If it is empty, the task is called by its number.
    pub(crate) name: Box<str>,
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
        if row == self.rows.len() {
            self.rows.push(None);
        }
        self.rows[row] = Some(task);
        row
    }

    /// Finds a task; `None` if it has left the table.
    pub(crate) fn get(&mut self, waker: &TaskWaker) -> Option<&mut Task> {
        let row = self.rows.get_mut(waker.row)?;
        row.as_mut().filter(|task| task.id == waker.id)
    }

    /// Takes a task out.
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

    /// Returns the names of all tasks, in the order of spawning.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut all: Vec<_> = self.rows.iter().flatten().collect();
        all.sort_by_key(|task| task.id);
        all.iter().map(|task| task.name()).collect()
    }
}

impl Task {
    fn name(&self) -> String {
        match &*self.name {
            "" => format!("task {}", self.id.0),
            name => name.to_owned(),
        }
    }
}
