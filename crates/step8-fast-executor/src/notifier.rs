//! A pipe that ends a selector's wait from any thread.

use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

/// Ends a selector's wait from any thread.
///
/// Clones share one pipe.
#[derive(Clone, Debug)]
pub(crate) struct Notifier {
    pipe: Arc<Pipe>,
}

/// What the executor waits for: readable from a notification until it is drained.
#[derive(Debug)]
pub(crate) struct Notified {
    pipe: Arc<Pipe>,
}

/// Each handle keeps both ends open. So a notification that comes when the executor is gone still
/// has somewhere to go: no error, and no SIGPIPE. A pair of sockets would do as well, but a pipe
/// wakes a thread sooner.
#[derive(Debug)]
struct Pipe {
    written: io::PipeWriter,
    read: io::PipeReader,
}

impl Notifier {
    /// Ends the wait that is running, or else the next one.
    ///
    /// It carries nothing and orders no memory: first put the message behind a lock or an atomic,
    /// then notify. Many notifications may end one wait. It never blocks, and does nothing once the
    /// executor is gone.
    pub(crate) fn notify(&self) {
        // A full pipe is `WouldBlock`. There are enough bytes in it to end a wait, so this one may
        // be lost.
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
    /// Returns an error if no descriptor is left: it needs two.
    pub(crate) fn new() -> io::Result<Notified> {
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
    pub(crate) fn notifier(&self) -> Notifier {
        Notifier {
            pipe: Arc::clone(&self.pipe),
        }
    }

    /// Takes all notifications that have arrived, however many, so that the next wait is not ended
    /// by an old one.
    ///
    /// Afterwards the pipe is empty: what is written then is a change, which an edge-triggered
    /// selector reports. It never blocks.
    pub(crate) fn drain(&self) {
        let mut bytes = [0; 1_024];
        loop {
            match (&self.pipe.read).read(&mut bytes) {
                // A full buffer: there may be more. With less than that, the pipe is empty.
                Ok(length) if length == bytes.len() => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                _ => return,
            }
        }
    }
}

/// Makes one end of a pipe non-blocking. The standard library can do that to sockets alone, so the
/// end passes for one.
fn nonblocking(end: OwnedFd) -> io::Result<OwnedFd> {
    let end = UnixStream::from(end);
    end.set_nonblocking(true)?;
    Ok(end.into())
}

impl AsRawFd for Notified {
    fn as_raw_fd(&self) -> RawFd {
        self.pipe.read.as_raw_fd()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use step4_select::{Direction, Select, Selector};

    /// Asks a selector of its own.
    fn is_readable(notified: &Notified) -> bool {
        let mut selector = Select::new().unwrap();
        selector.arm(notified.as_raw_fd(), Direction::Read).unwrap();
        let mut events = Vec::new();
        selector.wait(Some(Duration::ZERO), &mut events).unwrap();
        !events.is_empty()
    }

    #[test]
    fn readable_from_a_notification_until_drained() {
        let notified = Notified::new().unwrap();
        assert!(!is_readable(&notified));
        // The second count fills any buffer, and the third one a read of the drain.
        for count in [1, 100_000, 1_024] {
            for _ in 0..count {
                notified.notifier().notify();
            }
            assert!(is_readable(&notified));
            notified.drain();
            assert!(!is_readable(&notified));
        }
    }

    #[test]
    fn draining_an_empty_pipe_does_not_block() {
        Notified::new().unwrap().drain();
    }
}
