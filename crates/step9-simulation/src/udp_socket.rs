//! The socket of a simulated network.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::rc::Rc;

use trace::Reason;

use crate::Network;
use crate::conditions::invalid;
use crate::endpoint::Endpoint;
use crate::inbox::{Datagram, Receive};

/// A UDP socket of a [`Network`], made by [`Network::bind`].
///
/// It has the methods and the cancel safety of step 8's
/// [`UdpSocket`](step8_fast_executor::net::UdpSocket), and those of its errors that do not come
/// from the kernel alone. When it is dropped, its address is free again.
#[derive(Debug)]
pub struct UdpSocket {
    network: Network,
    endpoint: Rc<Endpoint>,
}

impl Network {
    /// Makes a socket at an address; port 0 means any that is free.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is in use, if no port is left, or if the address is
    /// unspecified, such as 0.0.0.0: that is not a host.
    pub fn bind(&self, address: SocketAddr) -> io::Result<UdpSocket> {
        let (network, endpoint) = (self.clone(), self.open(address)?);
        network.note_user(&endpoint);
        Ok(UdpSocket { network, endpoint })
    }
}

impl UdpSocket {
    /// Returns the address that it is bound to.
    ///
    /// # Errors
    ///
    /// Returns no error: the result is there because a real socket has one.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.endpoint.address)
    }

    /// Connects it to a peer: [`send`](Self::send) goes there, and only what comes from there is
    /// received.
    ///
    /// Nothing is sent. Only a connected socket learns that there is no listener: its next
    /// operation fails with `ConnectionRefused`.
    ///
    /// # Errors
    ///
    /// Returns an error if the one is IPv4 and the other IPv6.
    pub fn connect(&self, peer: SocketAddr) -> io::Result<()> {
        let address = self.endpoint.address;
        if address.is_ipv4() != peer.is_ipv4() {
            return Err(invalid(format!(
                "{address} cannot be connected to {peer}: both must be IPv4, or both IPv6"
            )));
        }
        self.endpoint.peer.set(Some(peer));
        Ok(())
    }

    /// Sends a datagram to the peer it is connected to, and returns how many bytes it has.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not connected, if the datagram is too long, and
    /// `ConnectionRefused` if an earlier one found no listener.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, nothing was sent.
    pub async fn send(&self, datagram: &[u8]) -> io::Result<usize> {
        let peer = self.endpoint.peer.get().ok_or_else(|| {
            let message = format!("{} is not connected: use send_to", self.endpoint.address);
            io::Error::new(ErrorKind::NotConnected, message)
        })?;
        self.send_to(datagram, peer).await
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
        self.endpoint.inbox.borrow_mut().take_error()?;
        self.network.note_user(&self.endpoint);
        self.network.send(&self.endpoint, to, datagram)?;
        Ok(datagram.len())
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
        Ok(self.recv_from(buffer).await?.0)
    }

    /// Waits for a datagram, and returns how many bytes it has and where it comes from.
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
    pub async fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.network.note_user(&self.endpoint);
        let reason = Reason::Readable(self.endpoint.number);
        let Datagram { from, bytes, .. } = Receive::new(&self.endpoint.inbox, reason).await?;
        let length = bytes.len().min(buffer.len());
        buffer[..length].copy_from_slice(&bytes[..length]);
        Ok((length, from))
    }
}

impl Drop for UdpSocket {
    fn drop(&mut self) {
        self.network.close(&self.endpoint);
    }
}
