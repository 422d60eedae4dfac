//! How a future waits for a socket.

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use step4_select::{Direction, Event, Place};

use crate::core::Core;
use crate::current::expect_current;

/// Waits until a socket can be read from, and tries an operation. If there was nothing after all,
/// does both again.
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

/// Tries an operation. As long as it would block, waits until the socket can be written to, and
/// tries again.
pub(crate) async fn write<S: AsFd, T>(
    socket: &S,
    mut operation: impl FnMut(&S) -> io::Result<T>,
) -> io::Result<T> {
    loop {
        match operation(socket) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            result => return result,
        }
        wait(socket, Direction::Write).await?;
    }
}

fn wait<S: AsFd>(socket: &S, direction: Direction) -> Readiness<'_> {
    let (fd, place) = (socket.as_fd(), None);
    Readiness {
        fd,
        direction,
        place,
    }
}

/// A wait for a socket.
struct Readiness<'a> {
    /// Borrowed, so the socket cannot be closed during the wait.
    fd: BorrowedFd<'a>,
    direction: Direction,
    /// Its executor, which it does not keep alive, and its place in the line; `None` before the
    /// first poll.
    place: Option<(Weak<Core>, Place)>,
}

impl Future for Readiness<'_> {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some((core, place)) = &self.place {
            let core = core.upgrade().expect("the executor of a wait was dropped");
            match core.sockets.borrow_mut().get_mut(*place) {
                None => return Poll::Ready(Ok(())),
                // The waker of the last poll counts.
                Some(waker) => waker.clone_from(cx.waker()),
            }
            trace::waits(place.reason());
        } else {
            let core = expect_current();
            let (fd, direction) = (self.fd.as_raw_fd(), self.direction);
            let (event, waker) = (Event { fd, direction }, cx.waker().clone());
            let place = core.sockets.borrow_mut().push(&core.clock, event, waker)?;
            self.place = Some((Rc::downgrade(&core), place));
            trace::waits(place.reason());
        }
        Poll::Pending
    }
}

impl Drop for Readiness<'_> {
    fn drop(&mut self) {
        if let Some((core, place)) = self.place.take()
            && let Some(core) = core.upgrade()
        {
            let waker = core.sockets.borrow_mut().remove(place);
            if waker.is_some() {
                trace::gave_up(place.reason());
            }
        }
    }
}
