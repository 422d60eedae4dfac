//! Where one request ends and the next begins: a connection is a stream of bytes, and knows nothing
//! of requests.

use std::io;

use step5_executor::net::TcpStream;
use step5_executor::timeout;

use crate::{Limits, Refusal, Request, head_length};

/// The bytes that have come on a connection and are not used yet.
pub(crate) struct Input {
    /// As long as the longest head. Only its first `filled` bytes have come.
    bytes: Vec<u8>,
    filled: usize,
}

/// What came next on a connection.
pub(crate) enum Next {
    Request(Request),
    /// Bytes that are not a request. What comes after them has no meaning either.
    Refused(Refusal),
    /// The end: the client has left, or is silent.
    Nothing,
}

impl Input {
    pub(crate) fn new(limits: &Limits) -> Input {
        Input {
            bytes: vec![0; limits.head_bytes],
            filled: 0,
        }
    }

    /// Waits for the next request.
    pub(crate) async fn next(&mut self, stream: &TcpStream, limits: &Limits) -> Next {
        let head = timeout(limits.head_time, self.head(stream)).await;
        let is_silent = self.filled == 0;
        let refusal = match head {
            Ok(Ok(Head::Complete(length))) => {
                let request = Request::parse(&self.bytes[..length]);
                self.remove(length);
                return request.map_or_else(Next::Refused, Next::Request);
            }
            Ok(Ok(Head::TooLong)) => Refusal {
                status: 431,
                why: "the headers are too long",
            },
            Ok(Ok(Head::CutOff)) if !is_silent => Refusal {
                status: 400,
                why: "the request ends before its headers do",
            },
            Err(_) if !is_silent => Refusal {
                status: 408,
                why: "the request took too long to arrive",
            },
            Ok(Ok(Head::CutOff) | Err(_)) | Err(_) => return Next::Nothing,
        };
        Next::Refused(refusal)
    }

    /// Reads until a head is complete, or can never be.
    async fn head(&mut self, stream: &TcpStream) -> io::Result<Head> {
        loop {
            // An empty line before a request does no harm, and some clients send one.
            let is_line_end = |byte: &&u8| matches!(**byte, b'\r' | b'\n');
            let empty = self.bytes[..self.filled]
                .iter()
                .take_while(is_line_end)
                .count();
            self.remove(empty);

            if let Some(length) = head_length(&self.bytes[..self.filled]) {
                return Ok(Head::Complete(length));
            }
            if self.filled == self.bytes.len() {
                return Ok(Head::TooLong);
            }
            match stream.read(&mut self.bytes[self.filled..]).await? {
                0 => return Ok(Head::CutOff),
                length => self.filled += length,
            }
        }
    }

    /// Takes bytes off the front. What is behind them stays for the next request.
    fn remove(&mut self, length: usize) {
        self.bytes.copy_within(length..self.filled, 0);
        self.filled -= length;
    }
}

enum Head {
    Complete(usize),
    TooLong,
    CutOff,
}
