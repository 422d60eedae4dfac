//! The scheduler of step 3, with one more arm, and one place to wait for sockets and for time.

use std::collections::{BTreeMap, VecDeque};
use std::io;

use step2_round_robin::{Deadlock, Generator, GeneratorState, TaskId};
use step3_sleeping_heap::{Clock, TimerHeap};
use trace::Reason;

use crate::co::{Entry, Request, task_of};
use crate::{Co, Select, Selector, Waiters};

/// Runs tasks in turn, and lets them sleep and wait for sockets, until all of them are done.
pub struct Scheduler {
    /// The tasks that have not ended.
    tasks: BTreeMap<TaskId, Entry>,
    /// The task that is next is in front. An id stays in here when its task is cancelled, and then
    /// finds no task.
    ready: VecDeque<TaskId>,
    /// How many tasks there have been.
    spawned: u64,
    sleepers: TimerHeap<TaskId>,
    clock: Clock,
    waiters: Waiters<TaskId>,
}

impl Scheduler {
    /// Makes a scheduler without tasks, on [`Select`] and the real clock.
    ///
    /// # Errors
    ///
    /// Returns an error if the selector cannot be made.
    pub fn new() -> io::Result<Scheduler> {
        Ok(Scheduler::with_selector(Select::new()?))
    }

    /// Makes a scheduler without tasks, on this selector and the real clock.
    pub fn with_selector(selector: impl Selector + 'static) -> Scheduler {
        Scheduler {
            tasks: BTreeMap::new(),
            ready: VecDeque::new(),
            spawned: 0,
            sleepers: TimerHeap::new(),
            clock: Clock::real_time(),
            waiters: Waiters::new(Box::new(selector)),
        }
    }

    /// Puts the scheduler on this clock.
    ///
    /// On a virtual clock no task can wait for a socket: the network takes real time.
    pub fn with_clock(self, clock: Clock) -> Scheduler {
        Scheduler { clock, ..self }
    }

    /// Runs `main` and all that it spawns to the end, and returns the value of `main`.
    ///
    /// # Errors
    ///
    /// Returns an error if the tasks that are left all wait for each other, or sleep forever. They
    /// are dropped, in the order of spawning. If `main` has returned, its value is lost.
    ///
    /// As long as a task waits for a socket, the others may be in a deadlock without an error.
    ///
    /// # Panics
    ///
    /// Panics if a task does, which drops the other tasks; if `main` was cancelled; and if waiting
    /// for sockets fails, as it does when one was closed while a task waited for it.
    pub fn run<T: 'static>(
        mut self,
        main: impl AsyncFnOnce(Co) -> T + 'static,
    ) -> Result<T, Deadlock> {
        trace::started(Some(self.clock.now()), self.clock.is_virtual());
        let (entry, main) = task_of("main", main);
        self.spawn(entry);
        while !(self.ready.is_empty() && self.sleepers.is_empty() && self.waiters.is_empty()) {
            // A round: tasks that get ready in it wait for the next one.
            // So they cannot starve the others.
            for _ in 0..self.ready.len() {
                if let Some(task) = self.ready.pop_front() {
                    self.run_task(task);
                }
            }
            self.wait();
        }
        if !self.tasks.is_empty() {
            let tasks = self.tasks.into_values().map(|entry| entry.name).collect();
            return Err(Deadlock { tasks });
        }
        let value = main.value.take();
        Ok(value.expect("main was cancelled, so there is no value"))
    }

    /// Makes the tasks ready whose deadline has come or whose socket is ready. If no task is ready,
    /// waits for the first of these.
    fn wait(&mut self) {
        let is_idle = self.ready.is_empty();
        let deadline = self.sleepers.next_deadline();
        let mut woken = Vec::new();
        match deadline {
            _ if !self.waiters.is_empty() => woken = self.waiters.wait(is_idle, deadline),
            Some(deadline) if is_idle => self.clock.wait_until(deadline),
            Some(_) => {}
            None => return,
        }
        let now = self.clock.now();
        if is_idle {
            trace::waited(now);
        }
        while let Some(task) = self.sleepers.pop_due(now) {
            self.make_ready(task);
        }
        for task in woken {
            self.make_ready(task);
        }
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
                Yielded(Request::Sleep(duration)) => {
                    // A time that the clock cannot show never comes.
                    let deadline = self.clock.now().checked_add(duration);
                    entry.timer = deadline.map(|deadline| self.sleepers.push(deadline, id));
                    return trace::suspended(id.0, Some(Reason::Sleep(deadline)));
                }
                Yielded(Request::Wait(event, error)) => {
                    match self.waiters.push(&self.clock, event, id) {
                        Err(refusal) => error.set(Some(refusal)),
                        Ok(place) => {
                            entry.place = Some(place);
                            return trace::suspended(id.0, Some(place.reason()));
                        }
                    }
                }
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
        entry.timer.and_then(|timer| self.sleepers.cancel(timer));
        // Leave the line first: dropping the body may close the socket.
        entry.place.and_then(|place| self.waiters.remove(place));
        // If it has not ended, its guards run now.
        drop(entry.body);
        // A joiner that was cancelled is stale.
        if let Some(joiner) = entry.joiner.filter(|id| self.tasks.contains_key(id)) {
            self.make_ready(joiner);
        }
    }
}
