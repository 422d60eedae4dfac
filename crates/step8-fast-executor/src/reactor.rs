//! Who waits for which socket, and whose try is next?
//!
//! The rules are those of step 4. Of several that wait for one direction of a socket, the first is woken; once its try
//! has succeeded, or it is dropped, the next is woken. What is new is that the wait is a future: it may be dropped
//! anywhere.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::task::Waker;

use step4_select::{Direction, Event, Selector, Token, Until};

/// The wakers of those who wait for sockets, and the selector that waits for them all.
pub(crate) struct Reactor {
    selector: Box<dyn Selector>,
    /// By descriptor, which is a small number.
    sockets: Vec<Option<Registered>>,
    /// How many registrations there ever were.
    registrations: u64,
    /// How many directions somebody waits for.
    awaited: usize,
    /// What the last wait has brought, and how much of that is done.
    events: Vec<Event>,
    done: usize,
}

struct Registered {
    token: Token,
    directions: [Waiters; 2],
}

/// Those who wait for one direction of a socket, in order of arrival.
#[derive(Default)]
struct Waiters {
    queue: BTreeMap<Ticket, Waker>,
    next: u64,
    /// Who was woken, and has neither tried nor gone since.
    trying: Option<Ticket>,
}

/// A place in the queue; a lower one goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

impl Reactor {
    pub(crate) fn new(selector: Box<dyn Selector>) -> Reactor {
        Reactor {
            selector,
            sockets: vec![],
            registrations: 0,
            awaited: 0,
            events: vec![],
            done: 0,
        }
    }

    /// Returns whether anybody waits for a socket.
    pub(crate) fn is_awaited(&self) -> bool {
        self.awaited > 0
    }

    /// Makes a socket known, and returns the token by which it is known here.
    pub(crate) fn register(&mut self, fd: BorrowedFd<'_>) -> io::Result<Token> {
        // The descriptor, and above it what tells its registrations apart.
        let number = fd.as_raw_fd() as u32;
        self.registrations += 1;
        let token = Token(self.registrations << 32 | u64::from(number));
        self.selector.register(fd, token)?;
        let place = number as usize;
        if self.sockets.len() <= place {
            self.sockets.resize_with(place + 1, || None);
        }
        self.sockets[place] = Some(Registered {
            token,
            directions: Default::default(),
        });
        Ok(token)
    }

    /// Forgets a socket, before it is closed or goes elsewhere. Returns the wakers of those who waited for it, to be
    /// woken after the borrow.
    pub(crate) fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> Vec<Waker> {
        let known = self.sockets.get_mut(place(token));
        let Some(registered) = known.and_then(|known| known.take_if(|known| known.token == token))
        else {
            return vec![];
        };
        _ = self.selector.deregister(fd, token);
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

    /// Returns whether somebody waits for a direction, or was woken for it and has yet to try.
    pub(crate) fn has_waiters(&self, token: Token, direction: Direction) -> bool {
        let registered = self.sockets.get(place(token)).and_then(Option::as_ref);
        let waiters = registered
            .filter(|known| known.token == token)
            .map(|known| &known.directions[direction as usize]);
        waiters.is_some_and(|waiters| waiters.trying.is_some() || !waiters.queue.is_empty())
    }

    /// Returns whether it is this one's turn to try: it was woken, or its socket is not known here any more.
    pub(crate) fn may_try(&mut self, token: Token, direction: Direction, ticket: Ticket) -> bool {
        self.find(token)
            .is_none_or(|known| known.directions[direction as usize].trying == Some(ticket))
    }

    /// Asks the selector for an event, right after a try has failed: that of the waiter in `before`, or a newcomer's.
    pub(crate) fn arm(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        direction: Direction,
        before: Option<Ticket>,
    ) -> io::Result<()> {
        let trying = self
            .find(token)
            .and_then(|known| known.directions[direction as usize].trying);
        // The one that was woken tries for all who wait: if it fails, it is back here, and if not, the next one tries.
        if trying.is_none() || trying == before {
            self.selector.arm(fd, token, direction)?;
        }
        Ok(())
    }

    /// Lets somebody wait, after [`arm`](Self::arm): at the end, or in the place that it had when its try failed.
    pub(crate) fn enqueue(
        &mut self,
        token: Token,
        direction: Direction,
        before: Option<Ticket>,
        waker: Waker,
    ) -> Ticket {
        let known = find(&mut self.sockets, token).expect("who waits has registered the socket");
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
        Some(std::mem::replace(known, waker))
    }

    /// Takes out a waiter, which still waits, or was woken and is done with its try. Returns the waker of the one whose
    /// try is next, to be woken, and a waker to be dropped, both after the borrow.
    pub(crate) fn leave(
        &mut self,
        fd: BorrowedFd<'_>,
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
            return (self.wake_first(token, direction), None);
        }
        let waker = waiters.queue.remove(&ticket);
        if waker.is_some() && waiters.queue.is_empty() {
            self.awaited -= 1;
            self.selector.disarm(fd, token, direction);
        }
        (None, waker)
    }

    /// Waits for sockets. Returns whether there is something to wake somebody for.
    pub(crate) fn wait(&mut self, until: Until) -> bool {
        let waited = self.selector.wait(until, &mut self.events);
        waited.expect("a selector fails to wait only for lack of memory");
        // By descriptor.
        self.events.sort_unstable_by_key(|event| place(event.token));
        self.done = 0;
        !self.events.is_empty()
    }

    /// Returns whether the last wait has brought something for which nobody was woken yet.
    pub(crate) fn has_events(&self) -> bool {
        self.done < 2 * self.events.len()
    }

    /// Returns who is woken next for what the last wait has brought: by descriptor, readers first.
    pub(crate) fn next_woken(&mut self) -> Option<Waker> {
        while let Some(&Event {
            token,
            readable,
            writable,
        }) = self.events.get(self.done / 2)
        {
            let (direction, is_ready) = match self.done % 2 {
                0 => (Direction::Read, readable),
                _ => (Direction::Write, writable),
            };
            self.done += 1;
            if is_ready && let Some(waker) = self.wake_first(token, direction) {
                return Some(waker);
            }
        }
        None
    }

    /// Forgets all sockets, and returns the wakers of those who wait, to be woken after the borrow.
    pub(crate) fn take_wakers(&mut self) -> Vec<Waker> {
        self.awaited = 0;
        let sockets = std::mem::take(&mut self.sockets).into_iter().flatten();
        sockets
            .flat_map(|known| known.directions)
            .flat_map(|waiters| waiters.queue.into_values())
            .collect()
    }

    /// Takes out the first waiter, unless one was woken already and has yet to try. `None` when there is nobody.
    fn wake_first(&mut self, token: Token, direction: Direction) -> Option<Waker> {
        let waiters = &mut find(&mut self.sockets, token)?.directions[direction as usize];
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

/// Finds a socket. `None` when it is not registered any more.
fn find(sockets: &mut [Option<Registered>], token: Token) -> Option<&mut Registered> {
    sockets
        .get_mut(place(token))?
        .as_mut()
        .filter(|known| known.token == token)
}

/// Returns the descriptor in a token.
fn place(token: Token) -> usize {
    token.0 as u32 as usize
}
