//! A client that trusts its network, on real sockets and on a simulated network.
//!
//! `cargo run -p book --example trusted_answer`

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use step8_fast_executor::{Executor, spawn, timeout};
use step9_simulation::{Conditions, Datagrams, Latency, Network};
use step9_simulation::{RealNetwork, Transport};

/// Asks, and asks again if there is no answer in time.
async fn ask(socket: &impl Datagrams, request: &str) -> io::Result<String> {
    let mut buffer = [0; 64];
    loop {
        socket.send(request.as_bytes()).await?;
        let limit = Duration::from_secs(1);
        let answer = timeout(limit, socket.recv(&mut buffer)).await;
        if let Ok(length) = answer {
            let answer = String::from_utf8_lossy(&buffer[..length?]);
            return Ok(answer.into_owned());
        }
    }
}

/// Sends each request back.
async fn serve(socket: impl Datagrams) -> io::Result<()> {
    let mut buffer = [0; 64];
    loop {
        let (length, client) = socket.recv_from(&mut buffer).await?;
        socket.send_to(&buffer[..length], client).await?;
    }
}

/// The test: is each answer the one to its request?
async fn test(network: &impl Transport, host: &str) -> io::Result<()> {
    let any: SocketAddr = host.parse().expect("it is an address");
    let (socket, server) = (network.bind(any)?, network.bind(any)?);
    socket.connect(server.local_addr()?)?;
    drop(spawn(serve(server)));
    for request in (0..1_000).map(|i| format!("request {i}")) {
        let answer = ask(&socket, &request).await?;
        if answer != request {
            println!("  {request}: the answer is {answer:?}");
            return Ok(());
        }
    }
    println!("  1000 requests, and each has its own answer");
    Ok(())
}

fn main() -> io::Result<()> {
    println!("on real sockets:");
    Executor::new()?.block_on(test(&RealNetwork, "127.0.0.1:0"))?;

    println!("on a simulated network:");
    let latency = Latency::LongTail {
        least: Duration::from_millis(10),
        usual: Duration::from_millis(40),
        most: Duration::from_secs(10),
    };
    let conditions = Conditions {
        latency,
        ..Conditions::default()
    };
    Executor::with_virtual_time()?.block_on(async {
        let network = Network::with_conditions(1, conditions)?;
        test(&network, "10.0.0.1:0").await
    })
}
