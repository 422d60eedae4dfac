//! What happened to which task, in order? An observer that writes it all down.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::rc::Rc;

use step8_fast_executor::{Executor, Observer, TaskId};

/// What an executor has told so far.
#[derive(Default)]
pub(crate) struct Recorder(RefCell<Vec<(&'static str, TaskId)>>);

impl Recorder {
    /// Makes an executor on the virtual clock, so that a program without an end is a panic, and its recorder.
    pub(crate) fn executor() -> (Executor, Rc<Recorder>) {
        let recorder = Rc::new(Recorder::default());
        (
            Executor::with_virtual_time()
                .unwrap()
                .with_observer(recorder.clone()),
            recorder,
        )
    }

    /// How often this happened to that task.
    pub(crate) fn count(&self, what: &str, task: TaskId) -> usize {
        self.0
            .borrow()
            .iter()
            .filter(|event| **event == (what, task))
            .count()
    }

    /// How often the task was polled.
    pub(crate) fn polls(&self, task: TaskId) -> usize {
        self.count("polled", task)
    }

    /// All that happened to the task.
    pub(crate) fn story(&self, task: TaskId) -> String {
        let events = self.0.borrow();
        let story: Vec<_> = events
            .iter()
            .filter(|event| event.1 == task)
            .map(|event| event.0)
            .collect();
        story.join(" ")
    }

    /// The numbers of the tasks to which this happened, in order.
    pub(crate) fn order(&self, what: &str) -> Vec<u64> {
        let events = self.0.borrow();
        events
            .iter()
            .filter(|event| event.0 == what)
            .map(|event| event.1.number())
            .collect()
    }

    fn add(&self, what: &'static str, task: TaskId) {
        self.0.borrow_mut().push((what, task));
    }
}

impl Observer for Recorder {
    fn spawned(&self, task: TaskId, _by: Option<TaskId>) {
        self.add("spawned", task);
    }

    fn woken(&self, task: TaskId) {
        self.add("woken", task);
    }

    fn polled(&self, task: TaskId) {
        self.add("polled", task);
    }

    fn pending(&self, task: TaskId) {
        self.add("pending", task);
    }

    fn finished(&self, task: TaskId) {
        self.add("finished", task);
    }

    fn aborted(&self, task: TaskId) {
        self.add("aborted", task);
    }

    fn panicked(&self, task: TaskId) {
        self.add("panicked", task);
    }
}
