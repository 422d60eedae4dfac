//! The scheduler of step 3, with one more arm, and one place to wait for sockets and for time.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::Duration;

use step2_round_robin::{Deadlock, GeneratorState, TaskId};
use step3_sleeping_heap::{Clock, TimerHeap, TimerKey};
use trace::Reason;

use crate::co::{Body, Request, body_of};
use crate::{Co, Direction, Event, Select, Selector};

/// Runs tasks in turn, and lets them sleep and wait for sockets, until all of them are done.
pub struct Scheduler {
    /// The tasks that have not ended.
    tasks: BTreeMap<TaskId, Entry>,
    /// The task that is next is in front. An id stays in here when its task is cancelled, and then finds no task.
    ready: VecDeque<TaskId>,
    /// How many tasks there have been.
    spawned: u64,
    sleepers: TimerHeap<TaskId>,
    clock: Clock,
    /// The tasks that wait for sockets. Those of one socket and direction stand in order of arrival.
    waiters: BTreeMap<Place, TaskId>,
    arrived: u64,
    selector: Box<dyn Selector>,
    events: Vec<Event>,
}

/// A place in a line of waiters: the socket, what for, and the order of arrival.
type Place = (RawFd, Direction, u64);

struct Entry {
    name: Option<String>,
    body: Body,
    /// The tasks that wait for the end of this one.
    joiners: Vec<TaskId>,
    /// Its last timer, which may be over.
    timer: Option<TimerKey>,
    /// Its last place in a line of waiters, which it may have left.
    place: Option<Place>,
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
            waiters: BTreeMap::new(),
            arrived: 0,
            selector: Box::new(selector),
            events: Vec::new(),
        }
    }

    /// Puts the scheduler on this clock.
    ///
    /// On a virtual one no task can wait for a socket: the network takes real time.
    pub fn with_clock(self, clock: Clock) -> Scheduler {
        Scheduler { clock, ..self }
    }

    /// Runs `main` and all that it spawns to the end, and returns the value of `main`.
    ///
    /// # Errors
    ///
    /// Returns an error if the tasks that are left all wait for each other, or sleep forever. They are dropped, in the
    /// order of spawning.
    ///
    /// # Panics
    ///
    /// Panics if a task does, which drops the other tasks, and if `main` was cancelled.
    pub fn run<T: 'static>(
        mut self,
        main: impl AsyncFnOnce(Co) -> T + 'static,
    ) -> Result<T, Deadlock> {
        trace::started(Some(self.clock.now()), self.clock.is_virtual());
        let value = Rc::default();
        self.spawn(
            Some("main".to_owned()),
            body_of(main, Rc::clone(&value)),
            None,
        );
        while !(self.ready.is_empty() && self.sleepers.is_empty() && self.waiters.is_empty()) {
            // A round: tasks that get ready in it wait for the next one, so they cannot starve the others.
            for _ in 0..self.ready.len() {
                if let Some(task) = self.ready.pop_front() {
                    self.run_task(task);
                }
            }
            self.wait();
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

    /// Makes the tasks ready whose time or socket has come; if no task is ready, first waits for the first of these.
    fn wait(&mut self) {
        let is_idle = self.ready.is_empty();
        let deadline = self.sleepers.next_deadline();
        if deadline.is_none() && self.waiters.is_empty() {
            return;
        }
        if !self.waiters.is_empty() {
            let left =
                deadline.map(|deadline| deadline.saturating_duration_since(self.clock.now()));
            let timeout = if is_idle { left } else { Some(Duration::ZERO) };
            let waited = self.selector.wait(timeout, &mut self.events);
            waited.expect("waiting for sockets failed");
        } else if let Some(deadline) = deadline.filter(|_| is_idle) {
            self.clock.wait_until(deadline);
        }
        let now = self.clock.now();
        if is_idle {
            trace::waited(now);
        }
        while let Some(task) = self.sleepers.pop_due(now) {
            self.make_ready(task);
        }
        for Event { fd, direction } in std::mem::take(&mut self.events) {
            self.wake_first(fd, direction);
        }
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
                Yielded(Request::Sleep(duration)) => return self.put_to_sleep(id, duration),
                Yielded(Request::Wait {
                    fd,
                    direction,
                    refused,
                }) => match self.put_in_line(id, fd, direction) {
                    Ok(()) => return,
                    Err(error) => refused.set(Some(error)),
                },
                Complete(()) => return self.finish(id),
            }
        }
    }

    fn put_to_sleep(&mut self, id: TaskId, duration: Duration) {
        // A time that the clock cannot show never comes.
        let deadline = self.clock.now().checked_add(duration);
        if let (Some(deadline), Some(entry)) = (deadline, self.tasks.get_mut(&id)) {
            entry.timer = Some(self.sleepers.push(deadline, id));
        }
        trace::suspended(id.0, Some(Reason::Sleep(deadline)));
    }

    /// Lets a task wait for a socket, behind those that wait for it already.
    fn put_in_line(&mut self, id: TaskId, fd: RawFd, direction: Direction) -> io::Result<()> {
        if self.clock.is_virtual() {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "a socket takes real time, so no task can wait for one on a virtual clock: \
                 use the real clock",
            ));
        }
        self.selector.arm(fd, direction)?;
        let place = (fd, direction, self.arrived);
        self.arrived += 1;
        self.waiters.insert(place, id);
        if let Some(entry) = self.tasks.get_mut(&id) {
            entry.place = Some(place);
        }
        let reason = match direction {
            Direction::Read => Reason::Readable(fd),
            Direction::Write => Reason::Writable(fd),
        };
        trace::suspended(id.0, Some(reason));
        Ok(())
    }

    /// Wakes the first waiter in a line. If there are more, the next event is for the second.
    fn wake_first(&mut self, fd: RawFd, direction: Direction) {
        let Some((place, task)) = self.first_in_line(fd, direction) else {
            return;
        };
        self.waiters.remove(&place);
        self.make_ready(task);
        if self.first_in_line(fd, direction).is_some() {
            let armed = self.selector.arm(fd, direction);
            armed.expect("a socket that was armed can be armed again");
        }
    }

    /// Takes a task out of its line. If it was the last, no event is asked for any more.
    fn leave_line(&mut self, place: Place) {
        let (fd, direction, _) = place;
        let was_waiting = self.waiters.remove(&place).is_some();
        if was_waiting && self.first_in_line(fd, direction).is_none() {
            self.selector.disarm(fd, direction);
        }
    }

    fn first_in_line(&self, fd: RawFd, direction: Direction) -> Option<(Place, TaskId)> {
        let line = (fd, direction, 0)..=(fd, direction, u64::MAX);
        let (place, task) = self.waiters.range(line).next()?;
        Some((*place, *task))
    }

    fn spawn(&mut self, name: Option<String>, body: Body, by: Option<TaskId>) -> TaskId {
        let id = TaskId(self.spawned);
        self.spawned += 1;
        trace::spawned(id.0, name.as_deref(), by.map(|by| by.0));
        let entry = Entry {
            name,
            body,
            joiners: Vec::new(),
            timer: None,
            place: None,
        };
        self.tasks.insert(id, entry);
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
            if let Some(timer) = entry.timer {
                self.sleepers.cancel(timer);
            }
            if let Some(place) = entry.place {
                self.leave_line(place);
            }
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
