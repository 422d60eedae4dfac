//! How a future waits for a socket.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use step4_select::Direction;
use trace::Reason;

use crate::core;
use crate::reactor::{Place, Reactor};

/// Waits until a socket can be read from, and tries an operation until it does not block.
pub(crate) async fn read<S: AsFd, T>(
    socket: &S,
    mut operation: impl FnMut(&S) -> io::Result<T>,
) -> io::Result<T> {
    loop {
        wait(socket, Direction::Read).await?;
        match operation(socket) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            result => return result,
        }
    }
}

/// Tries an operation, and as long as it would block, waits until the socket can be written to.
pub(crate) async fn write<S: AsFd, T>(
    socket: &S,
    mut operation: impl FnMut(&S) -> io::Result<T>,
) -> io::Result<T> {
    loop {
        match operation(socket) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                wait(socket, Direction::Write).await?;
            }
            result => return result,
        }
    }
}

fn wait<S: AsFd>(socket: &S, direction: Direction) -> Readiness<'_> {
    Readiness {
        fd: socket.as_fd(),
        direction,
        place: None,
    }
}

/// Fails on the virtual clock: it would jump past the answer.
pub(crate) fn refuse_virtual_clock() -> io::Result<()> {
    if core::expect_current("a socket").timers.clock.is_virtual() {
        return Err(io::Error::new(
            ErrorKind::Unsupported,
            "a socket takes real time, so it cannot be awaited on a virtual clock: \
             use an executor on the real clock",
        ));
    }
    Ok(())
}

/// The future of a wait for a socket.
struct Readiness<'a> {
    /// Borrowed, so the socket cannot be closed while it is waited for.
    fd: BorrowedFd<'a>,
    direction: Direction,
    /// Its place in the line; `None` before the first poll. The reactor is gone with its executor.
    place: Option<(Weak<RefCell<Reactor>>, Place)>,
}

impl Readiness<'_> {
    fn reason(&self) -> Reason {
        match self.direction {
            Direction::Read => Reason::Readable(self.fd.as_raw_fd()),
            Direction::Write => Reason::Writable(self.fd.as_raw_fd()),
        }
    }
}

impl Future for Readiness<'_> {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some((reactor, place)) = &self.place {
            let Some(reactor) = reactor.upgrade() else {
                let error = "the executor in which a socket was awaited was dropped";
                return Poll::Ready(Err(io::Error::other(error)));
            };
            match reactor.borrow_mut().waker(*place) {
                None => return Poll::Ready(Ok(())),
                // The waker of the last poll counts.
                Some(waker) => waker.clone_from(cx.waker()),
            }
        } else {
            let core = core::expect_current("a socket");
            refuse_virtual_clock()?;
            let (fd, direction) = (self.fd.as_raw_fd(), self.direction);
            let place = core
                .reactor
                .borrow_mut()
                .enter(fd, direction, cx.waker().clone())?;
            self.place = Some((Rc::downgrade(&core.reactor), place));
        }
        trace::waits(self.reason());
        Poll::Pending
    }
}

impl Drop for Readiness<'_> {
    fn drop(&mut self) {
        if let Some((reactor, place)) = &self.place
            && let Some(reactor) = reactor.upgrade()
        {
            let waker = reactor.borrow_mut().leave(*place);
            if waker.is_some() {
                trace::gave_up(self.reason());
            }
        }
    }
}
