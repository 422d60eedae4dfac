//! A picture: one run after another.

use crate::Recording;
use crate::history::History;
use crate::names::{columns, shown};
use crate::state::{LOOKS, Look};

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
    pub(crate) fn legend(&self) -> impl Iterator<Item = &'static Look> {
        let is_seen = |look: &&Look| self.runs.iter().any(|run| run.history.has(look.state));
        LOOKS.iter().filter(is_seen)
    }
}

/// A line of a picture of a run.
#[derive(Clone, Debug)]
pub(crate) enum Line {
    /// The row of a task.
    Row(usize),
    /// What stands for the tasks that there is no room for.
    Gap(String),
}

impl Run {
    /// Chooses the rows that there is room for: the first ones and the last ones.
    pub(crate) fn lines(&self, most: usize) -> Vec<Line> {
        let (tasks, most) = (self.names.len(), most.max(3));
        if tasks <= most {
            return (0..tasks).map(Line::Row).collect();
        }
        let last = (most - 1) / 3;
        let first = most - 1 - last;
        let gap = format!("… {} more tasks, not shown", tasks - first - last);
        let rows = |range: std::ops::Range<usize>| range.map(Line::Row);
        let (first, last) = (rows(0..first), rows(tasks - last..tasks));
        first.chain([Line::Gap(gap)]).chain(last).collect()
    }
}

/// Returns how many columns the longest name of these rows takes, and at least as many as `turn`.
pub(crate) fn longest_name(run: &Run, lines: &[Line]) -> usize {
    let names = lines.iter().filter_map(|line| match line {
        Line::Row(row) => Some(columns(&run.names[*row])),
        Line::Gap(_) => None,
    });
    names.max().unwrap_or(0).max("turn".len())
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
