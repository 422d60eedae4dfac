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
/// Arming is a system call, and so is disarming; `select(2)` needs none for either. The kernel
/// keeps to the contract by itself: its flag `EPOLLONESHOT` disables a socket with the event that
/// reports it.
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
    /// What is armed, as the kernel has it too.
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

    /// Returns what the kernel is to look for at a descriptor; `None` if nothing is armed.
    fn interest(&self, fd: RawFd) -> Option<EpollEvent> {
        let read = self.armed.contains(&(fd, Direction::Read));
        let write = self.armed.contains(&(fd, Direction::Write));
        (read || write).then(|| EpollEvent::once(fd, read, write))
    }

    /// Tells the kernel what to look for, whether it knows this socket or not.
    fn enable(&self, interest: EpollEvent) -> io::Result<()> {
        match sys::control(&self.epoll, Operation::Modify, interest) {
            // It is the first time. Or the number was another socket's, which the kernel forgot
            // when it was closed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                sys::control(&self.epoll, Operation::Add, interest)
            }
            result => result,
        }
    }

    /// Puts what the kernel found into `events`.
    fn report(&mut self, count: usize, events: &mut Vec<Event>) -> io::Result<()> {
        for i in 0..count {
            let (found, fd) = (self.found[i], self.found[i].fd());
            if found.is_readable() && self.armed.remove(&(fd, Direction::Read)) {
                let direction = Direction::Read;
                events.push(Event { fd, direction });
            }
            if found.is_writable() && self.armed.remove(&(fd, Direction::Write)) {
                let direction = Direction::Write;
                events.push(Event { fd, direction });
            }
            // An event disables both directions, and perhaps only one was ready.
            if let Some(other) = self.interest(fd) {
                self.enable(other)?;
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
        let interest = self.interest(fd).expect("one direction is armed now");
        self.enable(interest).map_err(|error| {
            self.armed.remove(&(fd, direction));
            let message = format!("epoll cannot wait for descriptor {fd}: {error}");
            io::Error::new(error.kind(), message)
        })
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        if !self.armed.remove(&(fd, direction)) {
            return;
        }
        // An error means that the socket was closed, and then the kernel has forgotten it.
        _ = match self.interest(fd) {
            Some(other) => self.enable(other),
            // Not only disabled: the kernel would still report a hang-up.
            None => {
                let nothing = EpollEvent::once(fd, false, false);
                sys::control(&self.epoll, Operation::Delete, nothing)
            }
        };
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
