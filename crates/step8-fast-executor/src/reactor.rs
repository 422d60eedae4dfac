//! The waiters of each socket, and whose try is next.
//!
//! Of several waiters for one direction of a socket, the first is woken; once its try has
//! succeeded, or it is dropped, the next is woken. The selector is armed only right after a try was
//! `WouldBlock`, so that an edge-triggered one loses nothing. A waiter that leaves does not disarm:
//! that may be a system call, and a stale event costs one look.

use std::collections::BTreeMap;
use std::io;
use std::mem;
use std::os::fd::{AsRawFd, RawFd};
use std::task::Waker;
use std::time::Duration;

use step4_select::{Direction, Event, Selector};

use crate::notifier::Notified;

/// The wakers of the waiters, and the selector that waits for all their sockets.
pub(crate) struct Reactor {
    selector: Box<dyn Selector>,
    /// What ends a wait from other threads; it is armed like a socket. `None` once it is closed.
    notified: Option<Notified>,
    /// By descriptor, which is a small number.
    sockets: Vec<Option<Registered>>,
    /// How many registrations there ever were.
    registrations: u64,
    /// How many directions have waiters.
    awaited: usize,
    /// The events of the last wait, and how many of them are done.
    events: Vec<Event>,
    done: usize,
}

/// Names a registration. The lower half is the descriptor, and the upper half tells its
/// registrations apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token(u64);

impl Token {
    /// Returns where the socket is in the table.
    fn place(self) -> usize {
        self.0 as u32 as usize
    }
}

struct Registered {
    token: Token,
    directions: [Waiters; 2],
}

/// The waiters for one direction of a socket, in order of arrival.
#[derive(Default)]
struct Waiters {
    queue: BTreeMap<Ticket, Waker>,
    next: u64,
    /// The waiter that was woken, and has neither tried nor gone since.
    trying: Option<Ticket>,
}

/// A place in the queue; a lower one goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

impl Reactor {
    /// Takes over a selector, and what ends its waits.
    ///
    /// # Errors
    ///
    /// Returns an error if the selector cannot wait for the pipe of the notifiers.
    pub(crate) fn new(mut selector: Box<dyn Selector>, notified: Notified) -> io::Result<Reactor> {
        selector.arm(notified.as_raw_fd(), Direction::Read)?;
        Ok(Reactor {
            selector,
            notified: Some(notified),
            sockets: vec![],
            registrations: 0,
            awaited: 0,
            events: vec![],
            done: 0,
        })
    }

    /// Returns whether there are waiters.
    pub(crate) fn is_awaited(&self) -> bool {
        self.awaited > 0
    }

    /// Makes a socket known, and returns the token by which it is known here.
    pub(crate) fn register(&mut self, fd: RawFd) -> Token {
        self.registrations += 1;
        let token = Token(self.registrations << 32 | u64::from(fd as u32));
        let place = token.place();
        if self.sockets.len() <= place {
            self.sockets.resize_with(place + 1, || None);
        }
        self.sockets[place] = Some(Registered {
            token,
            directions: Default::default(),
        });
        token
    }

    /// Forgets a socket, before it is closed or moves elsewhere. Returns the wakers of its waiters,
    /// to be woken after the borrow.
    pub(crate) fn deregister(&mut self, fd: RawFd, token: Token) -> Vec<Waker> {
        let known = self.sockets.get_mut(token.place());
        let Some(registered) = known.and_then(|known| known.take_if(|known| known.token == token))
        else {
            return vec![];
        };
        self.selector.disarm(fd, Direction::Read);
        self.selector.disarm(fd, Direction::Write);
        self.awaited -= registered
            .directions
            .iter()
            .filter(|waiters| !waiters.queue.is_empty())
            .count();
        registered
            .directions
            .into_iter()
            .flat_map(|waiters| waiters.queue.into_values())
            .collect()
    }

    /// Returns whether a direction has waiters, or one that was woken and has yet to try.
    pub(crate) fn has_waiters(&self, token: Token, direction: Direction) -> bool {
        let registered = self.sockets.get(token.place()).and_then(Option::as_ref);
        let waiters = registered
            .filter(|known| known.token == token)
            .map(|known| &known.directions[direction as usize]);
        waiters.is_some_and(|waiters| waiters.trying.is_some() || !waiters.queue.is_empty())
    }

    /// Returns whether a waiter may try: it was woken, or its socket is no longer known here.
    pub(crate) fn may_try(&mut self, token: Token, direction: Direction, ticket: Ticket) -> bool {
        self.find(token)
            .is_none_or(|known| known.directions[direction as usize].trying == Some(ticket))
    }

    /// Asks the selector for an event, right after a try was `WouldBlock`. It was the try of a
    /// newcomer, or of the waiter with the ticket `before`.
    pub(crate) fn arm(
        &mut self,
        fd: RawFd,
        token: Token,
        direction: Direction,
        before: Option<Ticket>,
    ) -> io::Result<()> {
        let trying = self
            .find(token)
            .and_then(|known| known.directions[direction as usize].trying);
        // A waiter that was woken tries for all of them: if that is `WouldBlock`, it arms; if not,
        // the next waiter is woken. So as long as it has yet to try, no other waiter arms.
        if trying.is_none() || trying == before {
            self.selector.arm(fd, direction)?;
        }
        Ok(())
    }

