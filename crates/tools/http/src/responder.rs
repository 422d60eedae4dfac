//! How a request is answered, at once or in chunks.

use std::io::{self, ErrorKind};
use std::time::Duration;

use step5_executor::net::TcpStream;
use step5_executor::timeout;

use crate::response::head;
use crate::{Limits, Request, Response};

/// Answers one request.
pub struct Responder<'a> {
    stream: &'a TcpStream,
    write_time: Duration,
    is_head: bool,
    is_1_1: bool,
    keep_alive: bool,
}

/// The proof that a request was answered to the end. Only a [`Responder`] makes it, so a handler
/// cannot forget to answer.
#[derive(Debug)]
pub struct Answered {
    /// Whether the connection can be used for a next request.
    pub(crate) keep_alive: bool,
}

impl<'a> Responder<'a> {
    pub(crate) fn new(stream: &'a TcpStream, limits: &Limits, request: &Request) -> Responder<'a> {
        let Request {
            is_1_1, keep_alive, ..
        } = *request;
        Responder {
            stream,
            write_time: limits.write_time,
            is_head: request.method == "HEAD",
            is_1_1,
            keep_alive,
        }
    }

    /// Makes a responder for when no request could be read.
    pub(crate) fn without_request(stream: &'a TcpStream, limits: &Limits) -> Responder<'a> {
        Responder {
            stream,
            write_time: limits.write_time,
            is_head: false,
            is_1_1: true,
            keep_alive: false,
        }
    }

    /// Answers at once.
    ///
    /// # Errors
    ///
    /// Returns an error if the client has left, or takes nothing for longer than
    /// [`Limits::write_time`].
    pub async fn send(self, response: impl Into<Response>) -> io::Result<Answered> {
        let response = response.into();
        let framing = format!("Content-Length: {}\r\n", response.body.len());
        let mut bytes = head(&response, &framing, self.keep_alive).into_bytes();
        if !self.is_head {
            bytes.extend_from_slice(&response.body);
        }
        self.write(&bytes).await?;
        Ok(Answered {
            keep_alive: self.keep_alive,
        })
    }

    /// Begins an answer whose body comes in chunks, each as soon as it is sent.
    ///
    /// For a client that knows HTTP/1.0 only, the end of the body is the end of the connection.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    pub async fn stream(self, content_type: &'static str) -> io::Result<Chunks<'a>> {
        let response = Response {
            content_type,
            ..Response::json(200, "")
        };
        let framing = if self.is_1_1 {
            "Transfer-Encoding: chunked\r\n"
        } else {
            ""
        };
        self.write(head(&response, framing, self.keep_alive).as_bytes())
            .await?;
        Ok(Chunks { responder: self })
    }

    async fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let written = timeout(self.write_time, self.stream.write_all(bytes)).await;
        written.unwrap_or_else(|_| {
            Err(io::Error::new(
                ErrorKind::TimedOut,
                "the client does not read its answer",
            ))
        })
    }
}

/// An answer that comes in chunks, made by [`Responder::stream`].
///
/// If it is dropped before its end, the answer has no end, by which the client can tell.
pub struct Chunks<'a> {
    responder: Responder<'a>,
}

impl Chunks<'_> {
    /// Sends the next bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if the client has left, or takes nothing for longer than
    /// [`Limits::write_time`]. The next write or the one after it notices that the client has left,
    /// not an earlier one: a client that merely has no more to say looks the same.
    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() || self.responder.is_head {
            // An empty chunk would be the end.
            return Ok(());
        }
        if !self.responder.is_1_1 {
            return self.responder.write(bytes).await;
        }
        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
        chunk.extend_from_slice(bytes);
        chunk.extend_from_slice(b"\r\n");
        self.responder.write(&chunk).await
    }

    /// Ends the answer.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    pub async fn finish(self) -> io::Result<Answered> {
        if self.responder.is_1_1 && !self.responder.is_head {
            self.responder.write(b"0\r\n\r\n").await?;
        }
        Ok(Answered {
            keep_alive: self.responder.keep_alive,
        })
    }
}
