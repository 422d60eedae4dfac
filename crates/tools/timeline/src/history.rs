//! The states of each task, from when to when.

use std::collections::BTreeMap;

use crate::state::{State, nanos};
use crate::{Recording, What};

/// What the axis of a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    /// Time, in nanoseconds.
    Time,
    /// Turns, each of them as long as any other.
    Turns,
}

/// A state of a task, from when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: u64,
    /// Equal to `from` when a task runs by a virtual clock, because that takes no time.
    pub(crate) to: u64,
    pub(crate) state: State,
}

/// The history of a task.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Without gaps, from when it was spawned; the last one is the state that it stays in.
    pub(crate) spans: Vec<Span>,
    /// Where it was cancelled or has panicked, and which.
    pub(crate) broken: Option<(u64, State)>,
    pub(crate) counts: Counts,
}

/// How often each thing happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) turns: u64,
    pub(crate) wakes: u64,
    /// By what was waited for.
    pub(crate) waits: BTreeMap<State, u64>,
}

/// The histories of all tasks.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) axis: Axis,
    /// How long the axis is.
    pub(crate) length: u64,
    pub(crate) rows: Vec<Row>,
}

/// Where a task is while its history is written.
#[derive(Clone, Default)]
struct Place {
    is_there: bool,
    is_running: bool,
    is_ready: bool,
    has_ended: bool,
    waits: Option<State>,
}

impl Place {
    fn state(&self) -> State {
        match self {
            Place {
                is_there: false, ..
            } => State::Absent,
            Place {
                has_ended: true, ..
            } => State::Done,
            Place {
                is_running: true, ..
            } => State::Running,
            Place { is_ready: true, .. } => State::Ready,
            Place { waits, .. } => waits.unwrap_or(State::Ready),
        }
    }
}

impl History {
    pub(crate) fn new(recording: &Recording) -> History {
        let axis = if recording.is_timed() {
            Axis::Time
        } else {
            Axis::Turns
        };
        let length = match axis {
            Axis::Time => nanos(recording.duration()),
            Axis::Turns => recording.turns,
        };
        let mut rows = vec![Row::default(); recording.tasks.len()];
        let mut places = vec![Place::default(); rows.len()];
        for event in &recording.events {
            let at = match axis {
                Axis::Time => nanos(event.at),
                Axis::Turns => event.turn,
            };
            if let What::Message(_) = event.what {
                continue;
            }
            let (row, place) = (&mut rows[event.task], &mut places[event.task]);
            row.counts.add(place, &event.what);
            place.follow(&event.what);
            row.broken = match event.what {
                What::Cancelled => Some((at, State::Cancelled)),
                What::Panicked => Some((at, State::Panicked)),
                _ => row.broken,
            };
            row.enter(at, place.state());
        }
        for last in rows.iter_mut().filter_map(|row| row.spans.last_mut()) {
            last.to = last.to.max(length);
        }
        History { axis, length, rows }
    }

    /// Returns the counts of all tasks together.
    pub(crate) fn totals(&self) -> Counts {
        let mut totals = Counts::default();
        for counts in self.rows.iter().map(|row| &row.counts) {
            totals.turns += counts.turns;
            totals.wakes += counts.wakes;
            for (state, count) in &counts.waits {
                *totals.waits.entry(*state).or_default() += count;
            }
        }
        totals
    }

    /// Returns whether some task was ever in a state for long enough that a picture shows it.
    pub(crate) fn has(&self, state: State) -> bool {
        let is_seen = |span: &Span| span.from < span.to || span.state == State::Running;
        self.rows.iter().any(|row| {
            let mut spans = row.spans.iter();
            spans.any(|span| span.state == state && is_seen(span))
                || row.broken.is_some_and(|(_, how)| how == state)
        })
    }
}

impl Place {
    fn follow(&mut self, what: &What) {
        match what {
            What::Spawned => self.is_there = true,
            What::Ready => self.is_ready = true,
            What::Runs => (self.is_running, self.is_ready) = (true, false),
            What::Suspended(reasons) => {
                (self.is_running, self.waits) = (false, Some(State::of(reasons)))
            }
            What::Finished | What::Cancelled | What::Panicked => self.has_ended = true,
            What::Message(_) => {}
        }
    }
}

impl Counts {
    fn add(&mut self, place: &Place, what: &What) {
        match what {
            What::Runs => self.turns += 1,
            What::Ready => self.wakes += 1,
            What::Suspended(reasons) if !place.is_ready => {
                *self.waits.entry(State::of(reasons)).or_default() += 1
            }
            _ => {}
        }
    }

    /// Returns how often tasks have waited.
    pub(crate) fn all_waits(&self) -> u64 {
        self.waits.values().sum()
    }
}

impl Row {
    fn enter(&mut self, at: u64, state: State) {
        let Some(last) = self.spans.last_mut() else {
            return self.spans.push(Span {
                from: at,
                to: at,
                state,
            });
        };
        if last.state == state {
            return;
        }
        last.to = at;
        // What has lasted no time is not seen, except that a task has run.
        if last.from == at && last.state != State::Running {
            self.spans.pop();
        }
        if self
            .spans
            .last()
            .is_some_and(|last| last.state == state && last.to == at && last.to > last.from)
        {
            return;
        }
        self.spans.push(Span {
            from: at,
            to: at,
            state,
        });
    }
}
