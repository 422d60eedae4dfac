//! How does a task use a socket? It tries first, and asks to wait only if the try would block.

use std::fmt;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::rc::Rc;

use step2_round_robin::Turn;

use crate::request::{Interest, Readable, Writable};
use crate::source::{Source, State, token};
use crate::{Co, Direction, budget};

/// A non-blocking socket, which tasks wait for by asking their scheduler.
///
/// It is registered with the scheduler's selector when somebody waits for it for the first time, and deregistered
/// when it is dropped. Several tasks may share one behind an `Rc`: those who wait for the same direction are served
/// first come, first served. It may be used in one scheduler after another, but not waited for in two at once.
///
/// # Examples
///
/// ```
/// use step2_round_robin::Generated;
/// use step4_select::{Co, Scheduler, Socket};
///
/// let main = Generated::new(async |co: &Co| {
///     let local = "127.0.0.1:0".parse().unwrap();
///     let (here, there) = (Socket::bind(local)?, Socket::bind(local)?);
///     here.send_to(co, b"hello", there.local_addr()?).await?;
///     let mut buffer = [0; 16];
///     let (length, from) = there.recv_from(co, &mut buffer).await?;
///     assert_eq!((&buffer[..length], from), (&b"hello"[..], here.local_addr()?));
///     std::io::Result::Ok(())
/// });
/// Scheduler::new()?.run(main).unwrap()?;
/// # std::io::Result::Ok(())
/// ```
pub struct Socket<S: AsFd + 'static = UdpSocket> {
    shared: Rc<Shared<S>>,
}

struct Shared<S: AsFd> {
    io: S,
    state: State,
}

impl<S: AsFd> Source for Shared<S> {
    fn fd(&self) -> BorrowedFd<'_> {
        self.io.as_fd()
    }

    fn state(&self) -> &State {
        &self.state
    }
}

impl<S: AsFd> Drop for Shared<S> {
    fn drop(&mut self) {
        // Before the descriptor is closed, as the selector asks; whether the selector knew it makes no difference now.
        if let Some(selector) = self.state.take_registered() {
            let fd = self.io.as_fd();
            _ = selector.borrow_mut().deregister(fd, token(fd));
        }
    }
}

impl<S: AsFd + 'static> Socket<S> {
    /// Takes over a socket that its owner has made non-blocking.
    ///
    /// One that blocks would block all tasks.
    pub fn new(io: S) -> Socket<S> {
        Socket {
            shared: Rc::new(Shared {
                io,
                state: State::default(),
            }),
        }
    }

    /// Returns the socket inside.
    pub fn get_ref(&self) -> &S {
        &self.shared.io
    }

    /// Tries an operation on the socket, and waits and tries again as long as it would block.
    ///
    /// Whoever comes while others wait for the same direction queues behind them. After 128 operations in one turn
    /// that did not have to wait, the task lets others have a turn before the next.
    ///
    /// # Errors
    ///
    /// Those of the operation, except `WouldBlock` and `Interrupted`; those of the selector when it cannot wait for
    /// this socket; and `ResourceBusy` when tasks of another scheduler wait for the socket.
    ///
    /// # Cancel safety
    ///
    /// A task that is cancelled while it waits has done nothing to the socket. If it was woken and has not tried yet,
    /// the next one is woken.
    ///
    /// # Examples
    ///
    /// A pair of streams, which have no methods of their own here:
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// use std::os::unix::net::UnixStream;
    /// use step4_select::{Co, Direction, Generated, Scheduler, Socket};
    ///
    /// let (here, mut there) = UnixStream::pair()?;
    /// here.set_nonblocking(true)?;
    /// let main = Generated::new(async move |co: &Co| {
    ///     let here = Socket::new(here);
    ///     there.write_all(b"hello")?;
    ///     let mut buffer = [0; 16];
    ///     here.attempt(co, Direction::Read, |mut io| io.read(&mut buffer)).await
    /// });
    /// assert_eq!(Scheduler::new()?.run(main).unwrap()?, 5);
    /// # std::io::Result::Ok(())
    /// ```
    pub async fn attempt<T>(
        &self,
        co: &Co,
        direction: Direction,
        mut operation: impl FnMut(&S) -> io::Result<T>,
    ) -> io::Result<T> {
        if budget::is_spent() {
            co.yield_(Turn).await;
        }
        let mut woken = false;
        loop {
            if woken || !self.shared.state.is_awaited(direction) {
                match operation(&self.shared.io) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    result => {
                        if woken {
                            // For what this task does next: the scheduler learns of this only at its next request.
                            self.shared.state.is_trying[direction as usize].set(false);
                        } else {
                            budget::spend();
                        }
                        return result;
                    }
                }
            }
            self.wait(co, direction, woken).await?;
            woken = true;
        }
    }

    async fn wait(&self, co: &Co, direction: Direction, again: bool) -> io::Result<()> {
        let interest = Interest {
            source: self.shared.clone(),
            again,
        };
        match direction {
            Direction::Read => co.yield_(Readable(interest)).await,
            Direction::Write => co.yield_(Writable(interest)).await,
        }
        self.shared.state.refused.take().map_or(Ok(()), Err)
    }
}

impl Socket<UdpSocket> {
    /// Makes a UDP socket at a local address; port 0 means any that is free.
    ///
    /// # Errors
    ///
    /// When the address is in use or does not belong to this machine, or no descriptor is left.
    pub fn bind(address: SocketAddr) -> io::Result<Socket> {
        let io = UdpSocket::bind(address)?;
        io.set_nonblocking(true)?;
        Ok(Socket::new(io))
    }

    /// Returns the address that it is bound to.
    ///
    /// # Errors
    ///
    /// When the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.get_ref().local_addr()
    }

    /// Sends a datagram, and returns how many bytes it has.
    ///
    /// # Errors
    ///
    /// When the datagram is too long or cannot be sent there.
    ///
    /// # Cancel safety
    ///
    /// A task that is cancelled in here has sent nothing.
    pub async fn send_to(&self, co: &Co, datagram: &[u8], to: SocketAddr) -> io::Result<usize> {
        self.attempt(co, Direction::Write, |io| io.send_to(datagram, to))
            .await
    }

    /// Waits for a datagram, and returns how many bytes it has and where it comes from.
    ///
    /// What does not fit into the buffer is cut off.
    ///
    /// # Errors
    ///
    /// When the system reports one for this socket.
    ///
    /// # Cancel safety
    ///
    /// A task that is cancelled in here has taken no datagram.
    pub async fn recv_from(&self, co: &Co, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.attempt(co, Direction::Read, |io| io.recv_from(buffer))
            .await
    }
}

impl<S: AsFd> fmt::Debug for Socket<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Socket").field(&self.shared.fd()).finish()
    }
}
