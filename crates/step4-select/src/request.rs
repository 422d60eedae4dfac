//! What can a task ask for, now that there are sockets?

use std::fmt;
use std::os::fd::BorrowedFd;
use std::rc::Rc;
use std::time::Duration;

use step2_round_robin::{Cancel, Join, Spawn, TaskId, Turn};
use step3_sleeping_heap::Sleep;

use crate::source::Source;

/// Asks to wait until it is worth trying to read from a socket.
///
/// [`Socket::attempt`](crate::Socket::attempt) makes one, and so does what is built on it.
#[derive(Debug)]
pub struct Readable(pub(crate) Interest);

/// Asks to wait until it is worth trying to write to a socket: like [`Readable`].
#[derive(Debug)]
pub struct Writable(pub(crate) Interest);

/// A socket to wait for.
pub struct Interest {
    pub(crate) source: Rc<dyn Source>,
    /// Whether the asker was woken and its try failed: then it keeps its place among those who wait.
    pub(crate) again: bool,
}

impl Interest {
    /// Returns the socket's descriptor, by which an observer tells one socket from another.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.source.fd()
    }
}

impl fmt::Debug for Interest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interest")
            .field("socket", &self.source.fd())
            .field("again", &self.again)
            .finish()
    }
}

/// All that a task of this step can ask for.
#[derive(Debug)]
pub enum Request {
    /// See [`Turn`].
    Turn,
    /// See [`Spawn`].
    Spawn(Spawn<Request>),
    /// See [`Join`].
    Join(TaskId),
    /// See [`Cancel`].
    Cancel(TaskId),
    /// See [`Sleep`].
    Sleep(Duration),
    /// See [`Readable`].
    Readable(Interest),
    /// See [`Writable`].
    Writable(Interest),
}

/// The end through which a task's body hands out the requests of this step.
pub type Co = step2_round_robin::Co<Request>;

impl From<Turn> for Request {
    fn from(_: Turn) -> Request {
        Request::Turn
    }
}

impl From<Spawn<Request>> for Request {
    fn from(spawn: Spawn<Request>) -> Request {
        Request::Spawn(spawn)
    }
}

impl From<Join> for Request {
    fn from(Join(task): Join) -> Request {
        Request::Join(task)
    }
}

impl From<Cancel> for Request {
    fn from(Cancel(task): Cancel) -> Request {
        Request::Cancel(task)
    }
}

impl From<Sleep> for Request {
    fn from(Sleep(duration): Sleep) -> Request {
        Request::Sleep(duration)
    }
}

impl From<Readable> for Request {
    fn from(Readable(interest): Readable) -> Request {
        Request::Readable(interest)
    }
}

impl From<Writable> for Request {
    fn from(Writable(interest): Writable) -> Request {
        Request::Writable(interest)
    }
}
