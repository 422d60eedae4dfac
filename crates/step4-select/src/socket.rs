//! A UDP socket for tasks.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use crate::Co;

/// A non-blocking UDP socket, which tasks wait for by asking their scheduler.
///
/// Several tasks may share one behind an `Rc`.
///
/// # Examples
///
/// ```
/// use step4_select::{Scheduler, Socket};
///
/// let received = Scheduler::new()?.run(async |co| {
///     let local = "127.0.0.1:0".parse().unwrap();
///     let (here, there) = (Socket::bind(local)?, Socket::bind(local)?);
///     here.send_to(&co, b"hello", there.local_addr()?).await?;
///     let mut buffer = [0; 16];
///     let (length, _) = there.recv_from(&co, &mut buffer).await?;
///     std::io::Result::Ok(buffer[..length].to_vec())
/// });
/// assert_eq!(received.unwrap()?, b"hello");
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct Socket {
    udp: UdpSocket,
}

impl Socket {
    /// Makes a socket at a local address; port 0 means any that is free.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is in use or does not belong to this machine, or if no descriptor is left.
    pub fn bind(address: SocketAddr) -> io::Result<Socket> {
        let udp = UdpSocket::bind(address)?;
        udp.set_nonblocking(true)?;
        Ok(Socket { udp })
    }

    /// Returns the address that it is bound to.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.udp.local_addr()
    }

    /// Sends a datagram, and returns how many bytes it has. It waits only if the socket's buffer is full.
    ///
    /// # Errors
    ///
    /// Returns an error if the datagram is too long or cannot be sent there, or if the task cannot wait.
    ///
    /// # Cancel safety
    ///
    /// If the task is cancelled in here, it has sent nothing.
    pub async fn send_to(&self, co: &Co, datagram: &[u8], to: SocketAddr) -> io::Result<usize> {
        loop {
            match self.udp.send_to(datagram, to) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    co.writable(&self.udp).await?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    /// Waits for a datagram, and returns how many bytes it has and where it comes from.
    ///
    /// What does not fit into the buffer is cut off. It takes a turn even if a datagram is there already, so a flood
    /// of them starves no other task.
    ///
    /// # Errors
    ///
    /// Returns an error if the system reports one for this socket, or if the task cannot wait.
    ///
    /// # Cancel safety
    ///
    /// If the task is cancelled in here, it has taken no datagram.
    pub async fn recv_from(&self, co: &Co, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        loop {
            co.readable(&self.udp).await?;
            match self.udp.recv_from(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}
