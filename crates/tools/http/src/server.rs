//! The tasks of a server: one accepts connections, and each connection has another.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Shutdown, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use step5_executor::net::{TcpListener, TcpStream};
use step5_executor::{sleep, spawn, timeout};
use step6_toolbox::{BufReader, Semaphore};

use crate::head::{Refusal, refuse};
use crate::{Request, read_request};

/// How long the server accepts nothing after it has failed to accept twice in a row.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How many more bytes are read from a client that is still sending, so that it can read its
/// answer.
const LINGER: usize = 256 * 1024;

/// A server that listens at a port of this machine, and cannot be reached from others.
pub struct Server {
    listener: TcpListener,
    /// How many connections are served at once. Others wait.
    pub connections: usize,
    /// How long a client may take for its request, for each part of the answer, and to leave.
    pub patience: Duration,
}

impl Server {
    /// Listens at a port. 0 is any free one.
    ///
    /// # Errors
    ///
    /// Returns an error if the port cannot be used (the error says what to do), or if no descriptor
    /// is left.
    pub fn new(port: u16) -> io::Result<Server> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).map_err(|error| {
            let advice = match error.kind() {
                ErrorKind::AddrInUse => "; stop the program that uses it, or give another port",
                ErrorKind::PermissionDenied => "; give a port from 1024 on",
                _ => "",
            };
            let message = format!("cannot listen at {address}: {error}{advice}");
            io::Error::new(error.kind(), message)
        })?;
        Ok(Server {
            listener,
            connections: 200,
            patience: Duration::from_secs(10),
        })
    }

    /// Returns the address that it listens at.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves forever. The handler answers one request. If it returns an error, that ends the
    /// connection, and nothing else.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no more connections are accepted, but those that there are continue to be
    /// served.
    pub async fn run<H>(self, handler: H) -> Infallible
    where
        H: AsyncFn(Request, Responder<'_>) -> io::Result<()> + 'static,
    {
        let (handler, places) = (Rc::new(handler), Semaphore::new(self.connections));
        loop {
            let place = places.acquire().await;
            let (stream, _) = try_until_ok(|| self.listener.accept()).await;
            let (handler, patience) = (handler.clone(), self.patience);
            drop(spawn(async move {
                let _place = place;
                // An error means that the client has left, or is stuck.
                _ = serve(&stream, patience, &*handler).await;
            }));
        }
    }
}

/// Tries again until it succeeds. One failure is likely that of a single client, so the next
/// attempt comes at once. Two in a row likely mean that no descriptor is left, so it pauses until
/// other connections may have ended.
async fn try_until_ok<T>(attempt: impl AsyncFn() -> io::Result<T>) -> T {
    loop {
        for _ in 0..2 {
            if let Ok(value) = attempt().await {
                return value;
            }
        }
        sleep(ACCEPT_PAUSE).await;
    }
}

async fn serve<H>(stream: &TcpStream, patience: Duration, handler: &H) -> io::Result<()>
where
    H: AsyncFn(Request, Responder<'_>) -> io::Result<()>,
{
    let responder = Responder { stream, patience };
    let request = timeout(patience, read_request(stream)).await;
    match request.unwrap_or_else(|_| refuse(408, "the request took too long to arrive")) {
        Ok(request) => handler(request, responder).await?,
        Err(Refusal { status, why }) => responder.error(status, why).await?,
    }
    // If the connection were closed while the client still sends, the system would report an error
    // to the client, which might never see the answer.
    stream.shutdown(Shutdown::Write)?;
    _ = timeout(patience, BufReader::new(stream).read_to_end(LINGER)).await;
    Ok(())
}

/// Answers one request.
///
/// If it is dropped first, the connection ends without an answer.
pub struct Responder<'a> {
    stream: &'a TcpStream,
    patience: Duration,
}

impl<'a> Responder<'a> {
    /// Sends the whole answer.
    ///
    /// # Errors
    ///
    /// Returns an error if the client has left, or takes nothing for longer than
    /// [`Server::patience`].
    pub async fn send(self, status: u16, content_type: &str, body: &str) -> io::Result<()> {
        let length = format!("Content-Length: {}\r\n", body.len());
        let head = head(status, content_type, &length);
        self.write((head + body).as_bytes()).await
    }

    /// Answers with JSON that says what went wrong. The sentence must not need escaping.
    ///
    /// # Errors
    ///
    /// Returns an error if [`send`](Self::send) would.
    pub async fn error(self, status: u16, why: &str) -> io::Result<()> {
        let body = format!("{{\"error\": \"{why}\"}}\n");
        self.send(status, "application/json", &body).await
    }

    /// Begins an answer whose parts are sent one by one. It ends with the connection.
    ///
    /// # Errors
    ///
    /// Returns an error if [`send`](Self::send) would.
    pub async fn stream(self, content_type: &str) -> io::Result<Body<'a>> {
        self.write(head(200, content_type, "").as_bytes()).await?;
        Ok(Body(self))
    }

    async fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let written = timeout(self.patience, self.stream.write_all(bytes)).await;
        written.unwrap_or_else(|_| Err(io::Error::new(ErrorKind::TimedOut, "the client is stuck")))
    }
}

/// An answer whose parts are sent one by one: see [`Responder::stream`].
pub struct Body<'a>(Responder<'a>);

impl Body<'_> {
    /// Sends a part.
    ///
    /// # Errors
    ///
    /// Returns an error if [`Responder::send`] would. That the client has left shows at the part
    /// after the next one at the latest, and not at once: a client that has no more to say looks
    /// the same.
    pub async fn send(&mut self, part: &str) -> io::Result<()> {
        self.0.write(part.as_bytes()).await
    }
}

/// Returns the head of an answer, whose body ends with the connection, or after a length.
///
/// The words after the status are left out, as they may be; the space before them may not.
fn head(status: u16, content_type: &str, length: &str) -> String {
    let allow = if status == 405 { "Allow: GET\r\n" } else { "" };
    format!(
        "HTTP/1.1 {status} \r\nContent-Type: {content_type}\r\n\
         Connection: close\r\n{allow}{length}\r\n"
    )
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use step5_executor::{Executor, now};

    use super::*;

    /// Returns how long it takes if the first attempts fail.
    fn time_of(failures: u32) -> Duration {
        let attempts = Cell::new(0);
        Executor::with_virtual_time().unwrap().block_on(async {
            let start = now();
            let attempt = async || {
                attempts.set(attempts.get() + 1);
                match attempts.get() > failures {
                    true => Ok(()),
                    false => Err(io::Error::other("failed")),
                }
            };
            try_until_ok(attempt).await;
            assert_eq!(attempts.get(), failures + 1);
            now() - start
        })
    }

    #[test]
    fn one_failure_to_accept_is_no_pause() {
        assert_eq!(time_of(0), Duration::ZERO);
        assert_eq!(time_of(1), Duration::ZERO);
    }

    #[test]
    fn two_failures_in_a_row_are_a_pause() {
        assert_eq!(time_of(2), ACCEPT_PAUSE);
        assert_eq!(time_of(5), 2 * ACCEPT_PAUSE);
    }
}
