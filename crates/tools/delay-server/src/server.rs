//! A running server: how it starts and ends.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crate::Settings;
use crate::worker::Shared;

/// A running server: threads that each answer a datagram after a delay.
///
/// Dropping it stops it, as [`stop`](DelayServer::stop) does.
#[derive(Debug)]
pub struct DelayServer {
    local_addr: SocketAddr,
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<io::Result<u64>>>,
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
        settings.check()?;
        DelayServer::on(UdpSocket::bind(address)?, settings)
    }

    fn on(socket: UdpSocket, settings: Settings) -> io::Result<DelayServer> {
        let mut server = DelayServer {
            local_addr: socket.local_addr()?,
            shared: Arc::new(Shared::new(socket, settings)?),
            workers: Vec::with_capacity(settings.workers),
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

    /// Returns the address that the server listens on.
    ///
    /// It has the real port, even if the server was started with port 0.
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
        self.shared.received()
    }

    /// Waits until the server has answered its `requests`, and returns how many it answered.
    ///
    /// If `requests` is `None`, it returns only when receiving fails. The port is free again when
    /// it returns.
    ///
    /// # Errors
    ///
    /// Returns an error if receiving failed and so ended the server early. Temporary failures
    /// (`Interrupted`, `ConnectionRefused`, `ConnectionReset`, `WouldBlock`, `TimedOut`) do not end
    /// it.
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
        self.shared.stop();
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
        self.shared.stop();
        // An error has no place to go here: a caller who wants it calls `stop`.
        let _ = self.wait();
    }
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
        let server = DelayServer::on(socket, Settings::default().workers(3)).unwrap();
        assert_eq!(
            server.join().unwrap_err().kind(),
            io::ErrorKind::NotConnected
        );
    }
}
