//! Two requests, each from a thread of its own: 1 s, and `execute_api_call` as it was.
//!
//! Each call blocks its own thread only, and has its own socket, so the responses cannot be mixed
//! up: join the threads in order, and you have them in order. The price is a thread for each
//! request.
//!
//! `cargo run -p delay-server --example threads`

mod support;

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Instant;

use delay_server::{DelayServer, Settings};
use support::receive;

fn main() -> io::Result<()> {
    let server = DelayServer::start_local(Settings::default())?;
    let address = server.local_addr();

    let start = Instant::now();
    let t0 = thread::spawn(move || execute_api_call(address, "request0"));
    let t1 = thread::spawn(move || execute_api_call(address, "request1"));

    let responses = [
        t0.join().expect("execute_api_call does not panic")?,
        t1.join().expect("execute_api_call does not panic")?,
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
