//! How is what a scheduler does written down?

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step5_executor::TaskId;

use crate::{Event, Reason, Recording, TaskInfo, What};

/// Writes down what the observers in front of it see; its clones write into the same book.
///
/// It is an observer of step 5's executor itself, makes one for the schedulers of steps 2 to 4 with
/// [`generators`](Self::generators), and watches the iterators of step 1 with [`watch`](Self::watch).
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep, spawn};
/// use timeline::{Picture, Recorder};
///
/// let recorder = Recorder::new();
/// let executor = Executor::with_virtual_time()?.with_observer(recorder.clone());
/// executor.block_on(async {
///     let second = spawn(sleep(Duration::from_secs(1)));
///     spawn(sleep(Duration::from_secs(2))).await.and(second.await).unwrap();
/// });
/// let picture = Picture::from(recorder.recording());
/// assert_eq!(picture.to_text(30), "\
/// main    █jjjjjjjjjjjjjjjjjjjj█
/// task 1  █zzzzzzzzzz█··········
/// task 2  █zzzzzzzzzzzzzzzzzzzz█
///         ┬──────────┬─────────┬
///         0          1       2 s
/// 6 resumes, 6 wakes, 3 waits: 2
///   sleeping, 1 joining
/// █ running  z sleeping
/// j joining  · done
/// ");
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone)]
pub struct Recorder {
    book: Rc<RefCell<Book>>,
}

pub(crate) struct Book {
    /// `None` when there is no time, but only turns.
    clock: Option<Box<dyn Fn() -> Instant>>,
    /// The number of the turn that goes on, from zero. `None` before the first.
    turn: Option<u64>,
    tasks: Vec<Task>,
    events: Vec<Noted>,
    /// The tasks of an executor.
    pub(crate) known: HashMap<TaskId, usize>,
    /// The descriptors of the sockets that were waited for.
    sockets: Vec<RawFd>,
}

struct Task {
    info: TaskInfo,
    is_ready: bool,
    is_running: bool,
    has_ended: bool,
    /// The event by which it was last suspended, which is struck out if it was answered at once.
    suspended: usize,
    /// What futures in it have said since it was last polled.
    told: Vec<ReasonAt>,
    /// What it waited for when it was last suspended: not all of its futures may have been polled since.
    standing: Vec<ReasonAt>,
}

/// An event with its time by the clock: which event is the first, from which times count, may still change.
struct Noted {
    at: Option<Instant>,
    is_guess: bool,
    turn: u64,
    task: usize,
    what: What,
    reasons: Vec<ReasonAt>,
}

/// A [`Reason`] with its time by the clock.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum ReasonAt {
    Sleep(Option<Instant>),
    Other(Reason),
}

impl Recorder {
    /// Makes a recorder that goes by the clock of the executor that runs on this thread, or else by the system's.
    pub fn new() -> Recorder {
        Recorder::with_clock(step5_executor::now)
    }

    /// Makes a recorder that goes by another clock, say a virtual one of step 3.
    pub fn with_clock(now: impl Fn() -> Instant + 'static) -> Recorder {
        Recorder::build(Some(Box::new(now)))
    }

    /// Makes a recorder for a scheduler that knows no time.
    pub fn without_clock() -> Recorder {
        Recorder::build(None)
    }

    fn build(clock: Option<Box<dyn Fn() -> Instant>>) -> Recorder {
        let book = Book {
            clock,
            turn: None,
            tasks: vec![],
            events: vec![],
            known: HashMap::new(),
            sockets: vec![],
        };
        Recorder {
            book: Rc::new(RefCell::new(book)),
        }
    }

    /// Returns what it has seen so far.
    pub fn recording(&self) -> Recording {
        self.book.borrow().recording()
    }

    /// Hands the book to `write`. Meanwhile no code of others runs, except that of the clock.
    pub(crate) fn write<R>(&self, write: impl FnOnce(&mut Book) -> R) -> R {
        write(&mut self.book.borrow_mut())
    }
}

impl Book {
    /// Returns the instant that is so far away. `None` is never.
    pub(crate) fn after(&self, duration: Duration) -> Option<Instant> {
        self.clock
            .as_ref()
            .and_then(|now| now().checked_add(duration))
    }

    pub(crate) fn spawned(&mut self, name: String, by: Option<usize>) -> usize {
        let info = TaskInfo { name, by };
        let (suspended, told, standing) = (usize::MAX, vec![], vec![]);
        self.tasks.push(Task {
            info,
            is_ready: false,
            is_running: false,
            has_ended: false,
            suspended,
            told,
            standing,
        });
        let task = self.tasks.len() - 1;
        self.note(task, What::Spawned);
        task
    }

    pub(crate) fn ready(&mut self, task: usize) {
        self.tasks[task].is_ready = true;
        self.note(task, What::Ready);
    }

    /// A task is resumed: for a turn if it was ready, or else because it was answered at once.
    pub(crate) fn resumed(&mut self, task: usize) {
        // A generator waits for one thing at a time, and is resumed when that is over.
        self.tasks[task].standing.clear();
        if self.tasks[task].is_ready {
            return self.runs(task);
        }
        if !self.tasks[task].is_running {
            // It did not wait after all. Nobody else has run since, so no other event is known by a later number.
            self.events.remove(self.tasks[task].suspended);
            self.tasks[task].is_running = true;
        }
        self.note(task, What::GoesOn);
    }

