//! The scheduler: a table of tasks, a queue of those that are ready, and one `match` on what a task asks for.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use trace::Reason;

use crate::co::{Body, Request, body_of};
use crate::{Co, Deadlock, GeneratorState, TaskId};

/// Runs tasks in turn, until all of them are done.
#[derive(Default)]
pub struct Scheduler {
    /// The tasks that have not ended.
    tasks: BTreeMap<TaskId, Entry>,
    /// The task that is next is in front. An id stays in here when its task is cancelled, and then finds no task.
    ready: VecDeque<TaskId>,
    /// How many tasks there have been.
    spawned: u64,
}

struct Entry {
    name: Option<String>,
    body: Body,
    /// The tasks that wait for the end of this one.
    joiners: Vec<TaskId>,
}

impl Scheduler {
    /// Makes a scheduler without tasks.
    pub fn new() -> Scheduler {
        Scheduler::default()
    }

    /// Runs `main` and all that it spawns to the end, and returns the value of `main`.
    ///
    /// # Errors
    ///
    /// Returns an error if the tasks that are left all wait for each other. They are dropped, in the order of spawning.
    ///
    /// # Panics
    ///
    /// Panics if a task does, which drops the other tasks, and if `main` was cancelled.
    ///
    /// # Examples
    ///
    /// ```
    /// use step2_round_robin::Scheduler;
    ///
    /// assert_eq!(Scheduler::new().run(async |_| "done"), Ok("done"));
    /// ```
    pub fn run<T: 'static>(
        mut self,
        main: impl AsyncFnOnce(Co) -> T + 'static,
    ) -> Result<T, Deadlock> {
        trace::started(None, false);
        let value = Rc::default();
        self.spawn(
            Some("main".to_owned()),
            body_of(main, Rc::clone(&value)),
            None,
        );
        while let Some(task) = self.ready.pop_front() {
            self.run_task(task);
        }
        if self.tasks.is_empty() {
            return Ok(value
                .take()
                .expect("main was cancelled, so there is no value"));
        }
        let left = self.tasks.iter();
        Err(Deadlock::new(left.map(|(id, entry)| {
            entry.name.clone().unwrap_or(id.to_string())
        })))
    }

    /// Runs a task until it waits, or ends. Requests that are answered at once do not end its turn.
    fn run_task(&mut self, id: TaskId) {
        use GeneratorState::{Complete, Yielded};
        if !self.tasks.contains_key(&id) {
            return;
        }
        trace::resumed(id.0);
        // A task that cancels itself is gone.
        while let Some(entry) = self.tasks.get_mut(&id) {
            match entry.body.resume() {
                Yielded(Request::Turn) => {
                    self.make_ready(id);
                    return trace::suspended(id.0, Some(Reason::Turn));
                }
                Yielded(Request::Spawn {
                    name,
                    body,
                    id: answer,
                }) => {
                    answer.set(Some(self.spawn(name, body, Some(id))));
                }
                Yielded(Request::Join(other)) => {
                    if let Some(joined) = self.tasks.get_mut(&other) {
                        joined.joiners.push(id);
                        return trace::suspended(id.0, Some(Reason::Join(other.0)));
                    }
                }
                Yielded(Request::Cancel(other)) => self.cancel(other),
                Complete(()) => return self.finish(id),
            }
        }
    }

    fn spawn(&mut self, name: Option<String>, body: Body, by: Option<TaskId>) -> TaskId {
        let id = TaskId(self.spawned);
        self.spawned += 1;
        trace::spawned(id.0, name.as_deref(), by.map(|by| by.0));
        self.tasks.insert(
            id,
            Entry {
                name,
                body,
                joiners: Vec::new(),
            },
        );
        self.make_ready(id);
        id
    }

    fn make_ready(&mut self, id: TaskId) {
        if self.tasks.contains_key(&id) {
            trace::woken(id.0);
            self.ready.push_back(id);
        }
    }

    fn finish(&mut self, id: TaskId) {
        if let Some(entry) = self.tasks.remove(&id) {
            trace::finished(id.0);
            self.wake_joiners(entry.joiners);
        }
    }

    fn cancel(&mut self, id: TaskId) {
        if let Some(entry) = self.tasks.remove(&id) {
            trace::cancelled(id.0);
            drop(entry.body);
            self.wake_joiners(entry.joiners);
        }
    }

    fn wake_joiners(&mut self, joiners: Vec<TaskId>) {
        for joiner in joiners {
            self.make_ready(joiner);
        }
    }
}
