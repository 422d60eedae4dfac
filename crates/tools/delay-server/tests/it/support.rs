//! A client, and ways to wait that cannot hang a test.

use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use delay_server::{DelayServer, Settings};

/// However busy the machine is, what must happen soon happens within this.
pub(crate) const SOON: Duration = Duration::from_secs(60);

pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// Starts a server that runs until it is stopped.
pub(crate) fn server(delay: Duration, workers: usize) -> DelayServer {
    DelayServer::start_local(Settings {
        delay,
        workers,
        requests: None,
    })
    .unwrap()
}

/// Starts a server that ends after so many answers.
pub(crate) fn limited(delay: Duration, workers: usize, requests: u64) -> DelayServer {
    DelayServer::start_local(Settings {
        delay,
        workers,
        requests: Some(requests),
    })
    .unwrap()
}

/// Returns a socket that talks to `server` only.
pub(crate) fn client(server: SocketAddr) -> UdpSocket {
    let any = if server.is_ipv4() {
        "127.0.0.1:0"
    } else {
        "[::1]:0"
    };
    let socket = UdpSocket::bind(any).unwrap();
    socket.connect(server).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    socket
}

pub(crate) fn receive(socket: &UdpSocket) -> Vec<u8> {
    let mut response = vec![0; 65_536];
    let length = socket.recv(&mut response).expect("a response");
    response.truncate(length);
    response
}

pub(crate) fn call(server: SocketAddr, request: &[u8]) -> Vec<u8> {
    let socket = client(server);
    socket.send(request).unwrap();
    receive(&socket)
}

/// Runs `work` and returns its result. Panics if that takes too long.
pub(crate) fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    receiver
        .recv_timeout(SOON)
        .expect("it ends soon, without a panic")
}

/// Waits until `condition` holds. Panics if that takes too long.
pub(crate) fn until(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < SOON, "it comes true soon");
        thread::yield_now();
    }
}