    pub(crate) fn runs(&mut self, task: usize) {
        let Task {
            is_ready,
            is_running,
            told,
            ..
        } = &mut self.tasks[task];
        (*is_ready, *is_running) = (false, true);
        told.clear();
        self.turn = Some(self.turn.map_or(0, |turn| turn + 1));
        self.note(task, What::Runs);
        self.events.last_mut().expect("one was noted just now").turn -= 1;
    }

    pub(crate) fn is_running(&self, task: usize) -> bool {
        self.tasks[task].is_running
    }

    pub(crate) fn has_ended(&self, task: usize) -> bool {
        self.tasks[task].has_ended
    }

    /// A future in a task says what it waits for.
    pub(crate) fn told(&mut self, task: usize, reason: ReasonAt) {
        self.tasks[task].told.push(reason);
    }

    /// A future in a task takes back what it said.
    pub(crate) fn took_back(&mut self, task: usize, reason: ReasonAt) {
        let Task { told, standing, .. } = &mut self.tasks[task];
        // Another future of the task may wait for the same.
        for reasons in [told, standing] {
            if let Some(place) = reasons.iter().position(|known| *known == reason) {
                reasons.remove(place);
            }
        }
    }

    /// A task is suspended, for what its futures have said, and for what still holds from before.
    pub(crate) fn suspended(&mut self, task: usize) {
        let mut reasons = std::mem::take(&mut self.tasks[task].told);
        let standing = std::mem::take(&mut self.tasks[task].standing);
        let count =
            |reasons: &[ReasonAt], reason| reasons.iter().filter(|known| **known == reason).count();
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
        self.tasks[task].is_running = false;
        self.tasks[task].suspended = self.events.len();
        self.note(task, What::Suspended(vec![]));
        self.events
            .last_mut()
            .expect("one was noted just now")
            .reasons = reasons;
    }

    /// Returns whether a reason from before surely still holds. Nobody knows that of a socket: it may have been read.
    fn stands(&self, reason: &ReasonAt) -> bool {
        match reason {
            ReasonAt::Sleep(deadline) => {
                deadline.is_none_or(|deadline| Some(deadline) > self.now())
            }
            ReasonAt::Other(Reason::Join(Some(task))) => !self.has_ended(*task),
            ReasonAt::Other(_) => false,
        }
    }

    fn now(&self) -> Option<Instant> {
        self.clock.as_ref().map(|now| now())
    }

    pub(crate) fn ended(&mut self, task: usize, how: What) {
        let Task {
            is_ready,
            is_running,
            has_ended,
            ..
        } = &mut self.tasks[task];
        (*is_ready, *is_running, *has_ended) = (false, false, true);
        self.note(task, how);
    }

    /// Returns the number of a socket.
    pub(crate) fn socket(&mut self, descriptor: RawFd) -> usize {
        let known = self.sockets.iter().position(|known| *known == descriptor);
        known.unwrap_or_else(|| {
            self.sockets.push(descriptor);
            self.sockets.len() - 1
        })
    }

    fn note(&mut self, task: usize, what: What) {
        // A spawn by nobody comes from outside a run, where the time of a virtual clock is not known. Because the clock
        // stands still there, what comes next from inside puts the guess right.
        let is_guess = match (&what, self.events.last()) {
            (What::Spawned, _) => self.tasks[task].info.by.is_none(),
            (What::Ready, Some(last)) => last.is_guess && last.task == task,
            _ => false,
        };
        let now = self.now();
        if !is_guess {
            let guesses = self
                .events
                .iter_mut()
                .rev()
                .take_while(|noted| noted.is_guess);
            guesses.for_each(|noted| noted.at = noted.at.min(now));
        }
        let at = now.max(self.events.last().and_then(|last| last.at));
        let turn = self.turn.map_or(0, |turn| turn + 1);
        self.events.push(Noted {
            at,
            is_guess,
            turn,
            task,
            what,
            reasons: vec![],
        });
    }

    fn recording(&self) -> Recording {
        let start = self.events.first().and_then(|first| first.at);
        let since = |at: Option<Instant>| {
            at.zip(start)
                .map(|(at, start)| at.saturating_duration_since(start))
        };
        let reason = |reason: &ReasonAt| match reason {
            ReasonAt::Sleep(deadline) => Reason::Sleep(since(*deadline)),
            ReasonAt::Other(reason) => *reason,
        };
        let event = |noted: &Noted| {
            let what = match &noted.what {
                What::Suspended(_) => What::Suspended(noted.reasons.iter().map(reason).collect()),
                what => what.clone(),
            };
            Event {
                at: since(noted.at).unwrap_or_default(),
                turn: noted.turn,
                task: noted.task,
                what,
            }
        };
        Recording {
            tasks: self.tasks.iter().map(|task| task.info.clone()).collect(),
            events: self.events.iter().map(event).collect(),
            turns: self.turn.map_or(0, |turn| turn + 1),
            sockets: self.sockets.len(),
            has_clock: self.clock.is_some(),
        }
    }
}

impl Default for Recorder {
    fn default() -> Recorder {
        Recorder::new()
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("events", &self.book.borrow().events.len())
            .finish_non_exhaustive()
    }
}
