//! A socket for datagrams.

use std::io;
use std::net::{self, SocketAddr};

use crate::net::readiness;

/// A UDP socket.
///
/// # Examples
///
/// ```
/// use step5_executor::{block_on, net::UdpSocket};
///
/// block_on(async {
///     let any = "127.0.0.1:0".parse().unwrap();
///     let (here, there) = (UdpSocket::bind(any)?, UdpSocket::bind(any)?);
///     here.send_to(b"hello", there.local_addr()?).await?;
///     let mut buffer = [0; 16];
///     let (length, from) = there.recv_from(&mut buffer).await?;
///     assert_eq!((&buffer[..length], from), (&b"hello"[..], here.local_addr()?));
///     std::io::Result::Ok(())
/// })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct UdpSocket {
    socket: net::UdpSocket,
}

impl UdpSocket {
    /// Makes a socket at a local address; port 0 means any that is free.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is in use or does not belong to this machine, or if no
    /// descriptors are left.
    pub fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
        let socket = net::UdpSocket::bind(address)?;
        socket.set_nonblocking(true)?;
        Ok(UdpSocket { socket })
    }

    /// Returns the address that the socket is bound to.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Connects the socket to a peer: [`send`](Self::send) sends to it, and only its datagrams are
    /// received.
    ///
    /// This sends nothing, and does not wait. But only a connected socket hears of it if its
    /// datagram found no listener: the next operation fails with `ConnectionRefused`.
    ///
    /// # Errors
    ///
    /// Returns an error if no route leads to such an address.
    pub fn connect(&self, peer: SocketAddr) -> io::Result<()> {
        self.socket.connect(peer)
    }

    /// Sends a datagram to the connected peer, and returns its length.
    ///
    /// # Errors
    ///
    /// Returns an error if the socket is not connected, if the datagram is too long, and
    /// `ConnectionRefused` if an earlier datagram found no listener: then this one was not sent.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, nothing was sent.
    pub async fn send(&self, datagram: &[u8]) -> io::Result<usize> {
        readiness::write(&self.socket, |io| io.send(datagram)).await
    }

    /// Sends a datagram to an address, and returns its length.
    ///
    /// # Errors
    ///
    /// Returns an error if the datagram is too long, or cannot be sent there.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, nothing was sent.
    pub async fn send_to(&self, datagram: &[u8], to: SocketAddr) -> io::Result<usize> {
        readiness::write(&self.socket, |io| io.send_to(datagram, to)).await
    }

    /// Waits for a datagram from the connected peer, and returns its length.
    ///
    /// What does not fit into the buffer is cut off.
    ///
    /// # Errors
    ///
    /// Returns `ConnectionRefused` if an earlier datagram of this socket found no listener, and an
    /// error on the virtual clock.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no datagram is lost.
    pub async fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        readiness::read(&self.socket, |io| io.recv(buffer)).await
    }

    /// Waits for a datagram, and returns its length and its sender.
    ///
    /// What does not fit into the buffer is cut off.
    ///
    /// # Errors
    ///
    /// Returns an error if the system reports one for this socket, and on the virtual clock.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no datagram is lost.
    pub async fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        readiness::read(&self.socket, |io| io.recv_from(buffer)).await
    }
}
