//! What can a task of step 4 not say? "This socket, but at most half a second." So one lost answer hangs it for ever.
//!
//! `cargo run -p book --example lost_answer` goes on until you stop it, with Ctrl-C.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use step4_select::{Co, Generated, Scheduler, Socket};

/// Asks, and waits for the answer. Gives how many bytes it has.
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
    let main = Generated::new(async move |co: &Co| ask(co, server).await);
    let length = Scheduler::new()?.run(main).map_err(io::Error::other)??;
    println!("answered with {length} bytes");
    Ok(())
}
