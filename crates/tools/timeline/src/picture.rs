//! A picture: one run after another.

use crate::Recording;
use crate::history::{History, State};
use crate::names::shown;

/// What one or several runs did, ready to be drawn.
///
/// # Examples
///
/// ```
/// let recorder = timeline::Recorder::listen();
/// for _ in timeline::watch([("abc", "abc".chars())]).into_iter().flatten() {}
/// let picture = recorder.picture("Step 1");
/// assert!(picture.to_text(80).contains("abc   ████"));
/// assert!(picture.to_svg().starts_with("<svg "));
/// assert!(picture.to_html().starts_with("<!doctype html>"));
/// ```
#[derive(Clone, Debug)]
pub struct Picture {
    pub(crate) title: String,
    pub(crate) runs: Vec<Run>,
}

/// A run in a picture.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// As it can be shown; may be empty.
    pub(crate) title: String,
    pub(crate) recording: Recording,
    pub(crate) history: History,
    /// The tasks' names, as they can be shown.
    pub(crate) names: Vec<String>,
}

impl Picture {
    /// Makes a picture without runs.
    pub fn new(title: &str) -> Picture {
        Picture {
            title: shown(title),
            runs: vec![],
        }
    }

    /// Adds a run below those that are there.
    pub fn run(mut self, recording: Recording) -> Picture {
        let names = recording
            .tasks
            .iter()
            .map(|task| shown(&task.name))
            .collect();
        self.runs.push(Run {
            title: shown(&recording.title),
            history: History::new(&recording),
            names,
            recording,
        });
        self
    }

    /// Returns the states that a legend has to explain.
    pub(crate) fn states(&self) -> impl Iterator<Item = State> {
        State::NAMED
            .into_iter()
            .filter(|state| self.runs.iter().any(|run| run.history.has(*state)))
    }

    /// Returns whether some task was cancelled, and whether one has panicked.
    pub(crate) fn broken(&self) -> (bool, bool) {
        let broken = || {
            self.runs
                .iter()
                .flat_map(|run| &run.history.rows)
                .filter_map(|row| row.broken)
        };
        (
            broken().any(|broken| !broken.1),
            broken().any(|broken| broken.1),
        )
    }
}

impl Run {
    /// Chooses the rows that there is room for: the first ones and the last ones, and `None` for
    /// those between them.
    pub(crate) fn rows(&self, most: usize) -> Vec<Option<usize>> {
        let (tasks, most) = (self.names.len(), most.max(3));
        if tasks <= most {
            return (0..tasks).map(Some).collect();
        }
        let last = (most - 1) / 3;
        let first = most - 1 - last;
        (0..first)
            .map(Some)
            .chain([None])
            .chain((tasks - last..tasks).map(Some))
            .collect()
    }
}

impl From<Recording> for Picture {
    /// Makes a picture of one run, without a title of its own.
    fn from(recording: Recording) -> Picture {
        Picture::new("").run(recording)
    }
}

/// How a picture is drawn as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// How many columns it may take; fewer than 20 count as 20.
    pub width: usize,
    /// How many rows a run may have; of more tasks, those in the middle are left out, and their
    /// number is given.
    pub most_rows: usize,
    /// Whether there are ANSI colours in it, for a terminal.
    pub color: bool,
    /// Whether the counts of each task are there, besides those of all.
    pub counts_of_each: bool,
}

impl Default for TextOptions {
    /// 80 columns, 40 rows, no colours, and the counts of all tasks together.
    fn default() -> TextOptions {
        TextOptions {
            width: 80,
            most_rows: 40,
            color: false,
            counts_of_each: false,
        }
    }
}