    /// Adds a waiter, after [`arm`](Self::arm): at the end, or in the place that it had when its
    /// try failed.
    pub(crate) fn enqueue(
        &mut self,
        token: Token,
        direction: Direction,
        before: Option<Ticket>,
        waker: Waker,
    ) -> Ticket {
        let known = find(&mut self.sockets, token).expect("a waiter has registered its socket");
        let waiters = &mut known.directions[direction as usize];
        self.awaited += usize::from(waiters.queue.is_empty());
        waiters.enqueue(before, waker)
    }

    /// Gives a waiter another waker, and returns the old one, to be dropped after the borrow.
    pub(crate) fn replace(
        &mut self,
        token: Token,
        direction: Direction,
        ticket: Ticket,
        waker: Waker,
    ) -> Option<Waker> {
        let known = self.find(token)?.directions[direction as usize]
            .queue
            .get_mut(&ticket)?;
        Some(mem::replace(known, waker))
    }

    /// Takes out a waiter that still waits, or that was woken and has tried. Returns the waker of
    /// the next one to try, to be woken, and its own waker, to be dropped: both after the borrow.
    pub(crate) fn leave(
        &mut self,
        token: Token,
        direction: Direction,
        ticket: Ticket,
    ) -> (Option<Waker>, Option<Waker>) {
        let Some(known) = find(&mut self.sockets, token) else {
            return (None, None);
        };
        let waiters = &mut known.directions[direction as usize];
        if waiters.trying == Some(ticket) {
            waiters.trying = None;
            return (self.wake_first(token.place(), direction), None);
        }
        let waker = waiters.queue.remove(&ticket);
        self.awaited -= usize::from(waker.is_some() && waiters.queue.is_empty());
        (None, waker)
    }

    /// Waits for sockets and notifications, for `timeout` at most.
    pub(crate) fn wait(&mut self, timeout: Option<Duration>) {
        let waited = self.selector.wait(timeout, &mut self.events);
        waited.expect("a selector fails to wait only for lack of memory");
        self.take_notification();
        // By descriptor, readers first.
        self.events.sort_unstable();
        self.done = 0;
    }

    /// Takes the event of the notifiers out, if it is there, and arms for the next.
    fn take_notification(&mut self) {
        let Some(notified) = &self.notified else {
            return;
        };
        let fd = notified.as_raw_fd();
        if let Some(found) = self.events.iter().position(|event| event.fd == fd) {
            self.events.swap_remove(found);
            notified.drain();
            let armed = self.selector.arm(fd, Direction::Read);
            armed.expect("the pipe was armed before");
        }
    }

    /// Returns whether there is an event of the last wait for which no waiter was woken yet.
    pub(crate) fn has_events(&self) -> bool {
        self.done < self.events.len()
    }

    /// Returns the next waker to wake for the events of the last wait: by descriptor, readers
    /// first.
    ///
    /// An event may be stale: its waiters are gone, or its descriptor is another socket's by now,
    /// whose waiter then tries in vain.
    pub(crate) fn next_woken(&mut self) -> Option<Waker> {
        while let Some(&Event { fd, direction }) = self.events.get(self.done) {
            self.done += 1;
            if let Some(waker) = self.wake_first(fd as usize, direction) {
                return Some(waker);
            }
        }
        None
    }

    /// Forgets all sockets. Returns the wakers of the waiters, to be woken after the borrow, and
    /// the selector, to be dropped after it: handles may outlive the executor, and its descriptors
    /// need not.
    pub(crate) fn close(&mut self) -> (Vec<Waker>, Box<dyn Selector>) {
        if let Some(notified) = self.notified.take() {
            self.selector.disarm(notified.as_raw_fd(), Direction::Read);
        }
        let selector = mem::replace(&mut self.selector, Box::new(Closed));
        self.awaited = 0;
        let sockets = mem::take(&mut self.sockets).into_iter().flatten();
        let wakers = sockets
            .flat_map(|known| known.directions)
            .flat_map(|waiters| waiters.queue.into_values())
            .collect();
        (wakers, selector)
    }

    /// Takes out the first waiter, unless one was woken already and has yet to try. `None` if there
    /// are no waiters.
    fn wake_first(&mut self, place: usize, direction: Direction) -> Option<Waker> {
        let known = self.sockets.get_mut(place)?.as_mut()?;
        let waiters = &mut known.directions[direction as usize];
        if waiters.trying.is_some() {
            return None;
        }
        let (ticket, waker) = waiters.queue.pop_first()?;
        waiters.trying = Some(ticket);
        self.awaited -= usize::from(waiters.queue.is_empty());
        Some(waker)
    }

    fn find(&mut self, token: Token) -> Option<&mut Registered> {
        find(&mut self.sockets, token)
    }
}

/// Takes the place of the selector when the executor is dropped.
struct Closed;

impl Selector for Closed {
    fn arm(&mut self, _: RawFd, _: Direction) -> io::Result<()> {
        Err(io::Error::other("the executor was dropped"))
    }

    fn disarm(&mut self, _: RawFd, _: Direction) {}

    fn wait(&mut self, _: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        events.clear();
        Ok(())
    }
}

impl Waiters {
    fn enqueue(&mut self, before: Option<Ticket>, waker: Waker) -> Ticket {
        let ticket = before.unwrap_or_else(|| {
            self.next += 1;
            Ticket(self.next)
        });
        if self.trying == Some(ticket) {
            self.trying = None;
        }
        self.queue.insert(ticket, waker);
        ticket
    }
}

/// Finds a socket. `None` if it is no longer registered.
fn find(sockets: &mut [Option<Registered>], token: Token) -> Option<&mut Registered> {
    sockets
        .get_mut(token.place())?
        .as_mut()
        .filter(|known| known.token == token)
}
