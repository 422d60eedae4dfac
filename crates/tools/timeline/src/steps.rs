//! The steps in which a page plays a run.
//!
//! What a reader sees as one move is one step: a task that is spawned and ready, or one that makes
//! itself ready and is suspended. A wait of the scheduler, and a line that is printed, are steps
//! too.

use std::collections::VecDeque;
use std::time::Duration;

use crate::state::nanos;
use crate::{Cause, Event, Line, Message, Note, Reason, Recording, What};

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step<'a> {
    pub(crate) what: Move<'a>,
    /// To which task it happens; `None` if to the scheduler.
    pub(crate) task: Option<usize>,
    /// Where on the axis it is.
    pub(crate) at: u64,
    /// In which turn, from one, or before which.
    pub(crate) turn: u64,
    /// A task that stands at these lines from now on, which may be another: it spawns this one.
    pub(crate) stands: Option<(usize, &'a [Line])>,
    /// Its event's place in the recording, if it has one.
    pub(crate) event: Option<usize>,
}

/// What happens in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move<'a> {
    /// A task is there, and not ready.
    Appears,
    /// A task is there, and ready.
    Spawned,
    /// A task goes to the ready queue.
    Woken(Option<Cause>),
    /// A task is woken while it runs: it has its place in the queue, and is there when it is
    /// suspended.
    Again(Option<Cause>),
    /// The task at the front of the ready queue runs.
    Runs,
    /// A task runs that was not at the front.
    Picked,
    /// A task runs that was not ready, as far as was heard.
    Unheard,
    /// A task wakes itself, and is suspended.
    Yields,
    /// A task is suspended that was woken while it ran.
    Stays,
    Suspended(&'a [Reason]),
    Finished,
    Cancelled,
    Panicked,
    Message(&'a Message),
    Printed(&'a str),
    /// No task was ready, so the scheduler has waited, until this time.
    Waited(Duration),
    /// The recording ends, and there are tasks left.
    Ends,
}

/// Returns the steps of a run.
pub(crate) fn steps(recording: &Recording) -> Vec<Step<'_>> {
    let mut player = Player {
        recording,
        steps: vec![],
        tasks: vec![Task::default(); recording.tasks.len()],
        queue: VecDeque::new(),
        cause: None,
        stands: None,
    };
    let mut notes = recording.notes.iter().peekable();
    for (place, event) in recording.events.iter().enumerate() {
        while let Some((_, note)) = notes.next_if(|(before, _)| *before <= place) {
            player.remark(note);
        }
        player.follow(place, event);
    }
    notes.for_each(|(_, note)| player.remark(note));
    if recording.is_cut || player.tasks.iter().any(|task| !task.has_ended) {
        player.add(Move::Ends, None);
    }
    player.steps
}

struct Player<'a> {
    recording: &'a Recording,
    steps: Vec<Step<'a>>,
    tasks: Vec<Task>,
    /// The ready queue: each task with how often it had been woken. Of a task that has run, or has
    /// ended, an entry may be left over.
    queue: VecDeque<(usize, u64)>,
    /// Why the next event makes a task ready.
    cause: Option<Cause>,
    /// Where a task stands from the next step on.
    stands: Option<(usize, &'a [Line])>,
}

#[derive(Clone, Default)]
struct Task {
    is_running: bool,
    is_ready: bool,
    has_ended: bool,
    wakes: u64,
}

impl Task {
    fn follow(&mut self, what: &What) {
        match what {
            What::Ready if self.is_ready => {}
            What::Ready => (self.is_ready, self.wakes) = (true, self.wakes + 1),
            What::Runs => (self.is_running, self.is_ready) = (true, false),
            What::Suspended(_) => self.is_running = false,
            What::Finished | What::Cancelled | What::Panicked => self.has_ended = true,
            What::Spawned | What::Message(_) => {}
        }
    }
}

impl<'a> Player<'a> {
    fn remark(&mut self, note: &'a Note) {
        match note {
            Note::Waited(until) => {
                self.add(Move::Waited(*until), None);
                if self.recording.is_timed()
                    && let Some(last) = self.steps.last_mut()
                {
                    last.at = nanos(*until).min(nanos(self.recording.duration()));
                }
            }
            Note::Printed(task, line) => self.add(Move::Printed(line), Some(*task)),
            Note::At(task, lines) => self.stands = Some((*task, lines)),
            Note::Cause(cause) => self.cause = Some(*cause),
        }
    }

    fn follow(&mut self, place: usize, event: &'a Event) {
        let cause = self.cause.take();
        let before = self.tasks[event.task].clone();
        let is_front = self.front() == Some(event.task);
        self.tasks[event.task].follow(&event.what);
        if event.what == What::Ready && !before.is_ready {
            let entry = (event.task, self.tasks[event.task].wakes);
            self.queue.push_back(entry);
        }
        let last = self.steps.last();
        let last = last.filter(|last| last.task == Some(event.task));
        let last = last.map(|last| last.what);
        let is_yielding = last == Some(Move::Again(Some(Cause::Itself)));
        let what = match &event.what {
            What::Ready if before.is_ready => return,
            What::Ready if last == Some(Move::Appears) => return self.merge(Move::Spawned),
            What::Suspended(reasons) if is_yielding && reasons.is_empty() => {
                return self.merge(Move::Yields);
            }
            What::Spawned => Move::Appears,
            What::Ready if before.is_running => Move::Again(cause),
            What::Ready => Move::Woken(cause),
            What::Runs if is_front => Move::Runs,
            What::Runs if before.is_ready => Move::Picked,
            What::Runs => Move::Unheard,
            What::Suspended(_) if before.is_ready => Move::Stays,
            What::Suspended(reasons) => Move::Suspended(reasons),
            What::Finished => Move::Finished,
            What::Cancelled => Move::Cancelled,
            What::Panicked => Move::Panicked,
            What::Message(message) => Move::Message(message),
        };
        self.add(what, Some(event.task));
        if let Some(step) = self.steps.last_mut() {
            step.event = Some(place);
            if self.recording.is_timed() {
                step.at = nanos(event.at);
            } else {
                step.at = event.turn;
                step.turn = event.turn + u64::from(event.what == What::Runs);
            }
        }
    }

    /// Returns the task at the front of the ready queue.
    fn front(&mut self) -> Option<usize> {
        while let Some((task, wakes)) = self.queue.front() {
            let state = &self.tasks[*task];
            if state.is_ready && !state.has_ended && state.wakes == *wakes {
                return Some(*task);
            }
            self.queue.pop_front();
        }
        None
    }

    /// Adds a step, at the time of the one before.
    fn add(&mut self, what: Move<'a>, task: Option<usize>) {
        let (at, turn) = self
            .steps
            .last()
            .map_or((0, 0), |last| (last.at, last.turn));
        self.steps.push(Step {
            what,
            task,
            at,
            turn,
            stands: self.stands.take(),
            event: None,
        });
    }

    /// Makes one step of the last one and of what happens now.
    fn merge(&mut self, what: Move<'a>) {
        if let Some(last) = self.steps.last_mut() {
            last.what = what;
            last.stands = self.stands.take().or(last.stands);
        }
    }
}
