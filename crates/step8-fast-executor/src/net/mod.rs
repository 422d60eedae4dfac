//! Sockets whose operations are futures.
//!
//! Each operation is tried at once, and waits only if it would block. Operations that did not have
//! to wait count: after 128 of them in one poll the task yields once, so that a flooded socket
//! starves no other task: a loop of `race(socket.recv_from(..), ready(()))`, which takes what is
//! there, takes at most as many a turn. Tasks that wait for the same direction of the same socket
//! are served first come, first served; a future that is kept but not polled any more keeps its
//! place too, and those behind it wait until it is dropped. Futures of these types need an executor
//! of this crate, and panic elsewhere; the sockets themselves can be made anywhere, move from one
//! executor to another, and stay on their thread.

mod tcp_listener;
mod tcp_stream;
mod udp_socket;

pub use tcp_listener::TcpListener;
pub use tcp_stream::TcpStream;
pub use udp_socket::UdpSocket;
