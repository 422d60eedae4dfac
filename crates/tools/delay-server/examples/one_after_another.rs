//! Two requests, one after the other: 2 s.
//!
//! The client blocks until the first response is here, and only then sends the second request.
//! Meanwhile the server's second thread has nothing to do.
//!
//! `cargo run -p delay-server --example one_after_another`

mod support;

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Instant;

use delay_server::{DelayServer, Settings};
use support::receive;

fn main() -> io::Result<()> {
    let server = DelayServer::start_local(Settings::default())?;
    let address = server.local_addr();

    let start = Instant::now();
    let responses = [
        execute_api_call(address, "request0")?,
        execute_api_call(address, "request1")?,
    ];
    println!("{responses:?}");
    println!("{:.3} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn execute_api_call(server: SocketAddr, request: &str) -> io::Result<String> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(server)?; // From now on it hears the server only.
    socket.send(request.as_bytes())?;
    receive(&socket) // Blocks until the response is here.
}
