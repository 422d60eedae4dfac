//! What does a scheduler need of the operating system? One place to wait for whichever socket is ready first, for a
//! deadline, or for another thread. [`Selector`] is that place, whichever system call is behind it.

use std::{
    io::{self, Read, Write},
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
    sync::Arc,
    time::{Duration, Instant},
};

/// Names a registration in the events about it.
///
/// The number is the caller's: say, a slot in a table and a generation, so that an event for what is gone is
/// recognized as stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// What somebody waits to do with a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Receive, or accept.
    Read,
    /// Send, or learn how a connect ended.
    Write,
}

/// Says that a socket is worth another try.
///
/// It is a hint: the try may still be `WouldBlock`. After an error or a hang-up every armed direction is set, and the
/// try shows which it was. A direction that was not armed may be set along with one that was: ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The token that the socket was registered with.
    pub token: Token,
    /// Whether to try to read.
    pub readable: bool,
    /// Whether to try to write.
    pub writable: bool,
}

/// When a wait without events ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// At once: look and don't wait.
    Now,
    /// At this instant, never before; one in the past is like `Now`.
    Deadline(Instant),
    /// Never: only an event or a notification ends it.
    Event,
}

impl Until {
    /// Returns how long a wait that begins now may last; `None` is without end.
    ///
    /// It is zero exactly when the time has come.
    ///
    /// ```
    /// use std::time::{Duration, Instant};
    /// use step4_select::Until;
    ///
    /// assert_eq!(Until::Now.timeout(), Some(Duration::ZERO));
    /// assert_eq!(Until::Deadline(Instant::now()).timeout(), Some(Duration::ZERO));
    /// assert_eq!(Until::Event.timeout(), None);
    /// ```
    pub fn timeout(self) -> Option<Duration> {
        match self {
            Until::Now => Some(Duration::ZERO),
            Until::Deadline(deadline) => Some(deadline.saturating_duration_since(Instant::now())),
            Until::Event => None,
        }
    }
}

/// Waits for many sockets at once, on one thread.
///
/// # The contract
///
/// - The sockets are non-blocking. A caller **tries first**, and arms right after the try was `WouldBlock`, with no
///   [`wait`](Selector::wait) between the two. What arrives between the try and the arming is reported. In another
///   order an event may be missed: `select` would forgive that, but an edge-triggered selector does not.
/// - An interest is **one-shot**: the event that reports it disarms it. Whoever wants the next one tries, and arms
///   again.
/// - A direction that nobody armed has no event of its own, and readiness is not stored for later. Nothing is lost,
///   because the next caller tries first.
/// - A socket is **deregistered before it is closed**. Its number may then be registered again, with another token.
///
/// # Examples
///
/// ```
/// use std::{io, net::UdpSocket, os::fd::AsFd};
/// use step4_select::{Direction, Select, Selector, Token, Until};
///
/// # fn main() -> io::Result<()> {
/// let server = UdpSocket::bind("127.0.0.1:0")?;
/// server.set_nonblocking(true)?;
/// let mut selector = Select::new()?;
/// selector.register(server.as_fd(), Token(7))?;
///
/// let client = UdpSocket::bind("127.0.0.1:0")?;
/// client.send_to(b"hello", server.local_addr()?)?;
///
/// let (mut buffer, mut events) = ([0; 16], Vec::new());
/// let length = loop {
///     match server.recv(&mut buffer) {
///         Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
///             selector.arm(server.as_fd(), Token(7), Direction::Read)?;
///             selector.wait(Until::Event, &mut events)?;
///             assert_eq!(events[0].token, Token(7));
///         }
///         result => break result?,
///     }
/// };
/// assert_eq!(&buffer[..length], b"hello");
/// selector.deregister(server.as_fd(), Token(7))?;
/// # Ok(())
/// # }
/// ```
pub trait Selector {
    /// Makes `fd` known under `token`, with nothing armed.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if it is registered, and whatever the system has against it; see the selector for its limits.
    fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()>;

    /// Forgets `fd` and what was armed for it; call it before the descriptor is closed.
    ///
    /// No event with `token` comes from a later wait.
    ///
    /// # Errors
    ///
    /// `NotFound` if it is not registered, or with another token.
    fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()>;

    /// Asks for one event when `fd` can be tried again in `direction`; call it right after a try was `WouldBlock`.
    ///
    /// Arming what is armed changes nothing. The other direction is never touched.
    ///
    /// # Errors
    ///
    /// `NotFound` if it is not registered, or with another token.
    fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()>;

