//! A socket of an executor, and the future of an operation on it: it tries first, and waits only if
//! that would block.

use std::cell::RefCell;
use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use step4_select::Direction;
use trace::Reason;

use crate::core::Core;
use crate::entered::{self, expect_entered};
use crate::reactor::{Ticket, Token};
use crate::unwind::{drop_quietly, wake_quietly};

/// A non-blocking socket, and where it is registered.
pub(crate) struct Source<S: AsFd> {
    io: S,
    /// The executor in which a task waited for it last. `None` before the first wait.
    home: RefCell<Option<(Rc<Core>, Token)>>,
}

impl<S: AsFd> Source<S> {
    /// Takes over a socket that does not block.
    pub(crate) fn new(io: S) -> Source<S> {
        Source {
            io,
            home: RefCell::new(None),
        }
    }

    pub(crate) fn get_ref(&self) -> &S {
        &self.io
    }

    fn fd(&self) -> RawFd {
        self.io.as_fd().as_raw_fd()
    }

    /// Makes the future that tries an operation until it does not block.
    pub(crate) fn attempt<T, O>(&self, direction: Direction, operation: O) -> Attempt<'_, S, O>
    where
        O: FnMut(&S) -> io::Result<T>,
    {
        Attempt {
            source: self,
            direction,
            operation,
            has_yielded: false,
            place: None,
        }
    }

    /// Registers the socket with an executor, unless it is there already. If it leaves another one,
    /// returns the wakers of its waiters there, to be woken after the borrows: a waker may use this
    /// very socket.
    fn register(&self, core: &Rc<Core>) -> (Token, Vec<Waker>) {
        if let Some(token) = self.token(core) {
            return (token, vec![]);
        }
        // A socket is registered with one executor at a time. Waiters in the old one are woken.
        // When that executor runs again, they try, and bring the socket back.
        let left = self.leave_home();
        let token = core.reactor.borrow_mut().register(self.fd());
        *self.home.borrow_mut() = Some((core.clone(), token));
        (token, left)
    }

    /// Returns the token of the socket in an executor. `None` if it is not registered there.
    fn token(&self, core: &Rc<Core>) -> Option<Token> {
        let home = self.home.borrow();
        home.as_ref()
            .filter(|(home, _)| is_same(home, core))
            .map(|(_, token)| *token)
    }

    /// Takes the registration back. Returns the wakers of the waiters there.
    fn leave_home(&self) -> Vec<Waker> {
        let Some((core, token)) = self.home.take() else {
            return vec![];
        };
        core.reactor.borrow_mut().deregister(self.fd(), token)
    }

    /// Returns whether this direction has waiters in this executor, behind whom a newcomer has to
    /// queue.
    fn has_waiters(&self, core: &Rc<Core>, direction: Direction) -> bool {
        self.token(core)
            .is_some_and(|token| core.reactor.borrow().has_waiters(token, direction))
    }
}

impl<S: AsFd> Drop for Source<S> {
    fn drop(&mut self) {
        // Deregister before the descriptor is closed, as the selector asks. There are no waiters:
        // each borrows the socket.
        self.leave_home().into_iter().for_each(drop_quietly);
    }
}

impl<S: AsFd> fmt::Debug for Source<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.io.as_fd(), f)
    }
}

/// The future returned by [`Source::attempt`].
///
/// Dropping it takes back the wait. Nothing that arrived is lost: if it was woken and has not tried
/// yet, the next in line is woken.
#[must_use = "futures do nothing unless awaited"]
pub(crate) struct Attempt<'a, S: AsFd, O> {
    source: &'a Source<S>,
    direction: Direction,
    operation: O,
    has_yielded: bool,
    /// Where it waits, or waited until it was woken.
    place: Option<Place>,
}

struct Place {
    core: Rc<Core>,
    token: Token,
    ticket: Ticket,
}

// The operation is never pinned: it is a plain closure.
impl<S: AsFd, O> Unpin for Attempt<'_, S, O> {}

impl<S: AsFd, T, O: FnMut(&S) -> io::Result<T>> Future for Attempt<'_, S, O> {
    type Output = io::Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        let polled = entered::with_entered(|core| self.poll_in(core, cx));
        expect_entered(polled, "a socket")
    }
}

