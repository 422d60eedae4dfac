//! What a scheduler needs of the operating system: one place to wait, for all sockets and a time.

use std::io;
use std::os::fd::RawFd;
use std::time::Duration;

/// What a task waits to do with a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Receive, or accept.
    Read,
    /// Send.
    Write,
}

/// A direction of a socket: what a task waits for, and what a selector reports.
///
/// A report is a hint: trying may still give `WouldBlock`. After an error or a hang-up, each
/// direction that is armed is reported, and trying it shows what has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// The descriptor of the socket.
    pub fd: RawFd,
    /// What to try.
    pub direction: Direction,
}

/// Waits for many sockets at once, on one thread.
///
/// # The contract
///
/// - The sockets are non-blocking.
/// - **Level-triggered:** [`arm`](Self::arm) may be called at any time. If the socket is ready
///   already, the next wait reports it.
/// - **One-shot:** the event that reports a direction disarms it. To hear of the direction again,
///   arm it again.
/// - A socket is **disarmed before it is closed**, unless its events have all come.
///
/// # Examples
///
/// ```
/// use std::{net::UdpSocket, os::fd::AsRawFd};
/// use step4_select::{Direction, Event, Select, Selector};
///
/// let server = UdpSocket::bind("127.0.0.1:0")?;
/// server.set_nonblocking(true)?;
/// let client = UdpSocket::bind("127.0.0.1:0")?;
/// client.send_to(b"hello", server.local_addr()?)?;
///
/// let mut selector = Select::new()?;
/// selector.arm(server.as_raw_fd(), Direction::Read)?;
/// let mut events = Vec::new();
/// selector.wait(None, &mut events)?;
/// assert_eq!(events, [Event { fd: server.as_raw_fd(), direction: Direction::Read }]);
/// assert_eq!(server.recv(&mut [0; 16])?, 5);
/// # std::io::Result::Ok(())
/// ```
pub trait Selector {
    /// Asks for one event as soon as `fd` can be tried in `direction`. Arming what is armed changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if this selector cannot wait for the descriptor; see the selector for its
    /// limits.
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()>;

    /// Takes back what [`arm`](Self::arm) asked for. If the direction is not armed, nothing
    /// happens.
    fn disarm(&mut self, fd: RawFd, direction: Direction);

    /// Waits for what is armed, and puts what it found into `events`, which it clears first.
    ///
    /// Returns as soon as there is an event, or when `timeout` is over, and not before. `None` waits
    /// forever, and zero only looks. A signal does not end the wait, nor make it longer.
    ///
    /// # Errors
    ///
    /// Returns an error if the system reports one, but never `Interrupted`.
    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()>;
}
