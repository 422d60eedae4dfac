//! What is wrong with step 3, when a task waits for a datagram? It must look, sleep, look again: too late or too often.
//!
//! `cargo run -p book --example looks_again`

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use delay_server::{DelayServer, Settings};
use step3_sleeping_heap::{Co, Generated, Scheduler, Sleep};

/// When the server answers.
const ANSWER: Duration = Duration::from_millis(300);

/// Asks the server, and looks for the answer after each pause.
async fn execute_api_call(co: &Co, server: SocketAddr, pause: Duration) -> io::Result<()> {
    let start = Instant::now();
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_nonblocking(true)?; // From now on, `recv` does not wait: it says `WouldBlock` if nothing is there.
    socket.send_to(b"request", server)?;
    let mut looks = 1;
    while let Err(error) = socket.recv(&mut [0; 1_024]) {
        if error.kind() != io::ErrorKind::WouldBlock {
            return Err(error);
        }
        co.yield_(Sleep(pause)).await;
        looks += 1;
    }
    let late = start.elapsed().saturating_sub(ANSWER);
    println!(
        "{pause:?} between two looks: {looks} of them, and {} ms late",
        late.as_millis()
    );
    Ok(())
}

fn main() -> io::Result<()> {
    let server = DelayServer::start_local(Settings::default().delay(ANSWER))?;
    for pause_ms in [200, 20, 1] {
        let (server, pause) = (server.local_addr(), Duration::from_millis(pause_ms));
        let main = Generated::new(async move |co: &Co| execute_api_call(co, server, pause).await);
        Scheduler::new().run(main).map_err(io::Error::other)??;
    }
    Ok(())
}
