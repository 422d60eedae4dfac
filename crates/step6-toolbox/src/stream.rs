//! What makes a stream of bytes, so that the tools for streams work with more than sockets.

use std::io;

use step5_executor::net::TcpStream;

/// Anything that bytes can be read from.
///
/// It is read through a shared reference, so a reader and a writer can share a stream, each with a
/// `&stream`: as two futures in a [`join`](crate::join()), or as two tasks with an `Rc` of the
/// stream each.
pub trait AsyncRead {
    /// Waits for bytes, and returns how many came. Zero is the end.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream is broken.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready loses no byte.
    fn read(&self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>>;
}

/// Anything that bytes can be written to.
pub trait AsyncWrite {
    /// Writes as many bytes as there is room for, at least one, and returns how many.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream is broken.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, nothing was written.
    fn write(&self, bytes: &[u8]) -> impl Future<Output = io::Result<usize>>;
}

impl AsyncRead for TcpStream {
    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        TcpStream::read(self, buffer).await
    }
}

impl AsyncWrite for TcpStream {
    async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        TcpStream::write(self, bytes).await
    }
}

impl<R: AsyncRead> AsyncRead for &R {
    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        R::read(self, buffer).await
    }
}
