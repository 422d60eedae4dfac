//! A thread of the server, and how it learns that it should leave.
//!
//! A worker that waits out a delay waits on a condition variable, which `stop` notifies. One that
//! receives looks up after a moment, again and again: nothing but a datagram could end its
//! `recv_from` earlier.

use std::io;
use std::net::UdpSocket;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Settings;

const PREFIX: &[u8] = b"response for ";

/// More bytes than a datagram can have, so that none is cut short.
const LONGEST_REQUEST: usize = 65_536;

/// How long a worker receives before it looks whether it should leave.
const RECEIVE_TIMEOUT: Duration = Duration::from_millis(50);

/// What the workers and the `DelayServer` share.
#[derive(Debug)]
pub(crate) struct Shared {
    socket: UdpSocket,
    settings: Settings,
    progress: Mutex<Progress>,
    /// Notified when `stopping` becomes true.
    stopped: Condvar,
}

#[derive(Debug, Default)]
struct Progress {
    /// Requests taken up, answered or not.
    received: u64,
    /// True once the server should end at once. It stays true.
    stopping: bool,
}

impl Shared {
    pub(crate) fn new(socket: UdpSocket, settings: Settings) -> io::Result<Shared> {
        socket.set_read_timeout(Some(RECEIVE_TIMEOUT))?;
        Ok(Shared {
            socket,
            settings,
            progress: Mutex::default(),
            stopped: Condvar::new(),
        })
    }

    /// Answers requests until there should be no more answers, and returns how many it answered:
    /// the whole life of a worker.
    pub(crate) fn work(&self) -> io::Result<u64> {
        // Requests are received right after the prefix, so the answer is already in one piece.
        let mut datagram = PREFIX.to_vec();
        datagram.resize(PREFIX.len() + LONGEST_REQUEST, 0);

        let mut answered = 0;
        while self.is_open(&self.progress()) {
            let (length, sender) = match self.socket.recv_from(&mut datagram[PREFIX.len()..]) {
                Ok(received) => received,
                Err(error) if is_temporary(error.kind()) => continue,
                Err(error) => {
                    self.stop();
                    return Err(error);
                }
            };
            if !self.take_up() || !self.wait_out_delay() {
                break;
            }
            // An answer that cannot be sent is as lost as one that the network drops: it counts.
            let answer = &datagram[..PREFIX.len() + length];
            let _ = self.socket.send_to(answer, sender);
            answered += 1;
        }
        Ok(answered)
    }

    /// Tells all workers to leave, now.
    pub(crate) fn stop(&self) {
        self.progress().stopping = true;
        self.stopped.notify_all();
    }

    pub(crate) fn received(&self) -> u64 {
        self.progress().received
    }

    /// Returns whether another request may be taken up. Once false it stays false.
    fn is_open(&self, progress: &Progress) -> bool {
        let limit = self.settings.requests;
        !progress.stopping && limit.is_none_or(|limit| progress.received < limit)
    }

    /// Counts the datagram just received as a request. False if it is not to be answered.
    fn take_up(&self) -> bool {
        let mut progress = self.progress();
        let is_open = self.is_open(&progress);
        progress.received += u64::from(is_open);
        is_open
    }

    /// Waits for the whole delay. False if the server was stopped first.
    fn wait_out_delay(&self) -> bool {
        let delay = self.settings.delay;
        let (progress, _) = self
            .stopped
            .wait_timeout_while(self.progress(), delay, |progress| !progress.stopping)
            .unwrap_or_else(PoisonError::into_inner);
        !progress.stopping
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // Each change under the lock is one assignment, so what a panic left behind is still true.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether receiving may continue after such an error.
fn is_temporary(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted, TimedOut, WouldBlock};
    // Refused and reset tell of an answer to a socket that is gone. The last two are the timeout:
    // it depends on the system which.
    matches!(
        kind,
        Interrupted | ConnectionRefused | ConnectionReset | WouldBlock | TimedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_temporary_errors_are_skipped() {
        use io::ErrorKind::*;
        for kind in [
            Interrupted,
            ConnectionRefused,
            ConnectionReset,
            WouldBlock,
            TimedOut,
        ] {
            assert!(is_temporary(kind), "{kind}");
        }
        for kind in [OutOfMemory, NetworkDown, InvalidInput, Other] {
            assert!(!is_temporary(kind), "{kind}");
        }
    }
}
