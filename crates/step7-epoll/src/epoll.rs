//! The selector on `epoll(7)`: the kernel keeps the set of sockets, and a wait gets back only those
//! that are ready.

use std::collections::BTreeSet;
use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::time::{Duration, Instant};

use step4_select::{Direction, Event, Selector};

use crate::sys::{self, EpollEvent, Operation};

/// How many sockets one wait can report. The next wait reports those beyond that.
const CAPACITY: usize = 1_024;

/// A [`Selector`] on Linux's `epoll(7)`.
///
/// It takes as many sockets as the process may open; see
/// [`raise_open_files_limit`](crate::raise_open_files_limit). The cost of a wait grows with the
/// number of sockets that are ready, and not with those that are idle. Events come in the order in
/// which the sockets got ready, as far as the kernel knows it.
///
/// Arming is a system call, where `select(2)` needs none. The kernel keeps to the contract by
/// itself: its flag `EPOLLONESHOT` disables a socket with the event that reports it.
///
/// Timeouts are as exact as the kernel's timers; on a kernel before 5.11 they are rounded up to
/// whole milliseconds.
///
/// # Examples
///
/// ```
/// use std::{net::UdpSocket, os::fd::AsRawFd};
/// use step4_select::{Direction, Event, Selector};
/// use step7_epoll::Epoll;
///
/// let socket = UdpSocket::bind("127.0.0.1:0")?;
/// socket.set_nonblocking(true)?;
/// socket.send_to(b"hello", socket.local_addr()?)?;
///
/// let mut selector = Epoll::new()?;
/// selector.arm(socket.as_raw_fd(), Direction::Read)?;
/// let mut events = Vec::new();
/// selector.wait(None, &mut events)?;
/// assert_eq!(events, [Event { fd: socket.as_raw_fd(), direction: Direction::Read }]);
/// assert_eq!(socket.recv(&mut [0; 16])?, 5);
/// # std::io::Result::Ok(())
/// ```
pub struct Epoll {
    epoll: OwnedFd,
    /// What is armed. The kernel looks for all of it, and may still look for what was disarmed.
    armed: BTreeSet<(RawFd, Direction)>,
    /// Where the kernel writes what it found.
    found: Vec<EpollEvent>,
}

impl Epoll {
    /// Makes a selector with nothing armed.
    ///
    /// # Errors
    ///
    /// Returns an error if no descriptor is left: it needs one.
    pub fn new() -> io::Result<Epoll> {
        Ok(Epoll {
            epoll: sys::create()?,
            armed: BTreeSet::new(),
            found: vec![EpollEvent::default(); CAPACITY],
        })
    }

    /// Tells the kernel what is armed of a descriptor, whether it knows this socket or not.
    fn enable(&self, fd: RawFd) -> io::Result<()> {
        let read = self.armed.contains(&(fd, Direction::Read));
        let write = self.armed.contains(&(fd, Direction::Write));
        let event = EpollEvent::once(fd, read, write);
        match sys::control(&self.epoll, Operation::Modify, event) {
            // The kernel does not know this socket: it is new, or has the number of one that was
            // closed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                sys::control(&self.epoll, Operation::Add, event)
            }
            result => result,
        }
    }

    /// Turns what the kernel found into events.
    fn report(&mut self, count: usize, events: &mut Vec<Event>) -> io::Result<()> {
        for i in 0..count {
            let (found, fd) = (self.found[i], self.found[i].fd());
            let ready = [
                (Direction::Read, found.is_readable()),
                (Direction::Write, found.is_writable()),
            ];
            let mut is_armed = false;
            for (direction, is_ready) in ready {
                if is_ready && self.armed.remove(&(fd, direction)) {
                    events.push(Event { fd, direction });
                }
                is_armed |= self.armed.contains(&(fd, direction));
            }
            if is_armed {
                // The kernel has disabled both directions, but only one was ready.
                self.enable(fd)?;
            }
        }
        Ok(())
    }
}

impl Selector for Epoll {
    /// Asks for one event as soon as `fd` can be tried in `direction`. Arming what is armed changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if the descriptor is not open, or is a file: those are always ready, and
    /// `epoll` takes none.
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        self.armed.insert((fd, direction));
        self.enable(fd).map_err(|error| {
            self.armed.remove(&(fd, direction));
            let message = format!("epoll cannot wait for descriptor {fd}: {error}");
            io::Error::new(error.kind(), message)
        })
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        // The kernel may still find it, once: `report` then makes no event of it.
        self.armed.remove(&(fd, direction));
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        events.clear();
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            match sys::wait(&self.epoll, &mut self.found, left) {
                Ok(count) => self.report(count, events)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            if !events.is_empty() || left == Some(Duration::ZERO) {
                return Ok(());
            }
        }
    }
}
