//! The scheduler: a table of tasks, a queue of those that are ready, and one `match` on what a task
//! asks for.

use std::collections::{BTreeMap, VecDeque};

use trace::Reason;

use crate::co::{Entry, Request, task_of};
use crate::{Co, Deadlock, Generator, GeneratorState, TaskId};

/// Runs tasks in turn, until all of them are done.
#[derive(Default)]
pub struct Scheduler {
    /// The tasks that have not ended.
    tasks: BTreeMap<TaskId, Entry>,
    /// The task that is next is in front. An id stays in here when its task is cancelled, and then
    /// finds no task.
    ready: VecDeque<TaskId>,
    /// How many tasks there have been.
    spawned: u64,
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
    /// Returns an error if the tasks that are left all wait for each other. They are dropped, in
    /// the order of spawning. If `main` has returned, its value is lost.
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
        let (entry, main) = task_of("main", main);
        self.spawn(entry);
        while let Some(task) = self.ready.pop_front() {
            self.run_task(task);
        }
        if !self.tasks.is_empty() {
            let tasks = self.tasks.into_values().map(|entry| entry.name).collect();
            return Err(Deadlock { tasks });
        }
        let value = main.value.take();
        Ok(value.expect("main was cancelled, so there is no value"))
    }

    /// Gives a task a turn: resumes it until it asks for another one, has to wait, or ends.
    fn run_task(&mut self, id: TaskId) {
        use GeneratorState::{Complete, Yielded};
        if !self.tasks.contains_key(&id) {
            return;
        }
        trace::resumed(id.0);
        // Until the task has ended, or has cancelled itself.
        while let Some(entry) = self.tasks.get_mut(&id) {
            match entry.body.resume() {
                Yielded(Request::Turn) => {
                    self.make_ready(id);
                    return trace::suspended(id.0, Some(Reason::Turn));
                }
                Yielded(Request::Spawn(entry)) => self.spawn(entry),
                Yielded(Request::Join(other)) => {
                    if let Some(joined) = self.tasks.get_mut(&other) {
                        joined.joiner = Some(id);
                        return trace::suspended(id.0, Some(Reason::Join(other.0)));
                    }
                }
                Yielded(Request::Cancel(other)) => self.remove(other, trace::cancelled),
                Complete(()) => self.remove(id, trace::finished),
            }
        }
    }

    fn spawn(&mut self, mut entry: Entry) {
        let id = TaskId(self.spawned);
        self.spawned += 1;
        entry.id.set(Some(id));
        if entry.name.is_empty() {
            entry.name = format!("task {}", id.0);
        }
        trace::spawned(id.0, &entry.name);
        self.tasks.insert(id, entry);
        self.make_ready(id);
    }

    fn make_ready(&mut self, id: TaskId) {
        trace::woken(id.0);
        self.ready.push_back(id);
    }

    /// Takes a task out of the table, whether it has ended or not, and wakes its joiner.
    fn remove(&mut self, id: TaskId, report: fn(u64)) {
        let Some(entry) = self.tasks.remove(&id) else {
            return;
        };
        report(id.0);
        // If it has not ended, its guards run now.
        drop(entry.body);
        // A joiner that was cancelled is stale.
        if let Some(joiner) = entry.joiner.filter(|id| self.tasks.contains_key(id)) {
            self.make_ready(joiner);
        }
    }
}
