//! The selector on Linux's `epoll(7)`, edge-triggered: arming a descriptor again takes no system
//! call.

mod sys;

use std::fmt;
use std::io;
use std::mem;
use std::os::fd::{AsFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};

use step4_select::{Direction, Event, Selector};

use crate::epoll::sys::{Found, Interest, Operation};

/// How many descriptors one call can report. Those beyond that are reported by the next call.
const CAPACITY: usize = 1_024;

/// A [`Selector`] on edge-triggered `epoll(7)`, for callers that try first.
///
/// It takes as many sockets as the process may open. The cost of a wait grows with the number of
/// sockets that got ready, and not with those that are idle. Events come in the order in which the
/// kernel has them, which is roughly the order in which they got ready.
///
/// # A stricter rule
///
/// [`Selector`] lets its callers arm at any time. This one asks for more: a caller **tries first**,
/// and arms right after the try was `WouldBlock`, with no [`wait`](Selector::wait) between the two.
/// And a socket is always **disarmed before it is closed**, even if its events have all come. The
/// executor of this crate keeps both.
///
/// The kernel reports a change once, and here it is dropped if its direction is not armed. Callers
/// that try first lose nothing by that: their try was `WouldBlock`, so what they wait for is a
/// later change, and the wait that reports it comes after the arming. A caller that arms without a
/// try may wait forever.
///
/// # System calls
///
/// The first arming of a descriptor takes one, and so does the first one for writing. Later ones
/// take none: the kernel keeps reporting changes, and what is armed is only noted here. To
/// [`disarm`](Selector::disarm) the last direction takes one, because the kernel is told to forget
/// the descriptor. That is meant for the end, before a socket is closed or moves elsewhere. A
/// waiter that leaves may leave its direction armed, at the price of one spurious event. Deadlines
/// are as exact as the kernel's timers; on a kernel before 5.11 they are rounded up to whole
/// milliseconds.
///
/// # Examples
///
/// ```
/// use std::{io, net::UdpSocket, os::fd::AsRawFd};
/// use step4_select::{Direction, Event, Selector};
/// use step8_fast_executor::Epoll;
///
/// let socket = UdpSocket::bind("127.0.0.1:0")?;
/// socket.set_nonblocking(true)?;
/// let fd = socket.as_raw_fd();
/// let mut selector = Epoll::new()?;
///
/// assert_eq!(socket.recv(&mut [0; 16]).unwrap_err().kind(), io::ErrorKind::WouldBlock);
/// selector.arm(fd, Direction::Read)?;
/// socket.send_to(b"hello", socket.local_addr()?)?;
///
/// let mut events = Vec::new();
/// selector.wait(None, &mut events)?;
/// assert_eq!(events, [Event { fd, direction: Direction::Read }]);
/// assert_eq!(socket.recv(&mut [0; 16])?, 5);
/// selector.disarm(fd, Direction::Read);
/// # io::Result::Ok(())
/// ```
pub struct Epoll {
    epoll: OwnedFd,
    /// By descriptor: those that the kernel reports changes of.
    known: Vec<Option<Known>>,
    /// What the last call found. It is allocated once.
    found: Box<[Found]>,
    /// Whether deadlines are exact. False for good once the kernel has refused the call for that.
    is_exact: bool,
    calls: u64,
    controls: u64,
}

