//! Two requests, one after the other: 2 s.
//!
//! The client blocks until the first response is here, and only then sends the second request. Meanwhile the server's
//! second thread has nothing to do.
//!
//! `cargo run -p delay-server --example one_after_another`

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use delay_server::{DelayServer, Settings};

fn main() -> io::Result<()> {
    let server = DelayServer::start_local(Settings::default())?;
    let address = server.local_addr();

    let start = Instant::now();
    let responses = [execute_api_call(address, "request0")?, execute_api_call(address, "request1")?];
    println!("{responses:?}");
    println!("{:.3} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn execute_api_call(server: SocketAddr, request: &str) -> io::Result<String> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(server)?; // From now on, only the server's datagrams are received.
    socket.send(request.as_bytes())?;
    receive(&socket) // Blocks until the response is here.
}

/// Receives one response, or says clearly that none came: UDP may lose it, and waiting for ever would hide that.
fn receive(socket: &UdpSocket) -> io::Result<String> {
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut response = [0; 1024];
    let length = socket.recv(&mut response).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            io::Error::new(ErrorKind::TimedOut, "no response within 5 s: a datagram was lost")
        }
        _ => error,
    })?;
    Ok(String::from_utf8_lossy(&response[..length]).into_owned())
}
