//! What a program needs of a network, so that one program runs on real sockets and on simulated
//! ones.

use std::io;
use std::net::SocketAddr;

use step8_fast_executor::net;

use crate::{Network, UdpSocket};

/// A network: what sockets are made from.
pub trait Transport: Clone + 'static {
    /// Its sockets.
    type Socket: Datagrams;

    /// Makes a socket at an address; port 0 means any that is free.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is in use, or not one of this network.
    fn bind(&self, address: SocketAddr) -> io::Result<Self::Socket>;
}

/// A UDP socket.
#[expect(
    async_fn_in_trait,
    reason = "tasks stay in their thread, so futures need not be Send"
)]
pub trait Datagrams: 'static {
    /// Returns the address that it is bound to.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    fn local_addr(&self) -> io::Result<SocketAddr>;

    /// Connects it to a peer.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no way to such an address.
    fn connect(&self, peer: SocketAddr) -> io::Result<()>;

    /// Sends a datagram to the peer it is connected to.
    async fn send(&self, datagram: &[u8]) -> io::Result<usize>;

    /// Sends a datagram to an address.
    async fn send_to(&self, datagram: &[u8], to: SocketAddr) -> io::Result<usize>;

    /// Waits for a datagram from the peer it is connected to.
    async fn recv(&self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Waits for a datagram, and returns where it comes from too.
    async fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)>;
}

/// The network of the system.
#[derive(Clone, Copy, Debug)]
pub struct RealNetwork;

impl Transport for RealNetwork {
    type Socket = net::UdpSocket;

    fn bind(&self, address: SocketAddr) -> io::Result<net::UdpSocket> {
        net::UdpSocket::bind(address)
    }
}

impl Transport for Network {
    type Socket = UdpSocket;

    fn bind(&self, address: SocketAddr) -> io::Result<UdpSocket> {
        self.bind(address)
    }
}

/// Hands each method to the one of the same name.
macro_rules! datagrams {
    ($socket:ty) => {
        impl Datagrams for $socket {
            fn local_addr(&self) -> io::Result<SocketAddr> {
                self.local_addr()
            }

            fn connect(&self, peer: SocketAddr) -> io::Result<()> {
                self.connect(peer)
            }

            async fn send(&self, datagram: &[u8]) -> io::Result<usize> {
                self.send(datagram).await
            }

            async fn send_to(&self, datagram: &[u8], to: SocketAddr) -> io::Result<usize> {
                self.send_to(datagram, to).await
            }

            async fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
                self.recv(buffer).await
            }

            async fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
                self.recv_from(buffer).await
            }
        }
    };
}

datagrams!(net::UdpSocket);
datagrams!(UdpSocket);
