//! A recording that is being written, event by event.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::os::fd::RawFd;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use crate::whereabouts::Whereabouts;
use crate::{Cause, Event, Message, Note, Reason, Recording, TaskInfo, What};

/// How many events a recording has at most, which take some 50 MB.
const MOST_EVENTS: usize = 500_000;

/// A recording, and what must be known to continue it.
pub(crate) struct Draft {
    pub(crate) recording: Recording,
    whereabouts: Whereabouts,
    clock: Clock,
    /// The time of the first event.
    start: Option<Instant>,
    /// The place of each task in the recording, by its number in the run.
    places: HashMap<u64, usize>,
    tasks: Vec<Task>,
    /// The tasks that carry messages, which are not in the recording.
    carriers: HashSet<u64>,
    /// The sockets that were waited for: a descriptor is used again, so its file is known, too.
    sockets: Vec<(RawFd, Option<u64>)>,
    running: Option<usize>,
    /// What the task that runs has said it waits for since its turn began.
    told: Vec<Reason>,
    /// The last task that was cancelled in this turn.
    cancelled: Option<usize>,
}

/// What tells the time of an event.
#[derive(Clone, Copy)]
enum Clock {
    None,
    Real,
    /// It showed this when it was last heard of, and stands still until it is heard of again.
    Virtual(Instant),
}

#[derive(Default)]
struct Task {
    has_ended: bool,
    /// What it waited for when it was last suspended: not all of its futures may have been polled
    /// since.
    standing: Vec<Reason>,
}

impl Draft {
    /// Begins the recording of a run on a clock that shows `now`. With `has_code` it looks where
    /// tasks stand in the program.
    pub(crate) fn new(
        title: String,
        now: Option<Instant>,
        is_virtual: bool,
        has_code: bool,
    ) -> Draft {
        let clock = match now {
            None => Clock::None,
            Some(now) if is_virtual => Clock::Virtual(now),
            Some(_) => Clock::Real,
        };
        let recording = Recording {
            title,
            has_clock: now.is_some(),
            is_virtual,
            ..Recording::default()
        };
        Draft {
            recording,
            whereabouts: Whereabouts::new(has_code),
            clock,
            start: None,
            places: HashMap::new(),
            tasks: vec![],
            carriers: HashSet::new(),
            sockets: vec![],
            running: None,
            told: vec![],
            cancelled: None,
        }
    }

    /// Writes down an event.
    pub(crate) fn follow(&mut self, event: trace::Event) {
        use trace::Event::*;
        if self.is_of_carrier(&event) {
            return;
        }
        if self.recording.events.len() >= MOST_EVENTS {
            self.recording.is_cut = true;
            return;
        }
        match event {
            Spawned { task, name, by } => {
                self.look();
                self.spawned(task, name, by);
            }
            Woken { task } => self.woken(task),
            Resumed { task } => self.resumed(task),
            Here => self.look(),
            Waits(reason) => {
                self.look();
                let reason = self.reason(reason);
                self.told.extend(reason);
            }
            GaveUp(reason) => {
                self.whereabouts.forget();
                if let Some(reason) = self.reason(reason) {
                    self.gave_up(&reason);
                }
            }
            Suspended { task } => self.suspended(task),
            Finished { task } => self.ended(task, What::Finished),
            Panicked { task } => self.ended(task, What::Panicked),
            Cancelled { task } => self.ended(task, What::Cancelled),
            Message(message) => self.message(message),
            Carries { task } => self.forget(task),
            Printed(line) => {
                if let Some(task) = self.running {
                    self.look();
                    self.remark(Note::Printed(task, line));
                }
            }
            Waited { now } => {
                if let Clock::Virtual(shows) = &mut self.clock {
                    *shows = now;
                }
                self.remark(Note::Waited(self.now()));
            }
            // These are about the whole recording.
            Entered(_) | Started { .. } | Title(_) => {}
        }
    }

    fn spawned(&mut self, task: u64, name: String, by: Option<u64>) {
        // The main task of an executor is there anew in each `block_on`. If the one before has no
        // end, the executor has unwound in its panic, and said nothing more.
        let is_unwound = |earlier: &usize| !self.tasks[*earlier].has_ended;
        if self.places.get(&task).is_some_and(is_unwound) {
            self.ended(task, What::Panicked);
        }
        let by = by.filter(|by| *by != task && !self.carriers.contains(by));
        let by = by.map(|by| self.place(by));
        self.places.insert(task, self.tasks.len());
        self.recording.tasks.push(TaskInfo { name, by });
        self.tasks.push(Task::default());
        self.note(self.tasks.len() - 1, What::Spawned);
    }

