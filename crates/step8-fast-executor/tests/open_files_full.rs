//! What if the table of open files is full? A task that needs one more gets an error, and the
//! others continue. This takes all descriptors of the process, so it is one test, alone in its
//! file.

use std::fs::File;
use std::io;
use std::net;
use std::time::Duration;

use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{Executor, block_on, sleep, spawn, timeout};
use testing::watchdog::within_a_minute;

/// Takes all descriptors that are left. Returns them, and the number of the error that says that
/// none is left, for which std has no name.
fn fill() -> (Vec<File>, Option<i32>) {
    let mut files = vec![File::open("/dev/null").unwrap()];
    let error = loop {
        match files[0].try_clone() {
            Ok(file) if files.len() < 100_000 => files.push(file),
            Ok(_) => break None,
            Err(error) => break Some(error),
        }
    };
    (files, error.and_then(|error| error.raw_os_error()))
}

#[test]
fn error_without_descriptors_spares_the_others() {
    within_a_minute(|| block_on(main()));
}

async fn main() {
    let any = "127.0.0.1:0".parse().unwrap();
    let (socket, listener) = (
        UdpSocket::bind(any).unwrap(),
        TcpListener::bind(any).unwrap(),
    );
    let (to, address) = (socket.local_addr().unwrap(), listener.local_addr().unwrap());
    // A client that is in the queue already when no descriptor is left for its connection.
    let client = net::TcpStream::connect(address).unwrap();
    let other = spawn(async move { socket.recv_from(&mut [0; 4]).await });
    let sender = UdpSocket::bind(any).unwrap();

    let (mut files, full) = fill();
    let Some(full) = full else {
        eprintln!("skipped: the table of open files is too large to fill");
        return;
    };
    let is_full = |error: io::Error| assert_eq!(error.raw_os_error(), Some(full), "{error}");
    is_full(Executor::new().unwrap_err());
    is_full(UdpSocket::bind(any).unwrap_err());
    is_full(TcpListener::bind(any).unwrap_err());
    is_full(TcpStream::connect(address).await.unwrap_err());
    is_full(listener.accept().await.unwrap_err());

    // What has its descriptors needs no more: timers and sockets serve the others.
    sleep(Duration::from_millis(1)).await;
    sender.send_to(b"all", to).await.unwrap();
    assert_eq!(other.await.unwrap().unwrap().0, 3);

    // The client has waited. The lowest numbers are free again, which `select` can take.
    drop(files.drain(..10));
    let accepted = timeout(Duration::from_secs(30), listener.accept())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(accepted.1, client.local_addr().unwrap());
    drop(Executor::new().unwrap());
}
