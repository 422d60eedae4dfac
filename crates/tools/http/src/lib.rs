//! A tiny HTTP/1.1 server and client on the sockets of step 5, for the examples `planets` and
//! `geocode` of step 6.
//!
//! One task serves one connection. A connection is kept alive: the bytes of a next request, which
//! may come with the first, wait in the connection's buffer, and requests are answered in the order
//! in which they came. Everything that a peer can make big or slow has a limit, in [`Limits`].
//!
//! | file | what is in it |
//! |---|---|
//! | `request.rs` | what a client asks for |
//! | `input.rs` | where one request ends and the next begins |
//! | `response.rs` | what an answer is |
//! | `responder.rs` | how a request is answered, at once or in chunks |
//! | `server.rs` | the tasks: one accepts, and each connection has one |
//! | `live.rs` | how many there are at once |
//! | `client.rs` | how a program asks another one |
//! | `peer.rs` | a client for tests, which says any bytes |
#![forbid(unsafe_code)]

mod client;
mod input;
mod live;
pub mod peer;
mod request;
mod responder;
mod response;
mod server;

use std::time::Duration;

pub use client::get;
pub use live::{Live, LiveGuard};
pub use request::{Refusal, Request, head_length};
pub use responder::{Answered, Chunks, Responder};
pub use response::Response;
pub use server::Server;

/// What a server allows a peer to take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections are served at once. One more is told to come again later.
    pub connections: usize,
    /// How many bytes the head of a request has at most: its first line, its headers, and the empty
    /// line.
    pub head_bytes: usize,
    /// How long the head of a request may take, from when it is waited for. It is one limit for the
    /// whole head, so a client that sends a byte now and then does not stay.
    pub head_time: Duration,
    /// How long a peer may take to make room for what is written to it.
    pub write_time: Duration,
    /// How long a peer has to read the last answer before the connection is closed.
    pub linger_time: Duration,
    /// How long nothing is accepted after accepting has failed.
    pub accept_pause: Duration,
}

impl Default for Limits {
    /// 8 KiB and 10 s for a head, 10 s for a write.
    fn default() -> Limits {
        Limits {
            connections: 200,
            head_bytes: 8 * 1024,
            head_time: Duration::from_secs(10),
            write_time: Duration::from_secs(10),
            linger_time: Duration::from_secs(1),
            accept_pause: Duration::from_millis(50),
        }
    }
}
