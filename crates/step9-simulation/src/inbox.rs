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
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    arrived: VecDeque<Datagram>,
    /// Whether to say that there is no socket at the peer's address.
    is_refused: bool,
    /// The tasks that wait, in the order in which they came.
    line: BTreeMap<u64, Waker>,
    /// How many have ever waited: the next one's place in the line.
    places: u64,
}

impl Inbox {
    /// Returns how many datagrams wait to be received.
    pub(crate) fn len(&self) -> usize {
        self.arrived.len()
    }

    pub(crate) fn push(&mut self, datagram: Datagram) {
        self.arrived.push_back(datagram);
        self.wake_first();
    }

    /// Lets the next operation fail.
    pub(crate) fn refuse(&mut self) {
        self.is_refused = true;
        self.wake_first();
    }

    /// Returns the error of an earlier datagram, once.
    pub(crate) fn take_error(&mut self) -> io::Result<()> {
        match std::mem::take(&mut self.is_refused) {
            true => Err(ErrorKind::ConnectionRefused.into()),
            false => Ok(()),
        }
    }

    /// Wakes the first in line if there is something for it.
    fn wake_first(&self) {
        if (self.is_refused || !self.arrived.is_empty())
            && let Some((_, waker)) = self.line.first_key_value()
        {
            waker.wake_by_ref();
        }
    }

    /// Takes a waiter out of the line. If it was woken, what it was woken for is for the next.
    fn leave(&mut self, place: u64) {
        self.line.remove(&place);
        self.wake_first();
    }

    fn take(&mut self) -> Option<io::Result<Datagram>> {
        match self.take_error() {
            Err(error) => Some(Err(error)),
            Ok(()) => self.arrived.pop_front().map(Ok),
        }
    }
}

/// The future of the next datagram.
pub(crate) struct Receive<'a> {
    inbox: &'a RefCell<Inbox>,
    /// By which a picture calls the socket.
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
}

impl Future for Receive<'_> {
    type Output = io::Result<Datagram>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<Datagram>> {
        let mut inbox = self.inbox.borrow_mut();
        let Some(place) = self.place else {
            inbox.places += 1;
            let place = inbox.places;
            inbox.line.insert(place, cx.waker().clone());
            // A receive takes a turn even if something is there, as in step 5: so a flooded socket
            // starves no other task.
            inbox.wake_first();
            drop(inbox);
            self.place = Some(place);
            trace::waits(self.reason);
            return Poll::Pending;
        };
        let is_first = inbox.line.keys().next() == Some(&place);
        if is_first && let Some(taken) = inbox.take() {
            inbox.leave(place);
            drop(inbox);
            self.place = None;
            return Poll::Ready(taken);
        }
        // The waker of the last poll counts.
        inbox.line.insert(place, cx.waker().clone());
        trace::waits(self.reason);
        Poll::Pending
    }
}

impl Drop for Receive<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.inbox.borrow_mut().leave(place);
            trace::gave_up(self.reason);
        }
    }
}