#[derive(Clone, Copy, Default)]
struct Known {
    /// By direction.
    is_armed: [bool; 2],
    /// Whether the kernel was asked for writing too. It is never taken back.
    asks_for_writing: bool,
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
            known: Vec::new(),
            found: vec![Found::default(); CAPACITY].into_boxed_slice(),
            is_exact: true,
            calls: 0,
            controls: 0,
        })
    }

    /// Returns how many times it has asked the kernel to wait: a measure of how idle an idle
    /// program is.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Returns how many times it has changed the kernel's set, by `epoll_ctl(2)`.
    ///
    /// ```
    /// use std::{net::UdpSocket, os::fd::AsRawFd};
    /// use step4_select::{Direction, Selector};
    /// use step8_fast_executor::Epoll;
    ///
    /// let socket = UdpSocket::bind("127.0.0.1:0")?;
    /// let mut selector = Epoll::new()?;
    /// for _ in 0..10 {
    ///     selector.arm(socket.as_raw_fd(), Direction::Read)?;
    /// }
    /// assert_eq!(selector.controls(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn controls(&self) -> u64 {
        self.controls
    }

    /// Changes the kernel's set.
    fn control(&mut self, operation: Operation, fd: RawFd, interest: Interest) -> io::Result<()> {
        self.controls += 1;
        sys::control(self.epoll.as_fd(), operation, fd, interest)
    }

    /// Asks the kernel once, and returns how much it found.
    fn call(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        self.calls += 1;
        if self.is_exact {
            match sys::wait(self.epoll.as_fd(), &mut self.found, timeout) {
                Err(error) if sys::is_refused(&error) => self.is_exact = false,
                result => return result,
            }
            self.calls += 1;
        }
        sys::wait_rounded_up(self.epoll.as_fd(), &mut self.found, timeout)
    }

    /// Turns what was found and is armed into events, and disarms it.
    fn report(&mut self, count: usize, events: &mut Vec<Event>) {
        for found in &self.found[..count] {
            let fd = found.fd();
            if let Some(Some(known)) = self.known.get_mut(fd as usize) {
                // A change for which no direction is armed ends here: the next caller tries first.
                if found.is_readable() && mem::take(&mut known.is_armed[Direction::Read as usize]) {
                    let direction = Direction::Read;
                    events.push(Event { fd, direction });
                }
                if found.is_writable() && mem::take(&mut known.is_armed[Direction::Write as usize])
                {
                    let direction = Direction::Write;
                    events.push(Event { fd, direction });
                }
            }
        }
    }
}

impl Selector for Epoll {
    /// Asks for one event as soon as `fd` can be tried in `direction`; call it right after a try
    /// was `WouldBlock`.
    ///
    /// # Errors
    ///
    /// Returns `InvalidInput` if the descriptor is that of a file or a directory, and an error if
    /// it is not open.
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        let place = usize::try_from(fd).map_err(|_| io::ErrorKind::InvalidInput)?;
        let known = self.known.get(place).copied().flatten();
        let writes = direction == Direction::Write;
        if known.is_none_or(|known| writes && !known.asks_for_writing) {
            // The kernel looks at the descriptor at once, so what came since the try is reported
            // too.
            let (operation, interest) = match (known, writes) {
                (None, false) => (Operation::Add, Interest::READING),
                (None, true) => (Operation::Add, Interest::READING_AND_WRITING),
                (Some(_), _) => (Operation::Modify, Interest::READING_AND_WRITING),
            };
            self.control(operation, fd, interest)
                .map_err(|error| cannot_arm(fd, error))?;
            if self.known.len() <= place {
                self.known.resize(place + 1, None);
            }
        }
        let known = self.known[place].get_or_insert_default();
        known.is_armed[direction as usize] = true;
        known.asks_for_writing |= writes;
        Ok(())
    }

    /// Takes back what [`arm`](Self::arm) asked for, and forgets the descriptor if its other
    /// direction is not armed.
    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        let place = usize::try_from(fd).ok();
        let Some(known) = place.and_then(|place| self.known.get_mut(place)) else {
            return;
        };
        let Some(Known { is_armed, .. }) = known else {
            return;
        };
        is_armed[direction as usize] = false;
        if *is_armed == [false; 2] {
            *known = None;
            // This fails if the socket was closed before: then the kernel has forgotten it already.
            _ = self.control(Operation::Delete, fd, Interest::NOTHING);
        }
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        events.clear();
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut left = timeout;
        loop {
            let count = match self.call(left) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                Err(error) => return Err(error),
            };
            self.report(count, events);
            if !events.is_empty() {
                return Ok(());
            }
            left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            // A full buffer: there may be more, even if the time is over.
            if count < CAPACITY && left == Some(Duration::ZERO) {
                return Ok(());
            }
        }
    }
}

impl fmt::Debug for Epoll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Epoll")
            .field("epoll", &self.epoll)
            .field("known", &self.known.iter().flatten().count())
            .field("is_exact", &self.is_exact)
            .field("calls", &self.calls)
            .field("controls", &self.controls)
            .finish_non_exhaustive()
    }
}

/// Says what is wrong with a descriptor that the kernel does not take.
fn cannot_arm(fd: RawFd, error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::PermissionDenied => io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "descriptor {fd} is a file or a directory, which is never waited for: \
                 epoll takes sockets and pipes"
            ),
        ),
        kind => io::Error::new(
            kind,
            format!("epoll does not take descriptor {fd}: {error}"),
        ),
    }
}
