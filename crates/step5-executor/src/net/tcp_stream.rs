//! A TCP connection.

use std::future::poll_fn;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{self, Shutdown, SocketAddr};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use crate::current::current;
use crate::net::readiness;

/// A TCP connection.
///
/// Several tasks may share it behind an `Rc`, and one may read while another writes.
///
/// Each write is sent at once (`TCP_NODELAY`), so a program that writes a message in many pieces
/// sends many packets. Collect a message first, and write it in one piece.
///
/// # Examples
///
/// ```
/// use step5_executor::{block_on, net::{TcpListener, TcpStream}, spawn};
///
/// block_on(async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let address = listener.local_addr()?;
///     let client = async move { TcpStream::connect(address).await?.write_all(b"hello").await };
///     let client = spawn(client);
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
    socket: net::TcpStream,
}

impl TcpStream {
    pub(crate) fn new(socket: net::TcpStream) -> io::Result<TcpStream> {
        socket.set_nonblocking(true)?;
        // Without this, a small write waits until the one before is acknowledged.
        socket.set_nodelay(true)?;
        Ok(TcpStream { socket })
    }

    /// Connects to an address.
    ///
    /// Connecting blocks, so it is done on a thread of its own. There is no lookup of host names,
    /// which would block, too.
    ///
    /// Beware of a port of this machine on which nothing listens and which the system hands out
    /// itself (on Linux, 32768 to 60999): the new connection may be given that very port, and then
    /// reaches itself.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no listener or no route, if no threads or descriptors are left,
    /// and on the virtual clock.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, the thread closes the connection as soon as there is
    /// one.
    pub async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
        if current().is_some_and(|core| core.clock.is_virtual()) {
            let message = "a connection takes real time: use an executor on the real clock";
            return Err(io::Error::new(ErrorKind::Unsupported, message));
        }
        TcpStream::new(connect_in_thread(address).await?)
    }

    /// Returns the address of this end.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Returns the address of the other end.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is closed.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket.peer_addr()
    }

    /// Waits for bytes, and returns how many came. Zero means that the peer has ended its side of
    /// the connection, or that the buffer is empty.
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
            // Even with an empty buffer, the wait would last until bytes come.
            return Ok(0);
        }
        readiness::read(&self.socket, |mut io| io.read(buffer)).await
    }

    /// Writes as many bytes as there is room for, and returns how many. Waits until there is room
    /// for one.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is broken.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, nothing was written.
    pub async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        readiness::write(&self.socket, |mut io| io.write(bytes)).await
    }

    /// Writes all bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is broken. Some of the bytes may have been written.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, some of the bytes may have been written; it is not
    /// known how many.
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
        self.socket.shutdown(how)
    }
}

async fn connect_in_thread(address: SocketAddr) -> io::Result<net::TcpStream> {
    let shared = Arc::new(Mutex::new((None, None::<Waker>)));
    let of_thread = Arc::clone(&shared);
    thread::Builder::new().spawn(move || {
        let result = net::TcpStream::connect(address);
        let mut shared = of_thread.lock().unwrap();
        shared.0 = Some(result);
        let waker = shared.1.take();
        // Let go of the lock first: a waker may poll at once, and the poll takes the lock.
        drop(shared);
        waker.into_iter().for_each(Waker::wake);
    })?;
    poll_fn(|cx| {
        let mut shared = shared.lock().unwrap();
        shared.1 = Some(cx.waker().clone());
        shared.0.take().map_or(Poll::Pending, Poll::Ready)
    })
    .await
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
                assert!(stream.socket.nodelay().unwrap());
            }
        });
    }
}
