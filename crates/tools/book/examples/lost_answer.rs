//! What can a task of step 4 not say? "This socket, but at most half a second." So one lost answer
//! hangs it forever.
//!
//! `cargo run -p book --example lost_answer` continues until you stop it, with Ctrl-C.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use step4_select::{Co, Scheduler, Socket};

/// Asks, waits for the answer, and returns how many bytes it has.
async fn ask(co: &Co, server: SocketAddr) -> io::Result<usize> {
    let socket = Socket::bind("127.0.0.1:0".parse().unwrap())?;
    socket.send_to(co, b"request", server).await?;
    println!("asked");
    let mut buffer = [0; 1_024];
    let (length, _) = socket.recv_from(co, &mut buffer).await?;
    Ok(length)
}

fn main() -> io::Result<()> {
    // It is there, and never answers.
    let silent = UdpSocket::bind("127.0.0.1:0")?;
    let server = silent.local_addr()?;
    let length = Scheduler::new()?.run(async move |co| ask(&co, server).await);
    println!("answered with {} bytes", length.map_err(io::Error::other)??);
    Ok(())
}
