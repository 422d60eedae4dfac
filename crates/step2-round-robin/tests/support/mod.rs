//! An observer that writes down what it sees: a line for each event, with the task's name.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use step2_round_robin::{Observer, Request, TaskId, TaskName};

#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) events: Vec<String>,
    pub(crate) resumes: HashMap<String, u32>,
    names: HashMap<TaskId, String>,
}

impl Recorder {
    fn note(&mut self, what: &str, task: TaskId) {
        self.events.push(format!("{} {what}", self.names[&task]));
    }
}

impl Observer<Request> for Recorder {
    fn spawned(&mut self, task: TaskId, name: &TaskName, by: Option<TaskId>) {
        self.names.insert(task, name.to_string());
        let by = by.map_or("nobody", |by| &self.names[&by]);
        self.events.push(format!("{name} spawned by {by}"));
    }

    fn ready(&mut self, task: TaskId) {
        self.note("ready", task);
    }

    fn resumed(&mut self, task: TaskId) {
        *self.resumes.entry(self.names[&task].clone()).or_default() += 1;
        self.note("resumed", task);
    }

    fn yielded(&mut self, task: TaskId, request: &Request) {
        let request = match request {
            Request::Join(other) => format!("Join({})", self.names[other]),
            Request::Cancel(other) => format!("Cancel({})", self.names[other]),
            Request::Spawn(spawn) => format!("{spawn:?}"),
            Request::Turn => "Turn".to_owned(),
        };
        self.note(&format!("yielded {request}"), task);
    }

    fn finished(&mut self, task: TaskId) {
        self.note("finished", task);
    }

    fn cancelled(&mut self, task: TaskId) {
        self.note("cancelled", task);
    }
}

/// A log that tasks and guards write to.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        self.0.take()
    }

    /// A guard that logs its drop.
    pub(crate) fn guard(&self, name: &str) -> Guard {
        Guard(self.clone(), name.to_owned())
    }
}

pub(crate) struct Guard(Log, String);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.add(format!("{} dropped", self.1));
    }
}

/// A value that becomes known later.
pub(crate) fn later<T: Copy>() -> Rc<Cell<Option<T>>> {
    Rc::new(Cell::new(None))
}
