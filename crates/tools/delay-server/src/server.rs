//! The server: threads that share a socket.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::Settings;

const PREFIX: &[u8] = b"response for ";

/// More bytes than a datagram can have, so that none is cut short.
const LONGEST_REQUEST: usize = 65_536;

/// A worker receives, or sleeps, for so long at most before it looks whether it should leave.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A running server: threads that each answer a datagram after a delay.
///
/// Dropping it stops it, as [`stop`](DelayServer::stop) does.
#[derive(Debug)]
pub struct DelayServer {
    local_addr: SocketAddr,
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<io::Result<u64>>>,
}

/// What the workers and the [`DelayServer`] share.
#[derive(Debug)]
struct Shared {
    socket: UdpSocket,
    settings: Settings,
    received: AtomicU64,
    is_stopping: AtomicBool,
}

impl DelayServer {
    /// Starts a server that listens on `address`.
    ///
    /// Port 0 takes a free one, which [`local_addr`](DelayServer::local_addr) returns. The socket
    /// is open when this returns, so a client may send right away.
    ///
    /// # Errors
    ///
    /// Returns an error if `settings.workers` is outside 1 to [`Settings::MAX_WORKERS`]
    /// (`InvalidInput`), if the socket cannot be bound (`AddrInUse`, say), or if a thread cannot be
    /// started.
    pub fn start(address: impl ToSocketAddrs, settings: Settings) -> io::Result<DelayServer> {
        let (workers, most) = (settings.workers, Settings::MAX_WORKERS);
        if !(1..=most).contains(&workers) {
            let problem = format!("workers is {workers}, and must be from 1 to {most}");
            return Err(io::Error::new(ErrorKind::InvalidInput, problem));
        }
        DelayServer::on(UdpSocket::bind(address)?, settings)
    }

    fn on(socket: UdpSocket, settings: Settings) -> io::Result<DelayServer> {
        socket.set_read_timeout(Some(LOOK_AGAIN))?;
        let mut server = DelayServer {
            local_addr: socket.local_addr()?,
            shared: Arc::new(Shared {
                socket,
                settings,
                received: AtomicU64::new(0),
                is_stopping: AtomicBool::new(false),
            }),
            workers: vec![],
        };
        for number in 1..=settings.workers {
            let shared = Arc::clone(&server.shared);
            let worker = thread::Builder::new().name(format!("delay worker {number}"));
            // An error drops `server`, and so stops the workers before this one.
            server.workers.push(worker.spawn(move || shared.work())?);
        }
        Ok(server)
    }

    /// Starts a server on a free port of 127.0.0.1.
    ///
    /// Only this machine can reach it, and servers started in this way never collide.
    ///
    /// # Errors
    ///
    /// Returns an error if [`start`](DelayServer::start) does.
    pub fn start_local(settings: Settings) -> io::Result<DelayServer> {
        DelayServer::start((Ipv4Addr::LOCALHOST, 0), settings)
    }

    /// Returns the address that the server listens on, with its real port.
    ///
    /// ```
    /// # use delay_server::{DelayServer, Settings};
    /// let server = DelayServer::start_local(Settings::default())?;
    /// assert!(server.local_addr().ip().is_loopback());
    /// assert_ne!(server.local_addr().port(), 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Returns how many requests the workers have taken up so far, answered or still waiting out
    /// their delay.
    ///
    /// What waits in the socket's buffer is not counted. A test can wait for this number instead of
    /// sleeping.
    pub fn received(&self) -> u64 {
        self.shared.received.load(SeqCst)
    }

    /// Waits until the server has answered its `requests`, and returns how many it answered.
    ///
    /// If `requests` is `None`, it returns only when receiving fails. The port is free again when
    /// it returns.
    ///
    /// # Errors
    ///
    /// Returns an error if receiving failed and so ended the server early.
    pub fn join(mut self) -> io::Result<u64> {
        self.wait()
    }

    /// Stops the server without waiting for any delay, and returns how many requests it answered.
    ///
    /// Requests in mid-delay and in the socket's buffer get no answer. The port is free again when
    /// this returns, within a tenth of a second.
    ///
    /// ```
    /// # use delay_server::{DelayServer, Settings};
    /// let server = DelayServer::start_local(Settings::default())?;
    /// assert_eq!(server.stop()?, 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if receiving failed before the stop.
    pub fn stop(mut self) -> io::Result<u64> {
        self.shared.is_stopping.store(true, SeqCst);
        self.wait()
    }