impl<S: AsFd, T, O: FnMut(&S) -> io::Result<T>> Attempt<'_, S, O> {
    fn poll_in(&mut self, core: &Rc<Core>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if self
            .place
            .as_ref()
            .is_some_and(|place| !is_same(&place.core, core))
        {
            // The wait began in another executor. It begins anew in this one.
            self.leave();
        }
        // Refuse a receive on the virtual clock even if a datagram is there: that is chance.
        if self.direction == Direction::Read {
            refuse_virtual_time(core)?;
        }
        if self.place.is_none() && core.budget.get() == 0 && !self.has_yielded {
            self.has_yielded = true;
            cx.waker().wake_by_ref();
            core.trace_wait(trace::waits, || Reason::Turn);
            return Poll::Pending;
        }
        // Clone the waker before the try: that runs user code, which may use this very socket.
        let waker = cx.waker().clone();
        loop {
            if self.may_try(core) {
                match (self.operation)(&self.source.io) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    result => {
                        if self.place.is_none() {
                            core.budget.set(core.budget.get().saturating_sub(1));
                        }
                        self.leave();
                        // Even if this panics, what was received must not be lost.
                        drop_quietly(waker);
                        return Poll::Ready(result);
                    }
                }
            } else if let Some(place) = &self.place {
                // Polled for another reason, maybe by another task: keep the place, with the new
                // waker.
                let old = core.reactor.borrow_mut().replace(
                    place.token,
                    self.direction,
                    place.ticket,
                    waker,
                );
                old.into_iter().for_each(drop_quietly);
                core.trace_wait(trace::waits, || self.reason());
                return Poll::Pending;
            }
            return match self.enqueue(core, waker) {
                Ok(()) => {
                    core.trace_wait(trace::waits, || self.reason());
                    Poll::Pending
                }
                Err(error) => Poll::Ready(Err(error)),
            };
        }
    }

    /// Returns whether it may try: it was woken, or came when there were no waiters.
    fn may_try(&self, core: &Rc<Core>) -> bool {
        match &self.place {
            Some(place) => {
                core.reactor
                    .borrow_mut()
                    .may_try(place.token, self.direction, place.ticket)
            }
            None => !self.source.has_waiters(core, self.direction),
        }
    }

    /// Waits in the queue of the socket. If it was woken before, it gets its old place.
    fn enqueue(&mut self, core: &Rc<Core>, waker: Waker) -> io::Result<()> {
        refuse_virtual_time(core)?;
        let (token, left) = self.source.register(core);
        let before = self
            .place
            .as_ref()
            .filter(|place| place.token == token)
            .map(|place| place.ticket);
        let mut reactor = core.reactor.borrow_mut();
        let armed = reactor.arm(self.source.fd(), token, self.direction, before);
        if armed.is_ok() {
            let ticket = reactor.enqueue(token, self.direction, before, waker);
            self.place = Some(Place {
                core: core.clone(),
                token,
                ticket,
            });
        }
        drop(reactor);
        left.into_iter().for_each(wake_quietly);
        armed
    }
}

impl<S: AsFd, O> Attempt<'_, S, O> {
    /// Returns what it waits for.
    fn reason(&self) -> Reason {
        match self.direction {
            Direction::Read => Reason::Readable(self.source.fd()),
            Direction::Write => Reason::Writable(self.source.fd()),
        }
    }

    /// Leaves the queue. If it was woken, the next waiter is woken too. Returns the executor in
    /// which it waited, if any.
    fn leave(&mut self) -> Option<Rc<Core>> {
        let Place {
            core,
            token,
            ticket,
        } = self.place.take()?;
        let (next, dropped) = core
            .reactor
            .borrow_mut()
            .leave(token, self.direction, ticket);
        dropped.into_iter().for_each(drop_quietly);
        next.into_iter().for_each(wake_quietly);
        Some(core)
    }
}

impl<S: AsFd, O> Drop for Attempt<'_, S, O> {
    fn drop(&mut self) {
        if let Some(core) = self.leave() {
            core.trace_wait(trace::gave_up, || self.reason());
        }
    }
}

/// Returns an error on the virtual clock, on which any time limit would be over before the network
/// has done anything.
pub(crate) fn refuse_virtual_time(core: &Core) -> io::Result<()> {
    if core.clock.is_virtual() {
        let message = "a socket cannot be awaited on a virtual clock: use the real one";
        return Err(io::Error::new(io::ErrorKind::Unsupported, message));
    }
    Ok(())
}

fn is_same(one: &Rc<Core>, other: &Rc<Core>) -> bool {
    Rc::ptr_eq(one, other)
}
