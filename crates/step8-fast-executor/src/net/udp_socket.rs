//! The UDP socket.

use std::io;
use std::net::{self, SocketAddr};

use step4_select::Direction;

use crate::source::Source;

/// A UDP socket.
///
/// # Examples
///
/// ```
/// use step8_fast_executor::{block_on, net::UdpSocket};
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
    source: Source<net::UdpSocket>,
}

impl UdpSocket {
    /// Makes a socket at a local address; port 0 means any that is free.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is not of this machine or in use, or no descriptor is left.
    pub fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
        let io = net::UdpSocket::bind(address)?;
        io.set_nonblocking(true)?;
        Ok(UdpSocket {
            source: Source::new(io),
        })
    }

    /// Returns the address that it is bound to.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().local_addr()
    }

    /// Connects it to a peer: [`send`](Self::send) goes there, and only what comes from there is
    /// received.
    ///
    /// Nothing is sent, so this does not wait. Only a connected socket learns that no socket
    /// listens there: its next operation fails with `ConnectionRefused`.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no way to such an address.
    pub fn connect(&self, peer: SocketAddr) -> io::Result<()> {
        self.source.get_ref().connect(peer)
    }

    /// Sends a datagram to the peer it is connected to, and returns how many bytes it has.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not connected or the datagram is too long, and `ConnectionRefused`
    /// if an earlier one found no listener; then this one was not sent.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, nothing was sent.
    pub async fn send(&self, datagram: &[u8]) -> io::Result<usize> {
        self.source
            .attempt(Direction::Write, |io| io.send(datagram))
            .await
    }

    /// Sends a datagram to an address, and returns how many bytes it has.
    ///
    /// # Errors
    ///
    /// Returns an error if the datagram is too long, or cannot be sent there.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, nothing was sent.
    pub async fn send_to(&self, datagram: &[u8], to: SocketAddr) -> io::Result<usize> {
        self.source
            .attempt(Direction::Write, |io| io.send_to(datagram, to))
            .await
    }

    /// Waits for a datagram from the peer it is connected to, and returns how many bytes it has.
    ///
    /// What does not fit into the buffer is cut off.
    ///
    /// # Errors
    ///
    /// Returns `ConnectionRefused` if an earlier datagram of this socket found no listener.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no datagram is lost.
    pub async fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source
            .attempt(Direction::Read, |io| io.recv(buffer))
            .await
    }

    /// Waits for a datagram, and returns how many bytes it has and where it comes from.
    ///
    /// What does not fit into the buffer is cut off.
    ///
    /// # Errors
    ///
    /// Returns an error if the system reports one for this socket.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no datagram is lost.
    pub async fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.source
            .attempt(Direction::Read, |io| io.recv_from(buffer))
            .await
    }
}
