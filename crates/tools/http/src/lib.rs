//! A tiny HTTP server and client on the sockets of step 5 and the streams of step 6, for the
//! examples `planets` and `geocode`.
//!
//! It does little, but strictly: one request for each connection, a `GET` without a body. It needs
//! no chunks, because an answer either has a length or ends with its connection. Everything that a
//! peer can make big or slow has a limit.
//!
//! | file | what is in it |
//! |---|---|
//! | `head.rs` | the lines and headers that requests and answers begin with |
//! | `request.rs` | what a client asks for |
//! | `server.rs` | the tasks: one accepts, and each connection has one |
//! | `client.rs` | how a program asks another one |
#![forbid(unsafe_code)]

mod client;
mod head;
mod request;
mod server;

pub use client::{get, read_answer};
pub use head::{MAX_HEAD, Refusal};
pub use request::{Request, read_request};
pub use server::{Body, Responder, Server};
