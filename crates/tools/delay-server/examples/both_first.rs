//! Two requests, both sent before the first response is awaited: 1 s.
//!
//! The server's two threads work on them at the same time, and the client needs nothing new. The
//! price is that sending and receiving are torn apart: there is no `execute_api_call` any more. And
//! the responses share a socket, in the order in which the server's threads finish, so the first
//! one need not be that for `request0`.
//!
//! `cargo run -p delay-server --example both_first`

mod support;

use std::io;
use std::net::UdpSocket;
use std::time::Instant;

use delay_server::{DelayServer, Settings};
use support::receive;

fn main() -> io::Result<()> {
    let server = DelayServer::start_local(Settings::default())?;

    let start = Instant::now();
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(server.local_addr())?; // From now on it hears the server only.

    socket.send(b"request0")?;
    socket.send(b"request1")?;

    let responses = [receive(&socket)?, receive(&socket)?];
    println!("{responses:?}");
    println!("{:.3} s", start.elapsed().as_secs_f64());
    Ok(())
}
