//! What must a scheduler know of a socket, whatever its type?

use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::rc::Rc;

use crate::{Direction, Selector, Token};

/// A selector that a scheduler shares with the sockets registered there.
///
/// Nobody else borrows it. Each borrow lasts for one call, in which no code of a task runs.
pub(crate) type SharedSelector = Rc<RefCell<Box<dyn Selector>>>;

/// What a scheduler knows of a socket, whatever its type.
#[derive(Default)]
pub(crate) struct State {
    /// Where it is registered. `None` before the first wait.
    registered: RefCell<Option<SharedSelector>>,
    /// Whether somebody waits to read, and to write.
    pub(crate) is_queued: [Cell<bool>; 2],
    /// Whether somebody was woken to read, and to write, and has not tried yet.
    pub(crate) is_trying: [Cell<bool>; 2],
    /// Why the last request to wait was refused. The asker takes the error at once.
    pub(crate) refused: Cell<Option<io::Error>>,
}

impl State {
    /// Returns whether others come first in a direction, so that a newcomer has to queue behind them.
    pub(crate) fn is_awaited(&self, direction: Direction) -> bool {
        self.is_queued[direction as usize].get() || self.is_trying[direction as usize].get()
    }

    /// Forgets where the socket is registered. `None` if it is not.
    pub(crate) fn take_registered(&self) -> Option<SharedSelector> {
        self.registered.take()
    }
}

/// A socket of any type, as the scheduler sees it.
pub(crate) trait Source {
    fn fd(&self) -> BorrowedFd<'_>;
    fn state(&self) -> &State;
}

impl dyn Source {
    /// Returns the name of the socket in a selector: its descriptor, which nobody else has while it is registered.
    pub(crate) fn token(&self) -> Token {
        token(self.fd())
    }

    /// Registers the socket with this selector, unless it already is, and with no other.
    pub(crate) fn register(&self, selector: &SharedSelector) -> io::Result<()> {
        let mut registered = self.state().registered.borrow_mut();
        if registered
            .as_ref()
            .is_some_and(|known| Rc::ptr_eq(known, selector))
        {
            return Ok(());
        }
        if registered.is_some()
            && [Direction::Read, Direction::Write]
                .map(|direction| self.state().is_awaited(direction))
                .contains(&true)
        {
            let message = "tasks of another scheduler wait for this socket: let them finish first";
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, message));
        }
        if let Some(other) = registered.take() {
            other.borrow_mut().deregister(self.fd(), self.token())?;
        }
        selector.borrow_mut().register(self.fd(), self.token())?;
        *registered = Some(selector.clone());
        Ok(())
    }
}

pub(crate) fn token(fd: BorrowedFd<'_>) -> Token {
    // A descriptor is never negative.
    Token(fd.as_raw_fd() as u64)
}