    /// Takes back what [`arm`](Selector::arm) asked for, when nobody waits any more.
    ///
    /// It does nothing if the direction is not armed, or if `fd` is not registered with `token`.
    fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction);

    /// Waits for armed sockets, and puts what it found into `events`, which it clears first.
    ///
    /// It ends with the first event, when `until` has come, or after a [`Notifier`] was used; in the last two cases
    /// `events` may be empty. In rare cases it is empty even earlier: the caller looks at its clock and waits again.
    /// A token is in `events` at most once. A signal does not end the wait, which goes on against the same deadline.
    ///
    /// # Errors
    ///
    /// Whatever the system reports, but never `Interrupted`.
    fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()>;

    /// Returns a handle that ends a wait from any thread.
    fn notifier(&self) -> Notifier;
}

macro_rules! forward {
    ($($owner:ty),*) => {$(
        impl<S: Selector + ?Sized> Selector for $owner {
            fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
                (**self).register(fd, token)
            }

            fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
                (**self).deregister(fd, token)
            }

            fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()> {
                (**self).arm(fd, token, direction)
            }

            fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) {
                (**self).disarm(fd, token, direction);
            }

            fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()> {
                (**self).wait(until, events)
            }

            fn notifier(&self) -> Notifier {
                (**self).notifier()
            }
        }
    )*};
}

forward!(Box<S>, &mut S);

/// Ends a selector's wait from any thread.
///
/// Clones are the same handle.
#[derive(Clone, Debug)]
pub struct Notifier {
    pipe: Arc<Pipe>,
}

/// The selector's end of its [`Notifier`]s: readable from a notification until it is drained.
///
/// A selector keeps it among the descriptors that it waits for.
///
/// # Examples
///
/// ```
/// use step4_select::Notified;
///
/// let notified = Notified::new()?;
/// let notifier = notified.notifier();
/// std::thread::spawn(move || notifier.notify()).join().unwrap();
/// // Here a selector finds `notified.as_fd()` readable.
/// notified.drain();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Notified {
    pipe: Arc<Pipe>,
}

/// Each handle keeps both ends open, so a notification has somewhere to go even when the selector is gone: no error,
/// and no SIGPIPE. It is a pipe because that wakes a thread a tenth faster than a pair of sockets does.
#[derive(Debug)]
struct Pipe {
    written: io::PipeWriter,
    read: io::PipeReader,
}

impl Notifier {
    /// Ends the wait that is going on, or else the next one.
    ///
    /// It carries nothing and orders no memory: first put the message behind a lock or an atomic, then notify. Many
    /// notifications may end one wait. It never blocks, and does nothing once the selector is gone.
    pub fn notify(&self) {
        // A full buffer is `WouldBlock`: enough bytes are there to end a wait, so this one can be spared.
        while let Err(error) = (&self.pipe.written).write(&[1])
            && error.kind() == io::ErrorKind::Interrupted
        {}
    }
}

impl Notified {
    /// Makes a pipe that does not block.
    ///
    /// # Errors
    ///
    /// If the system has no more descriptors to give.
    pub fn new() -> io::Result<Notified> {
        let (read, written) = io::pipe()?;
        let (read, written) = (
            nonblocking(read.into())?.into(),
            nonblocking(written.into())?.into(),
        );
        Ok(Notified {
            pipe: Arc::new(Pipe { written, read }),
        })
    }

    /// Returns a handle for other threads.
    pub fn notifier(&self) -> Notifier {
        Notifier {
            pipe: Arc::clone(&self.pipe),
        }
    }

    /// Takes all notifications that have arrived, however many, so that the next wait is not ended by an old one.
    ///
    /// It never blocks.
    pub fn drain(&self) {
        let mut bytes = [0; 1_024];
        loop {
            match (&self.pipe.read).read(&mut bytes) {
                // There may be more.
                Ok(length) if length == bytes.len() => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                _ => return,
            }
        }
    }
}

/// Makes a pipe's end non-blocking. The standard library can do that only to a socket, so the end passes for one.
fn nonblocking(end: OwnedFd) -> io::Result<OwnedFd> {
    let end = UnixStream::from(end);
    end.set_nonblocking(true)?;
    Ok(end.into())
}

impl AsFd for Notified {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pipe.read.as_fd()
    }
}
