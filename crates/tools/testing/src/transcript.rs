//! What a scheduler reports to `trace`: events, or a line for each.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

use trace::{Event, Listening, Reason};

/// Returns all events that are reported on this thread while `run` runs.
pub fn events(run: impl FnOnce()) -> Vec<Event> {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let log = heard.clone();
    let listening = trace::listen(move |event| log.borrow_mut().push(event));
    run();
    drop(listening);
    heard.take()
}

/// Returns a line for each event that is reported on this thread while `run` runs: see
/// [`Transcript`].
pub fn lines(run: impl FnOnce()) -> Vec<String> {
    let transcript = Transcript::default();
    let listening = transcript.listen();
    run();
    drop(listening);
    transcript.take()
}

/// Returns how often a task was resumed, by its name.
pub fn resumes(lines: &[String], task: &str) -> usize {
    let resumed = format!("{task} resumed");
    lines.iter().filter(|line| **line == resumed).count()
}

/// A log that tests, tasks and `trace` write to; clones are the same log.
///
/// The lines of `trace` have the names of tasks, and times since the start: `a spawned by main`,
/// `a woken`, `a resumed`, `a waits for its turn` (`until 3ms`, `forever`, `for b`, `to read`, `to
/// write`), `a suspended`, `a finished`, `a cancelled`, `waited until 3ms`.
#[derive(Clone, Default)]
pub struct Transcript(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    lines: Vec<String>,
    names: BTreeMap<u64, String>,
    start: Option<Instant>,
    /// The name of the task that was resumed last.
    running: String,
}

impl Transcript {
    /// Adds the events of this thread until the value that it returns is dropped.
    ///
    /// # Panics
    ///
    /// Panics if the thread has a listener already.
    pub fn listen(&self) -> Listening {
        let log = self.clone();
        trace::listen(move |event| log.hear(event))
    }

    /// Adds a line.
    pub fn note(&self, line: impl Into<String>) {
        self.0.borrow_mut().lines.push(line.into());
    }

    /// Takes the lines out.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.borrow_mut().lines)
    }

    /// Makes a guard that notes its drop: `NAME dropped`.
    pub fn guard(&self, name: impl Into<String>) -> Guard {
        Guard(self.clone(), name.into())
    }

    fn hear(&self, event: Event) {
        let mut inner = self.0.borrow_mut();
        match &event {
            Event::Started { now, .. } => inner.start = *now,
            Event::Spawned { task, name, .. } => {
                inner.names.insert(*task, name.clone());
            }
            Event::Resumed { task } => inner.running = inner.name(*task),
            _ => {}
        }
        let line = inner.line(event);
        inner.lines.extend(line);
    }
}

impl Inner {
    /// `None` for what is not told: there is one scheduler, and its code and output are known.
    fn line(&self, event: Event) -> Option<String> {
        Some(match event {
            Event::Entered(_) | Event::Here | Event::Printed(_) => return None,
            Event::Started { .. } => "started".to_owned(),
            Event::Title(title) => format!("title: {title}"),
            Event::Spawned { name, by, .. } => match by {
                Some(by) => format!("{name} spawned by {}", self.name(by)),
                None => format!("{name} spawned"),
            },
            Event::Woken { task } => format!("{} woken", self.name(task)),
            Event::Resumed { task } => format!("{} resumed", self.name(task)),
            Event::Waits(reason) => format!("{} waits {}", self.running, self.reason(reason)),
            Event::GaveUp(reason) => format!("{} gave up {}", self.running, self.reason(reason)),
            Event::Suspended { task } => format!("{} suspended", self.name(task)),
            Event::Finished { task } => format!("{} finished", self.name(task)),
            Event::Cancelled { task } => format!("{} cancelled", self.name(task)),
            Event::Panicked { task } => format!("{} panicked", self.name(task)),
            Event::Message(message) => {
                let name = |task: Option<u64>| task.map_or("somebody".to_owned(), |t| self.name(t));
                let (from, to) = (name(message.from), name(message.to));
                format!("message from {from} to {to}: {:?}", message.fate)
            }
            Event::Carries { task } => format!("{} carries a message", self.name(task)),
            Event::Waited { now } => format!("waited until {}", self.time(now)),
        })
    }

    fn reason(&self, reason: Reason) -> String {
        match reason {
            Reason::Turn => "for its turn".to_owned(),
            Reason::Sleep(Some(until)) => format!("until {}", self.time(until)),
            Reason::Sleep(None) => "forever".to_owned(),
            Reason::Join(task) => format!("for {}", self.name(task)),
            Reason::Readable(_) => "to read".to_owned(),
            Reason::Writable(_) => "to write".to_owned(),
        }
    }

    fn name(&self, task: u64) -> String {
        let name = self.names.get(&task).cloned();
        name.unwrap_or_else(|| format!("task {task}"))
    }

    fn time(&self, time: Instant) -> String {
        let start = self.start.expect("a scheduler with times tells its start");
        format!("{:?}", time - start)
    }
}

/// Notes its drop: see [`Transcript::guard`].
pub struct Guard(Transcript, String);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.note(format!("{} dropped", self.1));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn events_become_lines_with_names() {
        let start = Instant::now();
        let lines = lines(|| {
            trace::started(Some(start), true);
            trace::spawned(0, "main");
            trace::resumed(0);
            trace::spawned(1, "child");
            trace::waits(Reason::Sleep(Some(start + Duration::from_millis(3))));
            trace::gave_up(Reason::Sleep(None));
            trace::suspended(0, Some(Reason::Join(1)));
            trace::waited(start + Duration::from_micros(1_500));
            trace::resumed(7);
        });
        let expected = [
            "started",
            "main spawned",
            "main resumed",
            "child spawned by main",
            "main waits until 3ms",
            "main gave up forever",
            "main waits for child",
            "main suspended",
            "waited until 1.5ms",
            "task 7 resumed",
        ];
        assert_eq!(lines, expected);
        assert_eq!(resumes(&lines, "main"), 1);
    }

    #[test]
    fn notes_and_guards_stand_between_the_events() {
        let transcript = Transcript::default();
        let listening = transcript.listen();
        trace::resumed(1);
        transcript.note("a note");
        drop(transcript.guard("a guard"));
        trace::finished(1);
        drop(listening);
        trace::resumed(2);
        let expected = [
            "task 1 resumed",
            "a note",
            "a guard dropped",
            "task 1 finished",
        ];
        assert_eq!(transcript.take(), expected);
    }
}
