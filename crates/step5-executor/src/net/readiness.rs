//! How a future waits for a socket.

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use step4_select::Direction;
use trace::Reason;

use crate::core::{self, Core};
use crate::reactor::Place;

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
    if core::expect_current("a socket").clock.is_virtual() {
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
    /// Its executor, which it does not keep alive, and its place in the line; `None` before the first poll.
    place: Option<(Weak<Core>, Place)>,
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
        if let Some((core, place)) = &self.place {
            let core = core
                .upgrade()
                .expect("the executor in which a socket is awaited was dropped");
            match core.reactor.borrow_mut().waker(*place) {
                None => return Poll::Ready(Ok(())),
                // The waker of the last poll counts.
                Some(waker) => waker.clone_from(cx.waker()),
            }
        } else {
            refuse_virtual_clock()?;
            let core = core::expect_current("a socket");
            let (fd, waker) = (self.fd.as_raw_fd(), cx.waker().clone());
            let place = core.reactor.borrow_mut().enter(fd, self.direction, waker)?;
            self.place = Some((Rc::downgrade(&core), place));
        }
        trace::waits(self.reason());
        Poll::Pending
    }
}

impl Drop for Readiness<'_> {
    fn drop(&mut self) {
        let place = self
            .place
            .take()
            .and_then(|(core, place)| Some((core.upgrade()?, place)));
        if let Some((core, place)) = place {
            let waker = core.reactor.borrow_mut().leave(place);
            if waker.is_some() {
                trace::gave_up(self.reason());
            }
        }
    }
}
