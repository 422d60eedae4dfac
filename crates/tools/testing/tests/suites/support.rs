//! What the suites have in common.

use std::time::Duration;

use step4_select::Select;
use testing::gate::Gate;
use testing::selectors::{Counting, Counts};
use testing::watchdog::within_a_minute;

use crate::EXECUTORS;
use crate::executor::net::{TcpListener, TcpStream, UdpSocket};
use crate::executor::{Executor, JoinHandle, spawn, yield_now};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MS: Duration = Duration::from_millis(1);

/// Runs `main` on the real clock, on each selector.
pub(crate) fn run(main: impl AsyncFn() + Clone + Send + 'static) {
    for new in EXECUTORS {
        let main = main.clone();
        within_a_minute(move || new().block_on(main()));
    }
}

/// Runs a future on the virtual clock, where a wait without an end is a panic.
pub(crate) fn virtually<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

/// Makes an executor on a selector that counts.
pub(crate) fn counted() -> (Executor, Counts) {
    let (selector, counts) = Counting::new(Select::new().unwrap());
    (Executor::with_selector(selector).unwrap(), counts)
}

/// Spawns a task that waits at a gate, and lets it get there.
pub(crate) async fn spawn_waiting() -> (JoinHandle<()>, Gate) {
    let gate = Gate::default();
    let task = spawn(gate.clone().wait());
    yield_now().await;
    (task, gate)
}

/// Makes a UDP socket at a free port.
pub(crate) fn udp() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// Makes a blocking socket that is connected to `to`. What it sends has arrived when `send`
/// returns.
pub(crate) fn sender(to: &UdpSocket) -> std::net::UdpSocket {
    let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(to.local_addr().unwrap()).unwrap();
    sender
}

/// Makes the two ends of a connection.
pub(crate) async fn streams() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let here = TcpStream::connect(address).await.unwrap();
    let (there, peer) = listener.accept().await.unwrap();
    assert_eq!(here.local_addr().unwrap(), peer);
    (here, there)
}