    /// Waits for all threads, and returns how many requests they answered, or the first error.
    fn wait(&mut self) -> io::Result<u64> {
        let mut sum = Ok(0);
        for worker in self.workers.drain(..) {
            let panicked = |_| Err(io::Error::other("a worker panicked"));
            let answered = worker.join().unwrap_or_else(panicked);
            sum = sum.and_then(|sum| Ok(sum + answered?));
        }
        sum
    }
}

impl Drop for DelayServer {
    fn drop(&mut self) {
        self.shared.is_stopping.store(true, SeqCst);
        // An error can't get out of here. A caller who wants it calls `stop`.
        _ = self.wait();
    }
}

impl Shared {
    /// Answers requests until there should be no more answers, and returns how many it answered:
    /// the whole life of a worker.
    fn work(&self) -> io::Result<u64> {
        // Requests are received right after the prefix, so the answer is already in one piece.
        let mut datagram = PREFIX.to_vec();
        datagram.resize(PREFIX.len() + LONGEST_REQUEST, 0);

        let mut answered = 0;
        while self.is_open(self.received.load(SeqCst)) {
            let (length, sender) = match self.socket.recv_from(&mut datagram[PREFIX.len()..]) {
                Ok(received) => received,
                Err(error) if is_temporary(error.kind()) => continue,
                Err(error) => {
                    self.is_stopping.store(true, SeqCst);
                    return Err(error);
                }
            };
            if !self.take_up() || !self.wait_out_delay() {
                break;
            }
            let answer = &datagram[..PREFIX.len() + length];
            match self.socket.send_to(answer, sender) {
                Ok(_) => answered += 1,
                Err(error) => {
                    // Not `eprintln!`, which panics if the line cannot be written.
                    let line = format!("cannot answer {length} bytes from {sender}: {error}\n");
                    _ = io::Write::write_all(&mut io::stderr(), line.as_bytes());
                    self.received.fetch_sub(1, SeqCst);
                }
            }
        }
        Ok(answered)
    }

    /// Returns whether another request may be taken up after `received` of them.
    fn is_open(&self, received: u64) -> bool {
        let limit = self.settings.requests;
        !self.is_stopping.load(SeqCst) && limit.is_none_or(|limit| received < limit)
    }

    /// Counts the datagram just received. Returns `false` if it is not to be answered.
    fn take_up(&self) -> bool {
        let next = |received| self.is_open(received).then_some(received + 1);
        self.received.fetch_update(SeqCst, SeqCst, next).is_ok()
    }

    /// Waits for the whole delay. Returns `false` if the server was stopped first.
    fn wait_out_delay(&self) -> bool {
        let start = Instant::now();
        while let Some(left) = self.settings.delay.checked_sub(start.elapsed()) {
            if self.is_stopping.load(SeqCst) {
                return false;
            }
            thread::sleep(left.min(LOOK_AGAIN));
        }
        true
    }
}

/// Returns whether receiving may continue after such an error.
fn is_temporary(kind: ErrorKind) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted, TimedOut, WouldBlock};
    // Which of the two a timeout is depends on the system. Refused and reset are about an earlier
    // answer, which went to a socket that is gone.
    let timeout = [WouldBlock, TimedOut];
    timeout.contains(&kind) || [Interrupted, ConnectionRefused, ConnectionReset].contains(&kind)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::fd::OwnedFd;

    use super::*;

    // The threads share the socket: once it is unshared, they are gone and it is closed.
    #[test]
    fn the_socket_is_closed_when_the_server_ends() {
        let ends: [fn(DelayServer); 2] = [|server| drop(server.stop()), drop];
        for end in ends {
            let server = DelayServer::start_local(Settings::default()).unwrap();
            let shared = Arc::downgrade(&server.shared);
            end(server);
            assert!(shared.upgrade().is_none());
        }
    }

    #[test]
    fn a_receive_error_ends_the_server() {
        // It can be bound, but not received from.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let socket = UdpSocket::from(OwnedFd::from(listener));
        let server = DelayServer::on(socket, Settings::default()).unwrap();
        let error = server.join().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotConnected);
    }

    #[test]
    fn only_temporary_errors_are_skipped() {
        use ErrorKind::*;
        for kind in [ConnectionRefused, ConnectionReset, Interrupted, WouldBlock] {
            assert!(is_temporary(kind), "{kind}");
        }
        for kind in [OutOfMemory, NetworkDown, InvalidInput, Other] {
            assert!(!is_temporary(kind), "{kind}");
        }
    }
}
