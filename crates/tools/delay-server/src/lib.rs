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
//! let settings = Settings::default().delay(Duration::from_millis(10)).requests(1);
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
//! - An answer that cannot be sent is lost, and counts as answered: a client that waits for it
//!   cannot tell the difference.
//! - So is the answer to a request so long that `response for ` no longer fits before it. Over
//!   IPv4, that is a request of more than 65,494 bytes, or fewer where the system sends only
//!   shorter datagrams.
//!
//! A client should therefore wait with a time limit, as the examples do.
#![forbid(unsafe_code)]

mod server;
mod settings;
mod worker;

pub use server::DelayServer;
pub use settings::Settings;