    /// Returns whether an event is the turn of a task that carries a message, which is not
    /// recorded.
    fn is_of_carrier(&mut self, event: &trace::Event) -> bool {
        use trace::Event::*;
        match event {
            Resumed { task } if self.carriers.contains(task) => {
                self.running = None;
                self.told.clear();
                true
            }
            Woken { task } | Suspended { task } => self.carriers.contains(task),
            Finished { task } | Cancelled { task } | Panicked { task } => {
                self.carriers.remove(task)
            }
            _ => false,
        }
    }

    /// Takes the newest task out: it carries a message.
    fn forget(&mut self, task: u64) {
        let newest = self.tasks.len().checked_sub(1);
        if newest.is_some() && self.places.get(&task).copied() == newest {
            self.places.remove(&task);
            self.tasks.pop();
            self.recording.tasks.pop();
            let events = &mut self.recording.events;
            while events.pop_if(|last| Some(last.task) == newest).is_some() {}
        }
        self.carriers.insert(task);
    }

    fn message(&mut self, message: trace::Message) {
        let [from, to] = [message.from, message.to].map(|task| task.map(|task| self.place(task)));
        if let Some(task) = to.or(from) {
            let (sent, fate) = (self.since_start(message.sent), message.fate);
            self.note(
                task,
                What::Message(Message {
                    from,
                    to,
                    sent,
                    fate,
                }),
            );
        }
    }

    /// Returns the place of a task, which may be older than the recording.
    fn place(&mut self, task: u64) -> usize {
        if !self.places.contains_key(&task) {
            let name = match task {
                0 => "main".to_owned(),
                task => format!("task {task}"),
            };
            self.spawned(task, name, None);
        }
        self.places[&task]
    }

    fn woken(&mut self, task: u64) {
        let task = self.place(task);
        let last = self.recording.events.last();
        if !last.is_some_and(|last| last.task == task && last.what == What::Spawned) {
            self.remark(Note::Cause(self.cause(task)));
        }
        self.note(task, What::Ready);
    }

    /// Returns what must have made a task ready.
    fn cause(&self, task: usize) -> Cause {
        let standing = &self.tasks[task].standing;
        let ended = standing.iter().find_map(|reason| match reason {
            Reason::Join(Some(other)) if self.tasks[*other].has_ended => Some(*other),
            _ => None,
        });
        let mut sockets = standing.iter().filter_map(|reason| match reason {
            Reason::Readable(socket) | Reason::Writable(socket) => Some(*socket),
            _ => None,
        });
        let is_due = |reason: &Reason| match reason {
            Reason::Sleep(deadline) => deadline.is_some_and(|deadline| deadline <= self.now()),
            _ => false,
        };
        match (ended, self.running) {
            (_, Some(running)) if running == task => Cause::Itself,
            (Some(ended), _) => Cause::End(ended),
            (None, Some(running)) => Cause::Task(running),
            (None, None) if standing.iter().any(is_due) => Cause::Timer,
            // Which of several sockets it was is not heard.
            (None, None) => match (sockets.next(), sockets.next()) {
                (Some(socket), None) => Cause::Socket(Some(socket)),
                (Some(_), Some(_)) => Cause::Socket(None),
                (None, _) => Cause::Outside,
            },
        }
    }

    fn resumed(&mut self, task: u64) {
        let task = self.place(task);
        self.running = Some(task);
        self.cancelled = None;
        self.told.clear();
        self.whereabouts.begin_turn();
        self.note(task, What::Runs);
        self.recording.turns += 1;
    }

    fn gave_up(&mut self, reason: &Reason) {
        // A cancelled task is dropped in the turn of another, and its futures with it.
        let cancelled = self.cancelled.map(|task| &mut self.tasks[task].standing);
        if cancelled.is_some_and(|standing| remove(standing, reason)) {
            return;
        }
        remove(&mut self.told, reason);
        if let Some(running) = self.running {
            remove(&mut self.tasks[running].standing, reason);
        }
    }

