//! A client for tests, which says any bytes and reads answers with a reader of its own; and a
//! server for it to talk to.
//!
//! Everything here panics if the server does not do what a test may expect of it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr};

use step5_executor::net::TcpStream;
use step5_executor::spawn;

use crate::{Answered, Limits, Live, Request, Responder, Response, Server};

/// Any free port of this machine.
pub const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Starts a server; returns its address, and the count of its connections.
pub fn serve<H>(limits: Limits, handler: H) -> (SocketAddr, Live)
where
    H: AsyncFn(Request, Responder<'_>) -> io::Result<Answered> + 'static,
{
    let server = Server::bind(ANY, limits).unwrap();
    let started = (server.local_addr().unwrap(), server.live());
    drop(spawn(server.run(handler)));
    started
}

/// Answers with the path that was asked for.
///
/// # Errors
///
/// Returns an error if the client has left.
pub async fn echo(request: Request, responder: Responder<'_>) -> io::Result<Answered> {
    match request.method.as_str() {
        "GET" => responder.send(Response::json(200, request.path)).await,
        _ => responder.send(Response::only_get()).await,
    }
}

/// A client that does what it is told.
pub struct Peer {
    stream: TcpStream,
    /// What has come and was not read yet.
    received: Vec<u8>,
}

/// An answer, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// Such as 200.
    pub status: u16,
    /// One a line, names in small letters.
    pub head: String,
    /// What comes after the head.
    pub body: String,
}

impl Answer {
    /// Returns the value of a header; `None` if there is no such header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers
            .find(|(header, _)| *header == name)
            .map(|(_, value)| value)
    }
}

impl Peer {
    /// Connects to a server.
    pub async fn connect(server: SocketAddr) -> Peer {
        Peer {
            stream: TcpStream::connect(server).await.unwrap(),
            received: vec![],
        }
    }

    /// Says something.
    pub async fn say(&self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Says something that the server may not read any more.
    ///
    /// # Errors
    ///
    /// Returns an error if the server has closed the connection.
    pub async fn try_to_say(&self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Has no more to say, and still listens.
    pub fn fall_silent(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// Asks for a path, and waits for the answer.
    pub async fn ask(&mut self, path: &str) -> Answer {
        self.say(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n"))
            .await;
        self.answer().await
    }

    /// Waits for more bytes; returns whether there were any before the end.
    async fn more(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 4096];
        let length = self.stream.read(&mut buffer).await?;
        self.received.extend_from_slice(&buffer[..length]);
        Ok(length > 0)
    }

    /// Waits for this many bytes.
    async fn exactly(&mut self, length: usize) -> String {
        while self.received.len() < length {
            assert!(
                self.more().await.unwrap(),
                "it ends after {:?}",
                String::from_utf8_lossy(&self.received)
            );
        }
        String::from_utf8(self.received.drain(..length).collect()).unwrap()
    }

    /// Waits for all up to and with an end.
    async fn up_to(&mut self, end: &str) -> String {
        let is_end = |bytes: &[u8]| {
            bytes
                .windows(end.len())
                .position(|window| window == end.as_bytes())
        };
        loop {
            if let Some(position) = is_end(&self.received) {
                return self.exactly(position + end.len()).await;
            }
            assert!(
                self.more().await.unwrap(),
                "it ends after {:?}",
                String::from_utf8_lossy(&self.received)
            );
        }
    }

    /// Waits for the head of an answer; the body is empty.
    pub async fn head(&mut self) -> Answer {
        let head = self.up_to("\r\n\r\n").await;
        let (first, headers) = head.split_once("\r\n").unwrap();
        let status = first.strip_prefix("HTTP/1.1 ").unwrap()[..3]
            .parse()
            .unwrap();
        let lower = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            format!("{}: {value}\n", name.to_lowercase())
        };
        let head = headers
            .lines()
            .filter(|line| !line.is_empty())
            .map(lower)
            .collect();
        Answer {
            status,
            head,
            body: String::new(),
        }
    }

    /// Waits for an answer, whose end is told by its length or its last chunk.
    pub async fn answer(&mut self) -> Answer {
        let mut answer = self.head().await;
        if let Some(length) = answer.header("content-length") {
            answer.body = self.exactly(length.parse().unwrap()).await;
        } else {
            assert_eq!(
                answer.header("transfer-encoding"),
                Some("chunked"),
                "{answer:?}"
            );
            while let Some(chunk) = self.chunk().await {
                answer.body += &chunk;
            }
        }
        answer
    }

    /// Waits for the next chunk, and returns it; `None` is the last one.
    pub async fn chunk(&mut self) -> Option<String> {
        let length = self.up_to("\r\n").await;
        let length = usize::from_str_radix(length.trim_end(), 16).unwrap();
        let chunk = self.exactly(length).await;
        assert_eq!(self.exactly(2).await, "\r\n");
        Some(chunk).filter(|chunk| !chunk.is_empty())
    }

    /// Waits until the server has closed the connection, and returns what has come until then.
    ///
    /// # Errors
    ///
    /// Returns an error if the server has not ended properly, but broken off.
    pub async fn end(&mut self) -> io::Result<String> {
        while self.more().await? {}
        Ok(String::from_utf8_lossy(&std::mem::take(&mut self.received)).into_owned())
    }
}
