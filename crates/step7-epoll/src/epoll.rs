//! How does one thread wait for ten thousand sockets? It tells the kernel once which they are, and then asks only which
//! got ready.

use crate::sys::{self, Found, Interest, Operation};
use std::{
    fmt, io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
    time::Duration,
};
use step4_select::{Direction, Event, Notified, Notifier, Selector, Token, Until};

/// How many sockets one call can report. Those beyond that are reported by the next call.
const CAPACITY: usize = 1_024;

/// A [`Selector`] on Linux's `epoll(7)`.
///
/// It takes as many sockets as the process may open; see [`raise_open_files_limit`](crate::raise_open_files_limit). The
/// cost of a wait grows with the number of sockets that got ready, and not with those that are idle. Events come in the
/// order in which the kernel has them, which is roughly the order in which they got ready.
///
/// # System calls
///
/// Registering a socket takes one, which asks for reading; so does deregistering. Arming for reading takes none. The
/// first time that a socket is armed for writing takes one more, and writing then stays asked for: most sockets have
/// room whenever somebody wants to write, and never get here. Deadlines are as exact as the kernel's timers; on a
/// kernel before 5.11 they are rounded up to whole milliseconds.
///
/// # Why no event is lost
///
/// The kernel reports a change once, and a change for which nobody is armed is dropped. That is safe with callers that
/// try first, as [`Selector`] asks. Their try was `WouldBlock`, so what they wait for is a change after it. Between
/// their try and their arming nobody waits, so a wait that takes out the change comes after the arming, and finds them
/// armed. If writing was not asked for before the try, asking for it reports the state at that moment as a change.
///
/// # Descriptors that were closed too early
///
/// The kernel forgets a socket when its last descriptor is closed, and tells nobody: whoever waits for it waits for
/// ever, where [`Select`](step4_select::Select) reports an error. The contract says to deregister first.
///
/// # Examples
///
/// ```
/// use std::{io, net::UdpSocket, os::fd::AsFd};
/// use step4_select::{Direction, Event, Selector, Token, Until};
/// use step7_epoll::Epoll;
///
/// let socket = UdpSocket::bind("127.0.0.1:0")?;
/// socket.set_nonblocking(true)?;
/// let mut selector = Epoll::new()?;
/// selector.register(socket.as_fd(), Token(7))?;
///
/// assert_eq!(socket.recv(&mut [0; 16]).unwrap_err().kind(), io::ErrorKind::WouldBlock);
/// selector.arm(socket.as_fd(), Token(7), Direction::Read)?;
/// socket.send_to(b"hello", socket.local_addr()?)?;
///
/// let mut events = Vec::new();
/// selector.wait(Until::Event, &mut events)?;
/// assert_eq!(events, [Event { token: Token(7), readable: true, writable: false }]);
/// assert_eq!(socket.recv(&mut [0; 16])?, 5);
/// selector.deregister(socket.as_fd(), Token(7))?;
/// # io::Result::Ok(())
/// ```
pub struct Epoll {
    epoll: OwnedFd,
    /// By descriptor. The kernel is given the descriptor and not the token, because only this table knows whether a
    /// direction is armed.
    registered: Vec<Option<Registered>>,
    notified: Notified,
    /// What the last call found. It is allocated once.
    found: Box<[Found]>,
    /// Whether deadlines are exact. False for good once the kernel has refused the call for that.
    is_exact: bool,
    calls: u64,
    controls: u64,
}

#[derive(Clone, Copy)]
struct Registered {
    token: Token,
    /// By direction.
    is_armed: [bool; 2],
    /// Whether the kernel was asked for writing too. It is never taken back.
    asks_for_writing: bool,
}

impl Epoll {
    /// Makes a selector that knows no descriptor yet.
    ///
    /// # Errors
    ///
    /// If the system has no descriptors left: it needs three.
    pub fn new() -> io::Result<Epoll> {
        let epoll = sys::create()?;
        let notified = Notified::new()?;
        // Drained whenever it is found, so it needs no edges.
        sys::control(
            epoll.as_fd(),
            Operation::Add,
            notified.as_fd(),
            Interest::WHILE_READABLE,
        )?;
        Ok(Epoll {
            epoll,
            registered: Vec::new(),
            notified,
            found: vec![Found::default(); CAPACITY].into_boxed_slice(),
            is_exact: true,
            calls: 0,
            controls: 1,
        })
    }

    /// Returns how many times it has asked the kernel to wait: a measure of how idle an idle program is.
    ///
    /// ```
    /// use std::time::{Duration, Instant};
    /// use step4_select::{Selector, Until};
    /// use step7_epoll::Epoll;
    ///
    /// let mut selector = Epoll::new()?;
    /// let deadline = Instant::now() + Duration::from_millis(5);
    /// selector.wait(Until::Deadline(deadline), &mut Vec::new())?;
    /// assert!(Instant::now() >= deadline);
    /// assert!(selector.calls() <= 2);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Returns how many times it has changed the kernel's set, by `epoll_ctl(2)`.
    ///
    /// The first time is for itself: in [`new`](Self::new), for its notifiers.
    ///
    /// ```
    /// use std::{net::UdpSocket, os::fd::AsFd};
    /// use step4_select::{Direction, Selector, Token};
    /// use step7_epoll::Epoll;
    ///
    /// let socket = UdpSocket::bind("127.0.0.1:0")?;
    /// let mut selector = Epoll::new()?;
    /// let before = selector.controls();
    /// selector.register(socket.as_fd(), Token(1))?;
    /// selector.arm(socket.as_fd(), Token(1), Direction::Read)?;
    /// assert_eq!(selector.controls() - before, 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn controls(&self) -> u64 {
        self.controls
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