    /// A task is suspended, for what its futures have said, and for what still holds from before.
    fn suspended(&mut self, task: u64) {
        let task = self.place(task);
        let mut reasons = std::mem::take(&mut self.told);
        let standing = std::mem::take(&mut self.tasks[task].standing);
        let count =
            |reasons: &[Reason], reason| reasons.iter().filter(|known| **known == reason).count();
        for (i, reason) in standing.iter().enumerate() {
            if count(&standing[..=i], *reason) > count(&reasons, *reason) && self.stands(reason) {
                reasons.push(*reason);
            }
        }
        self.tasks[task].standing = reasons.clone();
        // A picture says once what several futures wait for.
        for i in (1..reasons.len()).rev() {
            if reasons[..i].contains(&reasons[i]) {
                reasons.remove(i);
            }
        }
        self.running = None;
        self.note(task, What::Suspended(reasons));
    }

    /// Returns whether a reason from before surely still holds. Of a socket that is not known: it
    /// may have been read.
    fn stands(&self, reason: &Reason) -> bool {
        match reason {
            Reason::Sleep(deadline) => deadline.is_none_or(|deadline| deadline > self.now()),
            Reason::Join(Some(task)) => !self.tasks[*task].has_ended,
            Reason::Join(None) | Reason::Readable(_) | Reason::Writable(_) => false,
        }
    }

    fn ended(&mut self, task: u64, how: What) {
        // One that was never heard of belongs to an earlier run, and is dropped late.
        let Some(task) = self.places.get(&task).copied() else {
            return;
        };
        self.tasks[task].has_ended = true;
        self.running = self.running.filter(|running| *running != task);
        if how == What::Cancelled {
            self.cancelled = Some(task);
        }
        self.note(task, how);
    }

    /// Returns what is waited for in terms of the recording; `None` for the next turn, which is no
    /// reason to wait.
    fn reason(&mut self, reason: trace::Reason) -> Option<Reason> {
        Some(match reason {
            trace::Reason::Turn => return None,
            trace::Reason::Sleep(deadline) => {
                Reason::Sleep(deadline.map(|at| self.since_start(at)))
            }
            trace::Reason::Join(task) => Reason::Join(self.places.get(&task).copied()),
            trace::Reason::Readable(descriptor) => Reason::Readable(self.socket(descriptor)),
            trace::Reason::Writable(descriptor) => Reason::Writable(self.socket(descriptor)),
        })
    }

    fn socket(&mut self, descriptor: RawFd) -> usize {
        let file = fs::metadata(format!("/dev/fd/{descriptor}"));
        let socket = (descriptor, file.ok().map(|file| file.ino()));
        let known = self.sockets.iter().position(|known| *known == socket);
        known.unwrap_or_else(|| {
            self.sockets.push(socket);
            self.recording.sockets += 1;
            self.sockets.len() - 1
        })
    }

    fn look(&mut self) {
        if let Some(running) = self.running {
            self.whereabouts.look(running);
            self.recording.lacks_lines = self.whereabouts.has_ended();
        }
    }

    fn remark(&mut self, note: Note) {
        if self.recording.notes.len() >= MOST_EVENTS {
            self.recording.is_cut = true;
            return;
        }
        let before = self.recording.events.len();
        let at = self.whereabouts.take();
        let notes = at.into_iter().chain([note]).map(|note| (before, note));
        self.recording.notes.extend(notes);
    }

    fn note(&mut self, task: usize, what: What) {
        if let Some(at) = self.whereabouts.take() {
            self.remark(at);
        }
        if self.start.is_none() {
            self.start = self.clock.now();
        }
        self.recording.events.push(Event {
            at: self.now().max(self.recording.duration()),
            turn: self.recording.turns,
            task,
            what,
        });
    }

    fn now(&self) -> Duration {
        self.clock
            .now()
            .map_or(Duration::ZERO, |now| self.since_start(now))
    }

    fn since_start(&self, at: Instant) -> Duration {
        let start = self.start.unwrap_or(at);
        at.saturating_duration_since(start)
    }
}

impl Clock {
    fn now(self) -> Option<Instant> {
        match self {
            Clock::None => None,
            Clock::Real => Some(Instant::now()),
            Clock::Virtual(now) => Some(now),
        }
    }
}

/// Removes one of what is equal, and returns whether there was one: another future may wait for the
/// same.
fn remove(reasons: &mut Vec<Reason>, reason: &Reason) -> bool {
    let place = reasons.iter().position(|known| known == reason);
    place.map(|place| reasons.remove(place)).is_some()
}
