//! The demo: one program on two networks, and then a hundred thousand clients.

mod crowd;
mod program;
mod recorded;
mod report;

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use step8_fast_executor::Executor;

use crate::{Chance, Conditions, Latency, Network, Transport};
use recorded::RecordedNetwork;

pub use crowd::Crowd;
pub use report::Report;

/// Runs the client and the server on real sockets, and then on a simulated network.
///
/// On the virtual clock it leaves out the real sockets.
///
/// # Errors
///
/// Returns an error if an executor or a real socket cannot be made, or if a request is not
/// answered.
pub fn demo(virtual_time: bool, seed: u64) -> io::Result<()> {
    let address = |text: &str| -> SocketAddr { text.parse().expect("it is an address") };
    if !virtual_time {
        heading("a client and a server on real sockets");
        let any = address("127.0.0.1:0");
        Executor::new()?.block_on(ask_twice(&RecordedNetwork, any, any))?;
    }
    heading("the same on a simulated network");
    let (server, client) = (address("10.0.0.1:53"), address("10.0.0.2:0"));
    Executor::with_virtual_time()?.block_on(async {
        let network = Network::with_conditions(seed, internet())?;
        ask_twice(&network, server, client).await
    })
}

/// Runs a crowd of clients, and prints what came of it.
///
/// # Errors
///
/// Returns an error if no executor can be made.
pub fn run_crowd(crowd: &Crowd) -> io::Result<()> {
    let start = Instant::now();
    print!("{}", crowd.run()?);
    // To stderr: what goes to stdout is the same each time.
    eprintln!("real time: {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn heading(title: &str) {
    println!("{title}:");
    trace::title(title);
}

/// Prints the answers to two requests, made at the same time.
async fn ask_twice(
    network: &impl Transport,
    server: SocketAddr,
    client: SocketAddr,
) -> io::Result<()> {
    let requests = ["request0", "request1"].map(str::to_owned);
    let responses = program::ask_own_server(network, server, client, &requests).await?;
    println!("{responses:?}");
    Ok(())
}

/// Conditions as on a bad day of the internet.
fn internet() -> Conditions {
    Conditions {
        latency: Latency::LongTail {
            least: Duration::from_millis(10),
            usual: Duration::from_millis(40),
            most: Duration::from_secs(3),
        },
        loss: Chance::percent(5),
        duplication: Chance::percent(1),
        queue: 64,
    }
}
