//! How does a task wait for a datagram in step 4? It asks the scheduler to wake it when one is
//! there.
//!
//! `cargo run -p book --example waits_for_the_answer`

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use delay_server::{DelayServer, Settings};
use step4_select::{Co, Scheduler, Socket};

/// When the server answers.
const ANSWER: Duration = Duration::from_millis(300);

/// Asks the server, and waits for the answer.
async fn execute_api_call(co: &Co, server: SocketAddr) -> io::Result<()> {
    let start = Instant::now();
    let socket = Socket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    socket.send_to(co, b"request", server).await?;
    socket.recv_from(co, &mut [0; 1_024]).await?;
    let late = start.elapsed().saturating_sub(ANSWER).as_millis();
    println!("one wait, {late} ms late");
    Ok(())
}

fn main() -> io::Result<()> {
    let server = DelayServer::start_local(Settings {
        delay: ANSWER,
        ..Settings::default()
    })?;
    let server = server.local_addr();
    Scheduler::new()?
        .run(async move |co| execute_api_call(&co, server).await)
        .map_err(io::Error::other)?
}