    /// Turns what was found and is armed into events, and disarms it. Returns whether there was a notification.
    fn report(&mut self, count: usize, events: &mut Vec<Event>) -> bool {
        let mut is_notified = false;
        for found in &self.found[..count] {
            if found.place() == place(self.notified.as_fd()) {
                self.notified.drain();
                is_notified = true;
            } else if let Some(Some(known)) = self.registered.get_mut(found.place()) {
                // An edge for which nobody is armed ends here: whoever comes later tries first.
                let readable = found.is_readable()
                    && std::mem::take(&mut known.is_armed[Direction::Read as usize]);
                let writable = found.is_writable()
                    && std::mem::take(&mut known.is_armed[Direction::Write as usize]);
                if readable || writable {
                    events.push(Event {
                        token: known.token,
                        readable,
                        writable,
                    });
                }
            }
        }
        is_notified
    }
}

impl Selector for Epoll {
    /// Makes `fd` known under `token`, with nothing armed.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if it is registered, `InvalidInput` if it is a file or a directory, and whatever other objection
    /// the system has.
    fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        let place = place(fd);
        if self.registered.len() <= place {
            self.registered.resize(place + 1, None);
        }
        if let Some(Registered { token: owner, .. }) = self.registered[place] {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("descriptor {place} is registered already, with {owner:?}"),
            ));
        }
        self.controls += 1;
        sys::control(self.epoll.as_fd(), Operation::Add, fd, Interest::READING)
            .map_err(|error| cannot_register(place, error))?;
        self.registered[place] = Some(Registered {
            token,
            is_armed: [false; 2],
            asks_for_writing: false,
        });
        Ok(())
    }

    fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        find(&mut self.registered, fd, token)?;
        self.registered[place(fd)] = None;
        self.controls += 1;
        // It fails if the socket was closed before, and then the kernel has forgotten it already.
        _ = sys::control(self.epoll.as_fd(), Operation::Delete, fd, Interest::NOTHING);
        Ok(())
    }

    /// Asks for one event when `fd` can be tried again in `direction`; call it right after a try was `WouldBlock`.
    ///
    /// # Errors
    ///
    /// `NotFound` if it is not registered, or with another token, or was closed since.
    fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()> {
        let known = find(&mut self.registered, fd, token)?;
        if direction == Direction::Write && !known.asks_for_writing {
            self.controls += 1;
            sys::control(
                self.epoll.as_fd(),
                Operation::Modify,
                fd,
                Interest::READING_AND_WRITING,
            )?;
            known.asks_for_writing = true;
        }
        known.is_armed[direction as usize] = true;
        Ok(())
    }

    fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) {
        if let Ok(known) = find(&mut self.registered, fd, token) {
            known.is_armed[direction as usize] = false;
        }
    }

    fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()> {
        events.clear();
        loop {
            let count = match self.call(until.timeout()) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if self.report(count, events) || !events.is_empty() {
                return Ok(());
            }
            // After a full buffer there may be more, whatever the time.
            if count < CAPACITY && until.timeout() == Some(Duration::ZERO) {
                return Ok(());
            }
        }
    }

    fn notifier(&self) -> Notifier {
        self.notified.notifier()
    }
}

impl fmt::Debug for Epoll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Epoll")
            .field("epoll", &self.epoll)
            .field("registered", &self.registered.iter().flatten().count())
            .field("is_exact", &self.is_exact)
            .field("calls", &self.calls)
            .field("controls", &self.controls)
            .finish_non_exhaustive()
    }
}

/// Returns where `fd` is in the table.
fn place(fd: BorrowedFd<'_>) -> usize {
    usize::try_from(fd.as_raw_fd()).expect("an open descriptor is never negative")
}

/// Returns what is known of `fd`, if it is registered with `token`.
fn find<'a>(
    registered: &'a mut [Option<Registered>],
    fd: BorrowedFd<'_>,
    token: Token,
) -> io::Result<&'a mut Registered> {
    let problem = match registered.get_mut(place(fd)).and_then(Option::as_mut) {
        Some(known) if known.token == token => return Ok(known),
        Some(known) => format!("registered with {:?}, not with {token:?}", known.token),
        None => "not registered: register it first".to_owned(),
    };
    Err(io::Error::new(
        io::ErrorKind::NotFound,
        format!("descriptor {} is {problem}", fd.as_raw_fd()),
    ))
}

/// Says what is wrong with a descriptor that the kernel does not take.
fn cannot_register(place: usize, error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::PermissionDenied => io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "descriptor {place} is a file or a directory, which is never waited for: epoll takes sockets and pipes"
            ),
        ),
        kind => io::Error::new(
            kind,
            format!("epoll does not take descriptor {place}: {error}"),
        ),
    }
}
