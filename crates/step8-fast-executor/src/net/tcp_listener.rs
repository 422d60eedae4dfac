//! The TCP listener.

use std::io;
use std::net::{self, SocketAddr};

use step4_select::Direction;

use crate::net::TcpStream;
use crate::source::Source;
use crate::sys;

/// A TCP socket that accepts connections.
#[derive(Debug)]
pub struct TcpListener {
    source: Source<net::TcpListener>,
}

impl TcpListener {
    /// Listens at a local address; port 0 means any that is free.
    ///
    /// As many connections wait to be accepted as the system allows (`net.core.somaxconn`, 4,096 by
    /// default). Beyond that a client's attempt is dropped, and tried again after a second.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is not of this machine or in use, or no descriptor is left.
    pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
        let io = net::TcpListener::bind(address)?;
        io.set_nonblocking(true)?;
        sys::widen_backlog(&io)?;
        Ok(TcpListener {
            source: Source::new(io),
        })
    }

    /// Returns the address that it listens at.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().local_addr()
    }

    /// Waits for a connection, and returns it and where it comes from.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection was given up meanwhile, or no descriptor is left: another
    /// try may succeed.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no connection is lost.
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (io, peer) = self
            .source
            .attempt(Direction::Read, net::TcpListener::accept)
            .await?;
        io.set_nonblocking(true)?;
        Ok((TcpStream::new(io)?, peer))
    }
}
