//! The TCP connection.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{self, Shutdown, SocketAddr};

use step4_select::Direction;

use crate::entered;
use crate::source::{Source, refuse_virtual_time};
use crate::sys::begin_connect;

/// A TCP connection. It can be read from and written to at the same time, by several tasks behind
/// an `Rc`.
///
/// Each write is sent at once (`TCP_NODELAY`), so a message that is written piece by piece goes out
/// in as many packets: collect it first.
///
/// # Examples
///
/// ```
/// use step8_fast_executor::{block_on, net::{TcpListener, TcpStream}, spawn};
///
/// block_on(async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let address = listener.local_addr()?;
///     let client = spawn(async move {
///         TcpStream::connect(address).await?.write_all(b"hello").await
///     });
///
///     let (stream, _) = listener.accept().await?;
///     let (mut buffer, mut filled) = ([0; 16], 0);
///     loop {
///         match stream.read(&mut buffer[filled..]).await? {
///             0 => break,
///             length => filled += length,
///         }
///     }
///     assert_eq!(&buffer[..filled], b"hello");
///     client.await.unwrap()
/// })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
pub struct TcpStream {
    source: Source<net::TcpStream>,
}

impl TcpStream {
    /// Takes over a connection that does not block.
    pub(crate) fn new(io: net::TcpStream) -> io::Result<TcpStream> {
        // A small write is sent at once, and does not wait for the answer to the one before.
        io.set_nodelay(true)?;
        Ok(TcpStream {
            source: Source::new(io),
        })
    }

    /// Connects to an address, without ever blocking the thread.
    ///
    /// It takes no host name, because looking one up would block.
    ///
    /// Do not connect to a port of this machine on which nothing listens and that the system gives
    /// out itself (Linux: 32768 to 60999): the connection may get that port, and reach itself.
    ///
    /// # Errors
    ///
    /// Returns an error if no socket listens there, if there is no way there, if no descriptor is
    /// left, and on the virtual clock.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, the attempt is given up.
    pub async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
        entered::with_entered(|core| refuse_virtual_time(core)).transpose()?;
        let stream = TcpStream::new(begin_connect(address)?)?;
        stream
            .source
            .attempt(Direction::Write, is_connected)
            .await?;
        Ok(stream)
    }

    /// Returns the address of this end.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().local_addr()
    }

    /// Returns the address of the other end.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is closed.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().peer_addr()
    }

    /// Waits for bytes, and returns how many came; zero is the end of what the peer sends, or an
    /// empty buffer.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is broken.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no byte is lost.
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            // The system would wait for bytes nevertheless.
            return Ok(0);
        }
        self.source
            .attempt(Direction::Read, |mut io| io.read(buffer))
            .await
    }

    /// Writes as many bytes as there is room for, at least one, and returns how many.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is broken.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, nothing was written.
    pub async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.source
            .attempt(Direction::Write, |mut io| io.write(bytes))
            .await
    }

    /// Writes all bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is broken. Some of the bytes may have been written.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, some of the bytes may have been written, and there is
    /// no telling how many.
    pub async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.write(bytes).await? {
                0 => return Err(ErrorKind::WriteZero.into()),
                written => bytes = &bytes[written..],
            }
        }
        Ok(())
    }

    /// Closes one direction or both, at once. The peer reads to the end of what was written before.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is closed already.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.source.get_ref().shutdown(how)
    }
}

/// Finds out how an attempt to connect has ended; `WouldBlock` while it lasts.
fn is_connected(io: &net::TcpStream) -> io::Result<()> {
    if let Some(error) = io.take_error()? {
        return Err(error);
    }
    match io.peer_addr() {
        Err(error) if error.kind() == ErrorKind::NotConnected => Err(ErrorKind::WouldBlock.into()),
        // On macOS any other error means that the attempt has failed, and `take_error` has said so
        // already.
        result => result.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use crate::net::TcpListener;

    /// Otherwise two small writes and a wait for the answer take 40 ms: the second write waits for
    /// the delayed acknowledgement of the first.
    #[test]
    fn small_writes_are_sent_at_once() {
        block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let address = listener.local_addr().unwrap();
            let here = TcpStream::connect(address).await.unwrap();
            let (there, _) = listener.accept().await.unwrap();
            for stream in [here, there] {
                assert!(stream.source.get_ref().nodelay().unwrap());
            }
        });
    }
}
