//! Sockets whose operations are futures.
//!
//! A receive waits first and then tries. So it takes a turn, a flooded socket starves nothing, and
//! tasks that wait for the same socket are served first come, first served. (It also means that a
//! receive never wins a race with a future that is ready at once.) A send tries first, because
//! there is nearly always room. The sockets can be made anywhere. Their waits need an executor of
//! this crate, on the real clock.

mod readiness;
mod tcp_listener;
mod tcp_stream;
mod udp_socket;

pub use tcp_listener::TcpListener;
pub use tcp_stream::TcpStream;
pub use udp_socket::UdpSocket;
