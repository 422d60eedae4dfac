//! What is wrong with step 3, when a task waits for a datagram? It must look, sleep, look again:
//! too late or too often.
//!
//! `cargo run -p book --example looks_again`

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use delay_server::{DelayServer, Settings};
use step3_sleeping_heap::{Co, Scheduler};

/// When the server answers.
const ANSWER: Duration = Duration::from_millis(300);

/// Asks the server, and looks for the answer after each pause.
async fn execute_api_call(co: &Co, server: SocketAddr, pause: Duration) -> io::Result<()> {
    let start = Instant::now();
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_nonblocking(true)?;
    socket.send_to(b"request", server)?;
    let mut looks = 1;
    while let Err(error) = socket.recv(&mut [0; 1_024]) {
        if error.kind() != io::ErrorKind::WouldBlock {
            return Err(error);
        }
        co.sleep(pause).await;
        looks += 1;
    }
    let late = start.elapsed().saturating_sub(ANSWER).as_millis();
    println!("{pause:?} between looks: {looks} of them, {late} ms late");
    Ok(())
}

fn main() -> io::Result<()> {
    let server = DelayServer::start_local(Settings {
        delay: ANSWER,
        ..Settings::default()
    })?;
    for pause_ms in [200, 20, 1] {
        let (server, pause) = (server.local_addr(), Duration::from_millis(pause_ms));
        Scheduler::new()
            .run(async move |co| execute_api_call(&co, server, pause).await)
            .map_err(io::Error::other)??;
    }
    Ok(())
}
