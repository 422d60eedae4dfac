//! A UDP socket for tasks.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use crate::Co;

/// A non-blocking UDP socket for tasks.
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
    /// Returns an error if the address is in use or does not belong to this machine, or if no
    /// descriptor is left.
    pub fn bind(address: SocketAddr) -> io::Result<Socket> {
        let udp = UdpSocket::bind(address)?;
        udp.set_nonblocking(true)?;
        Ok(Socket { udp })
    }

    /// Returns the address that the socket is bound to.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.udp.local_addr()
    }

    /// Connects the socket to a peer: [`send`](Self::send) sends to it, and only its datagrams are
    /// received.
    ///
    /// This sends nothing. But a connected socket hears of it if its datagram found no listener:
    /// the next operation fails with `ConnectionRefused`.
    ///
    /// # Errors
    ///
    /// Returns an error if no route leads to such an address.
    pub fn connect(&self, peer: SocketAddr) -> io::Result<()> {
        self.udp.connect(peer)
    }

    /// Sends a datagram to the connected peer, and returns its length.
    ///
    /// This waits only while the socket's buffer is full. A task that sends in a loop should take a
    /// turn now and then, or it starves the others.
    ///
    /// # Errors
    ///
    /// Returns an error if the socket is not connected, if the datagram is too long, or if the task
    /// cannot wait.
    ///
    /// # Cancel safety
    ///
    /// If the task is cancelled in here, nothing was sent.
    pub async fn send(&self, co: &Co, datagram: &[u8]) -> io::Result<usize> {
        self.write(co, |udp| udp.send(datagram)).await
    }

    /// Sends a datagram to an address, in the same way.
    ///
    /// # Errors
    ///
    /// Returns an error if the datagram is too long or cannot be sent there, or if the task cannot
    /// wait.
    pub async fn send_to(&self, co: &Co, datagram: &[u8], to: SocketAddr) -> io::Result<usize> {
        self.write(co, |udp| udp.send_to(datagram, to)).await
    }

    /// Waits for a datagram from the connected peer, and returns its length.
    ///
    /// What does not fit into the buffer is cut off. This takes a turn even if a datagram is there
    /// already, so a flood of them starves no other task.
    ///
    /// # Errors
    ///
    /// Returns an error if the system reports one for this socket, or if the task cannot wait.
    ///
    /// # Cancel safety
    ///
    /// If the task is cancelled in here, no datagram is lost.
    pub async fn recv(&self, co: &Co, buffer: &mut [u8]) -> io::Result<usize> {
        self.read(co, |udp| udp.recv(buffer)).await
    }

    /// Waits for a datagram, in the same way, and returns its length and its sender.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`recv`](Self::recv).
    pub async fn recv_from(&self, co: &Co, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.read(co, |udp| udp.recv_from(buffer)).await
    }

    /// Waits, then tries. If there was nothing after all, does both again.
    async fn read<T>(
        &self,
        co: &Co,
        mut operation: impl FnMut(&UdpSocket) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            co.readable(&self.udp).await?;
            match operation(&self.udp) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
        }
    }

    /// Tries. If there is no room, waits, and tries again.
    async fn write<T>(
        &self,
        co: &Co,
        mut operation: impl FnMut(&UdpSocket) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            match operation(&self.udp) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    co.writable(&self.udp).await?;
                }
                result => return result,
            }
        }
    }
}
