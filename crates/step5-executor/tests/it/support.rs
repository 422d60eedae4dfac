//! What the tests have in common.

use std::time::Duration;

use step5_executor::Executor;
use step5_executor::net::{TcpListener, TcpStream, UdpSocket};
use testing::watchdog::within_a_minute;

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MS: Duration = Duration::from_millis(1);

/// Runs `main` on the real clock.
pub(crate) fn run(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || Executor::new().unwrap().block_on(main()));
}

/// Runs a future on the virtual clock, where a wait without an end is a panic.
pub(crate) fn virtually<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
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
