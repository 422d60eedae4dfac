//! What does each thread of the server do, and how does it learn that it should leave?
//!
//! A worker that waits out a delay waits on a condition variable, so `stop` can notify it. A worker in `recv_from` can
//! only be reached through the socket: somebody must send it a datagram. That is the last thing each worker does when
//! it leaves, so the news goes from one to the next, and `stop` need only begin. Nobody is forgotten: the datagram
//! either arrives, or is dropped because the buffer is full, and then the next worker receives what the buffer is full
//! of.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Settings;

const PREFIX: &[u8] = b"response for ";

/// More bytes than a datagram can have, so that none is cut short.
const LONGEST_REQUEST: usize = 65_536;

/// How long a worker receives before it looks whether it should leave.
///
/// Seldom needed: only where the datagram that says so is lost, by a firewall or at a broadcast address.
const RECEIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// What the workers and the `DelayServer` share.
#[derive(Debug)]
pub(crate) struct Shared {
    socket: UdpSocket,
    local_addr: SocketAddr,
    delay: Duration,
    progress: Mutex<Progress>,
    /// Notified when `stopping` becomes true.
    stopped: Condvar,
}

#[derive(Debug)]
struct Progress {
    /// How many requests may be taken up; `None` is any number.
    limit: Option<u64>,
    /// Requests taken up; never more than `limit`.
    received: u64,
    /// Requests answered; never more than `received`.
    answered: u64,
    /// True once the server should end at once. It stays true.
    stopping: bool,
    /// What went wrong first.
    error: Option<io::Error>,
}

impl Progress {
    /// Whether another request may be taken up. Once false it stays false.
    fn is_open(&self) -> bool {
        !self.stopping && self.limit.is_none_or(|limit| self.received < limit)
    }
}

impl Shared {
    pub(crate) fn new(socket: UdpSocket, settings: Settings) -> io::Result<Shared> {
        socket.set_read_timeout(Some(RECEIVE_TIMEOUT))?;
        Ok(Shared {
            local_addr: socket.local_addr()?,
            socket,
            delay: settings.delay,
            progress: Mutex::new(Progress {
                limit: settings.requests,
                received: 0,
                answered: 0,
                stopping: false,
                error: None,
            }),
            stopped: Condvar::new(),
        })
    }

    /// Answers requests until there should be no more answers: the whole life of a worker.
    pub(crate) fn work(&self) {
        // Requests are received right after the prefix, so that the answer is already in one piece.
        let mut datagram = PREFIX.to_vec();
        datagram.resize(PREFIX.len() + LONGEST_REQUEST, 0);

        while self.progress().is_open() {
            let request = &mut datagram[PREFIX.len()..];
            let (length, sender) = match self.socket.recv_from(request) {
                Ok(received) => received,
                Err(error) if passes(error.kind()) => continue,
                Err(error) => {
                    self.fail(error);
                    break;
                }
            };
            if !self.take_up() || !self.wait_out_delay() {
                break;
            }
            // An answer that cannot be sent is as lost as one that the network drops: it counts all the same.
            let _ = self
                .socket
                .send_to(&datagram[..PREFIX.len() + length], sender);
            self.progress().answered += 1;
        }
        self.wake_a_receiver();
    }

    /// Tells all workers to leave, now.
    pub(crate) fn stop(&self) {
        self.progress().stopping = true;
        self.stopped.notify_all();
        self.wake_a_receiver();
    }

    /// Ends the server because of `error`.
    pub(crate) fn fail(&self, error: io::Error) {
        self.progress().error.get_or_insert(error);
        self.stop();
    }

    pub(crate) fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    pub(crate) fn received(&self) -> u64 {
        self.progress().received
    }

    /// How many requests were answered, or what went wrong; for when all workers have left.
    pub(crate) fn outcome(&self) -> io::Result<u64> {
        let mut progress = self.progress();
        match progress.error.take() {
            Some(error) => Err(error),
            None => Ok(progress.answered),
        }
    }

    /// Counts the datagram just received as a request. False if it is not to be answered.
    fn take_up(&self) -> bool {
        let mut progress = self.progress();
        let open = progress.is_open();
        if open {
            progress.received += 1;
        }
        open
    }

    /// Waits for the whole delay. False if the server was stopped first.
    fn wait_out_delay(&self) -> bool {
        let (progress, _) = self
            .stopped
            .wait_timeout_while(self.progress(), self.delay, |progress| !progress.stopping)
            .unwrap_or_else(PoisonError::into_inner);
        !progress.stopping
    }

    /// Ends one worker's `recv_from`. Only sent when no more requests are taken up, so it is never taken for one.
    fn wake_a_receiver(&self) {
        // If it cannot be sent, RECEIVE_TIMEOUT does its work.
        let _ = self.socket.send_to(&[], reachable(self.local_addr));
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // Each change under the lock is a single assignment, so what a panic left behind is still true.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether receiving may go on after such an error.
fn passes(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted, TimedOut, WouldBlock};
    // Refused and reset tell of an answer that found nobody. The last two are a read timeout, depending on the system.
    matches!(
        kind,
        Interrupted | ConnectionRefused | ConnectionReset | WouldBlock | TimedOut
    )
}

/// Where a socket bound to `local` is reached: nothing can be sent to "all addresses", but loopback is one of them.
fn reachable(mut local: SocketAddr) -> SocketAddr {
    match local.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => local.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => local.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_that_pass_are_skipped() {
        use io::ErrorKind::*;
        for kind in [
            Interrupted,
            ConnectionRefused,
            ConnectionReset,
            WouldBlock,
            TimedOut,
        ] {
            assert!(passes(kind), "{kind}");
        }
        for kind in [OutOfMemory, NetworkDown, InvalidInput, Other] {
            assert!(!passes(kind), "{kind}");
        }
    }

    #[test]
    fn a_socket_on_all_addresses_is_reached_on_loopback() {
        let cases = [
            ("0.0.0.0:8000", "127.0.0.1:8000"),
            ("[::]:8000", "[::1]:8000"),
            ("192.0.2.7:8000", "192.0.2.7:8000"),
            ("[2001:db8::7]:8000", "[2001:db8::7]:8000"),
        ];
        for (local, expected) in cases {
            let local: SocketAddr = local.parse().unwrap();
            assert_eq!(reachable(local).to_string(), expected);
        }
    }
}
