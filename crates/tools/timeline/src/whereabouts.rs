//! Where the task that runs stands in its program, as far as it was looked for.

use crate::Note;
use crate::stack::{self, Line};

/// How often a recording looks at the stack, which takes a fraction of a millisecond.
const MOST_LOOKS: usize = 10_000;

/// Where the task that runs stands, until that is written down.
pub(crate) struct Whereabouts {
    /// How often it may still look; `None` if it never does.
    looks: Option<usize>,
    /// How many lines of the program are below the scheduler on the stack.
    below: usize,
    /// A task, and its lines, the innermost first.
    found: Option<(usize, Vec<Line>)>,
}

impl Whereabouts {
    pub(crate) fn new(has_code: bool) -> Whereabouts {
        Whereabouts {
            looks: has_code.then_some(MOST_LOOKS),
            below: 0,
            found: None,
        }
    }

    /// Counts what is on the stack before a turn: that is not the task's.
    pub(crate) fn begin_turn(&mut self) {
        if let Some(lines) = self.lines() {
            self.below = lines.len();
        }
    }

    /// Looks where a task stands. A future that sets a limit to another one tells of itself after
    /// it: the innermost line is kept.
    pub(crate) fn look(&mut self, task: usize) {
        let Some(mut lines) = self.lines() else {
            return;
        };
        lines.truncate(lines.len().saturating_sub(self.below));
        let known = self.found.as_ref();
        if lines.len() >= known.map_or(1, |(_, known)| known.len()) {
            self.found = Some((task, lines));
        }
    }

    /// Forgets what it has found, because the future there was dropped.
    pub(crate) fn forget(&mut self) {
        self.found = None;
    }

    /// Takes out what is not written down yet.
    pub(crate) fn take(&mut self) -> Option<Note> {
        let (task, lines) = self.found.take()?;
        Some(Note::At(task, lines))
    }

    /// Returns whether it has looked as often as it may.
    pub(crate) fn has_ended(&self) -> bool {
        self.looks == Some(0)
    }

    fn lines(&mut self) -> Option<Vec<Line>> {
        self.looks = Some(self.looks?.checked_sub(1)?);
        Some(stack::lines())
    }
}
