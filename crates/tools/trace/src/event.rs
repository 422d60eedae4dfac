//! The events.

use std::os::fd::RawFd;
use std::time::Instant;

/// Something that a scheduler did, or that happened to one of its tasks.
///
/// A task is known by its place in the order of spawning, from zero: that is the main task. It is a
/// task of the scheduler that was [entered](Event::Entered) last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// What follows is done by this scheduler, which is known by its place in the order in which
    /// they were entered; `None`: by the one that has started outside of all of these.
    Entered(Option<usize>),
    /// A run begins. `now` is what the scheduler's clock shows; `None` if it has no clock.
    Started {
        /// The time by the scheduler's clock.
        now: Option<Instant>,
        /// Whether that clock is virtual.
        is_virtual: bool,
    },
    /// What runs next has this title.
    Title(String),
    /// A task is there.
    Spawned {
        /// The task.
        task: u64,
        /// Its name.
        name: String,
        /// The task that spawned it; `None` if it was spawned from outside of all tasks.
        by: Option<u64>,
    },
    /// A task went to the back of the ready queue.
    Woken {
        /// The task.
        task: u64,
    },
    /// A task is about to be resumed, or polled.
    Resumed {
        /// The task.
        task: u64,
    },
    /// The task that runs is about to be suspended, or to ask its scheduler for something, at the
    /// place in its code from which this is reported.
    Here,
    /// The task that runs waits for this. There may be several of these before it is suspended, or
    /// none.
    Waits(Reason),
    /// The task that runs no longer waits for this.
    GaveUp(Reason),
    /// A task was suspended.
    Suspended {
        /// The task.
        task: u64,
    },
    /// A task has come to its end.
    Finished {
        /// The task.
        task: u64,
    },
    /// A task is about to be dropped where it stands.
    Cancelled {
        /// The task.
        task: u64,
    },
    /// A task has panicked.
    Panicked {
        /// The task.
        task: u64,
    },
    /// A line was printed, with the [`println!`](crate::println) of this crate.
    Printed(String),
    /// A message has arrived, or has been lost.
    Message(Message),
    /// This task does nothing but carry a message, so pictures show the message instead.
    Carries {
        /// The task.
        task: u64,
    },
    /// No task was ready, and the scheduler has waited.
    Waited {
        /// The time by the scheduler's clock after the wait.
        now: Instant,
    },
}

/// What a task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its next turn: it is in the ready queue.
    Turn,
    /// A time; `None` is one that never comes.
    Sleep(Option<Instant>),
    /// The end of this task.
    Join(u64),
    /// To read from the socket with this descriptor.
    Readable(RawFd),
    /// To write to the socket with this descriptor.
    Writable(RawFd),
}

/// A message from a task to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// The task that sent it; `None` if none ran.
    pub from: Option<u64>,
    /// The task whose socket it was sent to; `None` if that is not known.
    pub to: Option<u64>,
    /// When it was sent, by the scheduler's clock.
    pub sent: Instant,
    /// What has become of it now.
    pub fate: Fate,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It has arrived.
    Delivered,
    /// A second copy of it has arrived.
    Doubled,
    /// It has arrived when its socket was closed.
    Late,
    /// It will never arrive.
    Lost,
}
