//! Are all descriptors given back? This counts those of the whole process, so it is one test, alone
//! in its file.

use std::fs;
use std::future::pending;

use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{Executor, spawn, yield_now};

/// Returns how many descriptors are open. `None` where the system does not show them in a folder.
fn open() -> Option<usize> {
    fs::read_dir("/proc/self/fd")
        .or_else(|_| fs::read_dir("/dev/fd"))
        .ok()
        .map(Iterator::count)
}

/// Leaves sockets behind in tasks in every state.
async fn use_sockets() {
    let any = "127.0.0.1:0".parse().unwrap();
    let listener = TcpListener::bind(any).unwrap();
    let address = listener.local_addr().unwrap();
    let reader = |socket: UdpSocket| async move {
        socket.recv_from(&mut [0]).await.map(|received| received.0)
    };
    // One that waits, one that is aborted, one that ends, one that panics, and one that is never
    // polled.
    drop(spawn(reader(UdpSocket::bind(any).unwrap())));
    let aborted = spawn(reader(UdpSocket::bind(any).unwrap()));
    let ready = UdpSocket::bind(any).unwrap();
    ready
        .send_to(b"x", ready.local_addr().unwrap())
        .await
        .unwrap();
    let ready = spawn(reader(ready));
    let socket = UdpSocket::bind(any).unwrap();
    let panicking = spawn(async move {
        let _socket = socket;
        std::panic::resume_unwind(Box::new("as it was told"));
    });
    let server = spawn(async move {
        let (stream, _) = listener.accept().await?;
        stream.read(&mut [0; 16]).await
    });
    let client = TcpStream::connect(address).await.unwrap();
    yield_now().await;
    client.write_all(b"hello").await.unwrap();
    assert_eq!(server.await.unwrap().unwrap(), 5);
    aborted.abort();
    assert_eq!(ready.await.unwrap().unwrap(), 1);
    let panicked: Result<(), _> = panicking.await;
    assert!(panicked.unwrap_err().is_panic());
    drop(spawn(async move {
        let _client = client;
        pending::<()>().await;
    }));
}

#[test]
fn every_descriptor_is_given_back() {
    let Some(before) = open() else {
        eprintln!("skipped: the system does not show which descriptors are open");
        return;
    };
    for _ in 0..50 {
        let executor = Executor::new().unwrap();
        executor.block_on(use_sockets());
        drop(executor);
        assert_eq!(open(), Some(before));
    }
}
