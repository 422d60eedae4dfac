//! A socket that listens for connections.

use std::io;
use std::net::{self, SocketAddr};

use crate::net::{TcpStream, readiness};

/// A TCP socket that accepts connections.
#[derive(Debug)]
pub struct TcpListener {
    socket: net::TcpListener,
}

impl TcpListener {
    /// Listens at a local address; port 0 means any that is free.
    ///
    /// 128 connections can wait to be accepted, as with std. If more come at once, the system drops
    /// their first attempt, and the peer's system tries again after a second.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is in use or does not belong to this machine, or if no
    /// descriptors are left.
    pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
        let socket = net::TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        Ok(TcpListener { socket })
    }

    /// Returns the address that the socket listens at.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Waits for a connection, and returns it and the peer's address.
    ///
    /// # Errors
    ///
    /// Returns an error if the peer has given up meanwhile, or if no descriptors are left. After
    /// either, another try may succeed.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no connection is lost.
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = readiness::read(&self.socket, net::TcpListener::accept).await?;
        Ok((TcpStream::new(stream)?, peer))
    }
}
