//! What a scheduler did, in order.

use std::time::Duration;

use trace::Fate;

use crate::{Line, Reason};

/// A run: its tasks, and what happened to them.
///
/// A task is known by its place in [`tasks`](Self::tasks).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// What the run is called; may be empty.
    pub title: String,
    /// All tasks, in the order of spawning.
    pub tasks: Vec<TaskInfo>,
    /// All that happened, in order.
    pub events: Vec<Event>,
    /// What is known besides, in order, each with the number of events before it.
    pub notes: Vec<(usize, Note)>,
    /// How many turns there were, of all tasks together.
    pub turns: u64,
    /// How many sockets were waited for.
    pub sockets: usize,
    /// Whether tasks are woken by wakers, as those of an executor are.
    pub has_wakers: bool,
    /// Whether its clock is a virtual one, which goes from deadline to deadline.
    pub is_virtual: bool,
    /// Whether the lines of the program end before the events do: to look for them takes time.
    pub lacks_lines: bool,
    /// Whether there was a clock. Without one the time of all events is zero.
    pub has_clock: bool,
    /// Whether more has happened than is recorded: memory has an end.
    pub is_cut: bool,
}

/// What is known of a task from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskInfo {
    /// Its name, as it was given: it may be empty, long, or hold any character.
    pub name: String,
    /// The task that spawned it. `None` for the first task, and for one that was spawned while none
    /// ran.
    pub by: Option<usize>,
}

/// Something that happened to a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, since the first event; zero without a clock.
    pub at: Duration,
    /// At the beginning of which turn, from zero. What happens in a turn takes effect at the
    /// beginning of the next.
    pub turn: u64,
    /// To which task.
    pub task: usize,
    /// What.
    pub what: What,
}

/// What can happen to a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is there.
    Spawned,
    /// It went to the back of the ready queue. That may be while it runs; then it stands there when
    /// it is suspended.
    Ready,
    /// Its turn begins: it is resumed, or polled.
    Runs,
    /// Its turn ends. Unless it is ready already, it waits for these reasons; there may be none.
    Suspended(Vec<Reason>),
    /// It has come to its end.
    Finished,
    /// It was dropped where it stood.
    Cancelled,
    /// It has panicked.
    Panicked,
    /// A message to it has arrived or has been lost; if it is not known to whom it was, this
    /// happens to its sender.
    Message(Message),
}

/// What is known of the event that comes next, or happened before it to no task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// No task was ready, so the scheduler has waited, until this time.
    Waited(Duration),
    /// A task has printed this line.
    Printed(usize, String),
    /// The task that runs stands at this line of the program, in a function that is awaited at the
    /// line after it, and so on.
    At(usize, Vec<Line>),
    /// The event is that a task is [ready](What::Ready), and this is why.
    Cause(Cause),
}

/// What has made a task ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The task itself, in its turn.
    Itself,
    /// Another task, in its turn.
    Task(usize),
    /// The end of a task that it waited for.
    End(usize),
    /// The time it waited for.
    Timer,
    /// A socket that it waited for; `None` is one of several.
    Socket(Option<usize>),
    /// Something that no task has done, such as another thread.
    Outside,
}

/// A message from a task to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// The task that sent it; `None` if none ran.
    pub from: Option<usize>,
    /// The task that it was for; `None` if that is not known.
    pub to: Option<usize>,
    /// When it was sent, counted like the time of events.
    pub sent: Duration,
    /// What has become of it.
    pub fate: Fate,
}

impl Recording {
    /// Gives the run another title.
    #[must_use]
    pub fn titled(self, title: &str) -> Recording {
        Recording {
            title: title.to_owned(),
            ..self
        }
    }

    /// Returns how long it took; zero without a clock.
    pub fn duration(&self) -> Duration {
        self.events.last().map_or(Duration::ZERO, |last| last.at)
    }

    /// Returns the messages, each with when it arrived or was lost, in that order.
    pub fn messages(&self) -> impl Iterator<Item = (Duration, &Message)> {
        self.events.iter().filter_map(|event| match &event.what {
            What::Message(message) => Some((event.at, message)),
            _ => None,
        })
    }

    /// Returns whether time passed, so that it can be the axis of a picture. Otherwise turns are.
    pub fn is_timed(&self) -> bool {
        self.has_clock && !self.duration().is_zero()
    }
}
