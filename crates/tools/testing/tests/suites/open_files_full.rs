//! What if the table of open files is full?

use std::fs::File;
use std::io;
use std::net;
use std::time::Duration;

use testing::process::alone;
use testing::watchdog::within_a_minute;

use crate::executor::net::{TcpListener, TcpStream, UdpSocket};
use crate::executor::{Executor, block_on, sleep, spawn, timeout};

/// Takes all descriptors that are left. Returns them, and the number of the error that says that
/// none is left, for which std has no name.
fn fill() -> (Vec<File>, Option<i32>) {
    let mut files = vec![File::open("/dev/null").unwrap()];
    let error = loop {
        match files[0].try_clone() {
            Ok(file) => files.push(file),
            Err(error) => break error,
        }
    };
    (files, error.raw_os_error())
}

/// Promise (sockets): When the process has no descriptor left, the task that needs one gets an
/// error, and the others continue.
#[test]
fn without_descriptors_the_others_continue() {
    alone(|| {
        // So that there are not too many to take, and all of them fit into the sets of `select(2)`.
        testing::files::allow_below(512);
        within_a_minute(|| block_on(main()));
    });
}

async fn main() {
    let any = "127.0.0.1:0".parse().unwrap();
    let socket = UdpSocket::bind(any).unwrap();
    let listener = TcpListener::bind(any).unwrap();
    let (to, address) = (socket.local_addr().unwrap(), listener.local_addr().unwrap());
    // A client that is in the queue already when no descriptor is left for its connection.
    let client = net::TcpStream::connect(address).unwrap();
    let other = spawn(async move { socket.recv_from(&mut [0; 4]).await });
    let sender = UdpSocket::bind(any).unwrap();

    let (mut files, full) = fill();
    let is_full = |error: io::Error| assert_eq!(error.raw_os_error(), full, "{error}");
    is_full(Executor::new().err().unwrap());
    is_full(UdpSocket::bind(any).unwrap_err());
    is_full(TcpListener::bind(any).unwrap_err());
    is_full(TcpStream::connect(address).await.unwrap_err());
    is_full(listener.accept().await.unwrap_err());

    // Timers and sockets serve the tasks that have their descriptors.
    sleep(Duration::from_millis(1)).await;
    sender.send_to(b"all", to).await.unwrap();
    assert_eq!(other.await.unwrap().unwrap().0, 3);

    // The client has waited.
    drop(files.drain(..10));
    let accepted = timeout(Duration::from_secs(50), listener.accept()).await;
    let (_, peer) = accepted.unwrap().unwrap();
    assert_eq!(peer, client.local_addr().unwrap());
    drop(Executor::new().unwrap());
}
