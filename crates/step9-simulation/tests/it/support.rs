//! What the tests have in common.

use std::net::SocketAddr;
use std::time::Duration;

use step8_fast_executor::Executor;
use step9_simulation::{Conditions, Latency, Network, UdpSocket};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MS: Duration = Duration::from_millis(1);

/// Runs a future on the virtual clock, where a wait without an end is a panic.
pub(crate) fn virtually<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

pub(crate) fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// Makes a network on which every datagram takes 10 ms.
pub(crate) fn steady() -> Network {
    with_latency(Latency::Constant(10 * MS))
}

/// Makes a network with this latency, on which nothing is lost.
pub(crate) fn with_latency(latency: Latency) -> Network {
    let conditions = Conditions {
        latency,
        ..Conditions::default()
    };
    Network::with_conditions(1, conditions).unwrap()
}

/// Makes two sockets on two hosts.
pub(crate) fn pair(network: &Network) -> (UdpSocket, UdpSocket) {
    let bind = |text| network.bind(address(text)).unwrap();
    (bind("10.0.0.1:0"), bind("10.0.0.2:0"))
}

/// Receives a datagram of up to 16 bytes.
pub(crate) async fn received(socket: &UdpSocket) -> Vec<u8> {
    let mut buffer = [0; 16];
    let (length, _) = socket.recv_from(&mut buffer).await.unwrap();
    buffer[..length].to_vec()
}
