//! What has arrived at a socket, and the tasks that wait for it.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use trace::Reason;

/// Bytes on the way from one address to another.
#[derive(Clone, Debug)]
pub(crate) struct Datagram {
    pub(crate) number: u64,
    pub(crate) from: SocketAddr,
    pub(crate) to: SocketAddr,
    /// Shared with its copies.
    pub(crate) bytes: Rc<[u8]>,
    /// When it was sent, by which task, and whether it is a copy: for pictures.
    pub(crate) sent: Instant,
    pub(crate) sender: Option<u64>,
    pub(crate) is_copy: bool,
}

/// The receiving end of a socket.
///
/// A waker may run any code, and that may use this very socket. So the methods return wakers, to be
/// woken or dropped once the inbox is no longer borrowed.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    arrived: VecDeque<Datagram>,
    /// Whether to say that there is no socket at the peer's address.
    is_refused: bool,
    /// The tasks that wait, in the order in which they came. One that was woken has no waker.
    line: BTreeMap<u64, Option<Waker>>,
    /// How many have ever waited: the next one's place in the line.
    places: u64,
}

impl Inbox {
    /// Returns how many datagrams wait to be received.
    pub(crate) fn len(&self) -> usize {
        self.arrived.len()
    }

    /// Puts a datagram into the queue. Returns the waker to wake.
    #[must_use]
    pub(crate) fn push(&mut self, datagram: Datagram) -> Option<Waker> {
        self.arrived.push_back(datagram);
        self.due_waker()
    }

    /// Lets the next operation fail. Returns the waker to wake.
    #[must_use]
    pub(crate) fn refuse(&mut self) -> Option<Waker> {
        self.is_refused = true;
        self.due_waker()
    }

    /// Returns the error of an earlier datagram, once.
    pub(crate) fn take_error(&mut self) -> io::Result<()> {
        match std::mem::take(&mut self.is_refused) {
            true => Err(ErrorKind::ConnectionRefused.into()),
            false => Ok(()),
        }
    }

    /// Returns the waker of the first in line, if there is something for it.
    fn due_waker(&mut self) -> Option<Waker> {
        match self.is_refused || !self.arrived.is_empty() {
            true => self.line.first_entry()?.get_mut().take(),
            false => None,
        }
    }

    /// Puts a waiter at the end of the line. Returns its place, and the waker to wake.
    fn enter(&mut self, waker: Waker) -> (u64, Option<Waker>) {
        self.places += 1;
        self.line.insert(self.places, Some(waker));
        (self.places, self.due_waker())
    }

    /// Takes a waiter out of the line. Returns its waker, and the one to wake: if the waiter was
    /// woken, what it was woken for is for the next.
    fn leave(&mut self, place: u64) -> (Option<Waker>, Option<Waker>) {
        let left = self.line.remove(&place).flatten();
        (left, self.due_waker())
    }

    /// Takes what is there for the waiter at this place: nothing if it is not the first.
    fn take(&mut self, place: u64) -> Option<io::Result<Datagram>> {
        if self.line.keys().next() != Some(&place) {
            return None;
        }
        match self.take_error() {
            Err(error) => Some(Err(error)),
            Ok(()) => self.arrived.pop_front().map(Ok),
        }
    }
}

/// The future of the next datagram.
pub(crate) struct Receive<'a> {
    inbox: &'a RefCell<Inbox>,
    /// What pictures call the wait.
    reason: Reason,
    /// Its place in the line; `None` before the first poll.
    place: Option<u64>,
}

impl Receive<'_> {
    pub(crate) fn new(inbox: &RefCell<Inbox>, reason: Reason) -> Receive<'_> {
        Receive {
            inbox,
            reason,
            place: None,
        }
    }

    /// Leaves the line, if it is in it.
    fn leave(&mut self) -> bool {
        let Some(place) = self.place.take() else {
            return false;
        };
        let (_left, first) = self.inbox.borrow_mut().leave(place);
        wake(first);
        true
    }
}

impl Future for Receive<'_> {
    type Output = io::Result<Datagram>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<Datagram>> {
        let waker = cx.waker().clone();
        let Some(place) = self.place else {
            let (place, first) = self.inbox.borrow_mut().enter(waker);
            self.place = Some(place);
            // A receive takes a turn even if something is there, as in step 5, so that a flooded
            // socket starves no other task.
            wake(first);
            trace::waits(self.reason);
            return Poll::Pending;
        };
        let taken = self.inbox.borrow_mut().take(place);
        if let Some(taken) = taken {
            self.leave();
            return Poll::Ready(taken);
        }
        // The waker of the last poll counts.
        let earlier = self.inbox.borrow_mut().line.insert(place, Some(waker));
        drop(earlier);
        trace::waits(self.reason);
        Poll::Pending
    }
}

impl Drop for Receive<'_> {
    fn drop(&mut self) {
        if self.leave() {
            trace::gave_up(self.reason);
        }
    }
}

/// Wakes a task, if there is one to wake.
pub(crate) fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
