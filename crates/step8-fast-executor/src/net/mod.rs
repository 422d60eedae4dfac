//! Sockets whose operations are futures.
//!
//! Each operation is tried at once, and waits only if it would block. Those that need not wait are
//! counted: after 128 of them in one turn the task yields once, so that a flooded socket starves no
//! other task. That holds even for a loop of `race(socket.recv_from(..), ready(()))`, which only
//! takes what is there.
//!
//! Tasks that wait for the same direction of the same socket are served first come, first served. A
//! future that is kept but no longer polled keeps its place too, and those behind it wait until it
//! is dropped.
//!
//! The futures need an executor of this crate, and panic elsewhere. The sockets themselves can be
//! made anywhere, move from one executor to another, and stay on their thread.

mod tcp_listener;
mod tcp_stream;
mod udp_socket;

pub use tcp_listener::TcpListener;
pub use tcp_stream::TcpStream;
pub use udp_socket::UdpSocket;
