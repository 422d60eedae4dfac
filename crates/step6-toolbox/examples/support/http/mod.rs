//! How do two programs speak HTTP? With just enough of it to show how tasks share a thread.
//!
//! A server of HTTP/1.1 for requests without a body, and a client that asks for one thing. One task serves one
//! connection. A connection is kept alive: the bytes of a next request, which may come with the first, wait in the
//! connection's buffer, and requests are answered in the order in which they came. All that a peer can make big or slow
//! has a limit, in [`Limits`].
//!
//! | file | question |
//! |---|---|
//! | `request.rs` | What does a client ask for? |
//! | `input.rs` | Where does one request end, and the next begin? |
//! | `response.rs` | What is an answer? |
//! | `responder.rs` | How is a request answered, at once or bit by bit? |
//! | `server.rs` | Who serves whom? |
//! | `live.rs` | How many are there at once? |
//! | `client.rs` | How does a program ask another one? |
//!
//! Not here, because it teaches nothing about schedules: TLS, bodies of requests, compression, HTTP/2.
#![allow(dead_code, reason = "each program and each test uses a part of it")]

mod client;
mod input;
mod live;
mod request;
mod responder;
mod response;
mod server;

use std::time::Duration;

#[allow(
    unused_imports,
    reason = "each program and each test uses a part of it"
)]
pub(crate) use {
    client::get,
    live::Live,
    request::{Refusal, Request, head_length},
    responder::{Answered, Chunks, Responder},
    response::Response,
    server::Server,
};

/// What a server allows a peer to take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How many connections are served at once. One more is told to come again later.
    pub(crate) connections: usize,
    /// How many bytes the head of a request has at most: its first line, its headers, and the empty line.
    pub(crate) head_bytes: usize,
    /// How long the head of a request may take, from when it is waited for. It is one limit for all of it, so that
    /// nobody stays by sending a byte now and then.
    pub(crate) head_time: Duration,
    /// How long a peer may take to make room for what is written to it.
    pub(crate) write_time: Duration,
    /// How long a peer has to hear the last answer, before the connection is closed.
    pub(crate) linger_time: Duration,
    /// How long nothing is accepted after accepting has failed.
    pub(crate) accept_pause: Duration,
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
