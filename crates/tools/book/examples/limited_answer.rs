//! How does a task of step 5 say "this socket, but at most half a second"? With a function, around
//! what it awaits.
//!
//! `cargo run -p book --example limited_answer`

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use step5_executor::{block_on, net, timeout};

/// Asks, waits for the answer, and returns how many bytes it has.
async fn ask(server: SocketAddr) -> io::Result<usize> {
    let socket = net::UdpSocket::bind("127.0.0.1:0".parse().unwrap())?;
    socket.send_to(b"request", server).await?;
    println!("asked");
    let mut buffer = [0; 1_024];
    let (length, _) = socket.recv_from(&mut buffer).await?;
    Ok(length)
}

fn main() -> io::Result<()> {
    // It is there, and never answers.
    let silent = UdpSocket::bind("127.0.0.1:0")?;
    let server = silent.local_addr()?;
    let limit = Duration::from_millis(500);
    let answer = block_on(async { timeout(limit, ask(server)).await });
    match answer {
        Ok(length) => println!("answered with {} bytes", length?),
        Err(elapsed) => println!("no answer within {limit:?}: {elapsed}"),
    }
    Ok(())
}
