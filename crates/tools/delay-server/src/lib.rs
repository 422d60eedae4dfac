//! The UDP server that the demos ask, slow on purpose.
//!
//! A [`DelayServer`] is a few threads that share one UDP socket. Each thread receives a datagram,
//! waits (1 s unless set otherwise) and answers `response for <request>` to the sender. The wait
//! stands for work: the server is as slow as a real one, and can do as many things at a time as it
//! has threads. With the usual two threads:
//!
//! | requests sent together | last answer after |
//! |---|---|
//! | 1 | 1 s |
//! | 2 | 1 s |
//! | 3 | 2 s |
//!
//! So a client that asks twice can have both answers after 1 s, or after 2 s if it waits for the
//! first before it asks again. The examples `one_after_another`, `both_first` and `threads` show
//! which is which.
//!
//! ```
//! use delay_server::{DelayServer, Settings};
//! use std::{net::UdpSocket, time::Duration};
//!
//! # fn main() -> std::io::Result<()> {
//! let delay = Duration::from_millis(10);
//! let settings = Settings { delay, requests: Some(1), ..Settings::default() };
//! let server = DelayServer::start_local(settings)?;
//!
//! let socket = UdpSocket::bind("127.0.0.1:0")?;
//! socket.connect(server.local_addr())?;
//! socket.send(b"request0")?;
//! let mut response = [0; 1024];
//! let length = socket.recv(&mut response)?;
//!
//! assert_eq!(&response[..length], b"response for request0");
//! assert_eq!(server.join()?, 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What can be lost
//!
//! UDP promises nothing, and the server adds no promise of its own:
//!
//! - The server keeps no queue. Requests that come while all threads are busy wait in the socket's
//!   receive buffer, whose size the system chooses; what no longer fits there is lost.
//! - An answer that cannot be sent is lost: the server prints a line about it, and does not count
//!   it. That happens to a request so long that `response for ` no longer fits before it: over
//!   IPv4, one of more than 65,494 bytes, or fewer where the system sends only shorter datagrams.
//!
//! A client should therefore wait with a time limit, as the examples do.
#![forbid(unsafe_code)]

use std::time::Duration;

mod server;

pub use server::DelayServer;

/// Says how a [`DelayServer`] behaves.
///
/// The default is the demos' server: a delay of 1 s, two workers, no end.
///
/// ```
/// use delay_server::Settings;
///
/// let settings = Settings { workers: 3, ..Settings::default() };
/// assert_eq!((settings.delay.as_secs(), settings.requests), (1, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a worker waits between a request and its answer; zero answers at once.
    pub delay: Duration,
    /// How many requests are worked on at the same time, from 1 to
    /// [`MAX_WORKERS`](Settings::MAX_WORKERS).
    pub workers: usize,
    /// How many requests are answered before the server ends; `None` never ends by itself, zero
    /// ends at once.
    pub requests: Option<u64>,
}

impl Settings {
    /// The greatest number of workers.
    ///
    /// Each worker is a thread, so a typing error in this number should not bring the machine to
    /// its knees.
    pub const MAX_WORKERS: usize = 1024;
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            delay: Duration::from_secs(1),
            workers: 2,
            requests: None,
        }
    }
}
