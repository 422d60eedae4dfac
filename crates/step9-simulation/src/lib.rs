//! **Step 9: a network in one process.**
//!
//! A program that talks over a network is hard to test: what goes wrong there goes wrong rarely,
//! somewhere else, and never again. Here is a network that goes wrong as often as you like, and in
//! the same way each time, because all its chance comes from a seed. It runs in virtual time, so
//! that hours of a hundred thousand clients pass in seconds.
//!
//! A [`Network`] has [`Conditions`]: the [`Latency`] of datagrams, the [`Chance`] that they are
//! lost or doubled, and how many can wait at a socket. [`Network::partition`] parts hosts for a
//! time. Its [`UdpSocket`] has the methods of a real one, so a program that is written for a
//! [`Transport`] runs on both:
//!
//! ```
//! use std::io;
//! use std::net::SocketAddr;
//! use step8_fast_executor::Executor;
//! use step9_simulation::{Datagrams, Network, RealNetwork, Transport};
//!
//! async fn hello(network: &impl Transport, any: SocketAddr) -> io::Result<String> {
//!     let (here, there) = (network.bind(any)?, network.bind(any)?);
//!     here.send_to(b"hello", there.local_addr()?).await?;
//!     let mut buffer = [0; 16];
//!     let (length, _) = there.recv_from(&mut buffer).await?;
//!     Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
//! }
//!
//! let any = "127.0.0.1:0".parse().unwrap();
//! let real = Executor::new()?.block_on(hello(&RealNetwork, any))?;
//! let simulated = Executor::with_virtual_time()?
//!     .block_on(async { hello(&Network::new(7), any).await })?;
//! assert_eq!(real, simulated);
//! # io::Result::Ok(())
//! ```
//!
//! Run the demo with `cargo run --release -p step9-simulation`. `--seed N` is another run, and
//! `--clients N` a smaller or larger one.
//!
//! | file | what is in it |
//! |---|---|
//! | `random.rs` | the generator that all chance comes from |
//! | `conditions.rs` | latency, loss, and the other settings |
//! | `inbox.rs` | what has arrived at a socket, and which tasks wait for it |
//! | `record.rs` | counts, and the digest of all that happened |
//! | `endpoint.rs` | what a socket and the network share, and the luck of what it sends |
//! | `state.rs` | the sockets, the partitions, and the fate of a datagram |
//! | `network.rs` | the network: a datagram under way is a task that sleeps |
//! | `udp_socket.rs` | the socket |
//! | `transport.rs` | what a program needs of a network, simulated or real |
//! | `search.rs` | looks for a seed that breaks a program, and makes the program smaller |
//!
//! **What makes two runs the same:** all that happens is decided by one thread, by the order of the
//! executor's queue, which is first in, first out, and by numbers from the seed. The network does
//! not read a clock of the system, iterate a `HashMap`, compare addresses in memory, or compute with
//! floating point. (The demo does so only to print its real time.) A program that does so itself, or
//! that has a second thread, gives that up.
//!
//! **What is missing:** streams such as TCP, a limit of bandwidth, corrupted bytes, and hosts that
//! crash and lose what they had. It finds no mistake that depends on the real kernel.
//!
//! **Its chapter** is [`docs/step9-simulation.md`](../../../docs/step9-simulation.md).
#![forbid(unsafe_code)]

mod conditions;
pub mod demo;
mod endpoint;
mod inbox;
mod network;
mod random;
mod record;
mod search;
mod state;
mod transport;
mod udp_socket;

pub use conditions::{Chance, Conditions, Latency};
pub use network::Network;
pub use random::Random;
pub use record::Fate;
pub use search::{Setup, search, shrink};
pub use transport::{Datagrams, RealNetwork, Transport};
pub use udp_socket::UdpSocket;
