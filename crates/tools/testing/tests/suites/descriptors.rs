//! Are all descriptors given back?

use std::fs;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::{Poll, Waker};
use std::time::Duration;

use testing::foreign::poll_with;
use testing::process::alone;

use crate::executor::net::{TcpListener, TcpStream, UdpSocket};
use crate::executor::{Executor, hold_clock, sleep, spawn, yield_now};

/// Returns how many descriptors are open. `None` where the system does not show them in a folder.
fn open() -> Option<usize> {
    let folder = fs::read_dir("/proc/self/fd").or_else(|_| fs::read_dir("/dev/fd"));
    folder.ok().map(Iterator::count)
}

/// Leaves sockets behind in tasks in every state.
async fn use_sockets() {
    let any = "127.0.0.1:0".parse().unwrap();
    let bind = || UdpSocket::bind(any).unwrap();
    let listener = TcpListener::bind(any).unwrap();
    let address = listener.local_addr().unwrap();
    let reader = |socket: UdpSocket| async move {
        let received = socket.recv_from(&mut [0]).await;
        received.map(|(length, _)| length)
    };
    // One that waits, one that is aborted, one that ends, one that panics, and one that is never
    // polled.
    drop(spawn(reader(bind())));
    let aborted = spawn(reader(bind()));
    let ready = bind();
    let to = ready.local_addr().unwrap();
    ready.send_to(b"x", to).await.unwrap();
    let ready = spawn(reader(ready));
    let socket = bind();
    let panicking = spawn(async move {
        let _socket = socket;
        panic!("as it was told");
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

/// Promise (resources): Every descriptor is given back, whatever became of its task.
#[test]
fn every_descriptor_is_given_back() {
    alone(|| {
        let Some(before) = open() else {
            eprintln!("skipped: the system does not show which descriptors are open");
            return;
        };
        for _ in 0..20 {
            Executor::new().unwrap().block_on(use_sockets());
            assert_eq!(open(), Some(before));
        }
        // What outlives an executor keeps none of its descriptors.
        let any = "127.0.0.1:0".parse().unwrap();
        let socket = &UdpSocket::bind(any).unwrap();
        let before = open();
        let mut kept = Vec::new();
        for _ in 0..300 {
            let executor = Executor::new().unwrap();
            let task = executor.spawn(pending::<()>());
            kept.push(executor.block_on(async {
                let mut nap = sleep(Duration::from_secs(60));
                assert!(poll_with(Pin::new(&mut nap), Waker::noop()).is_pending());
                let mut receive = Box::pin(async { socket.recv(&mut [0]).await });
                assert!(poll_with(receive.as_mut(), Waker::noop()).is_pending());
                let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone()));
                (
                    nap,
                    receive,
                    waker.await,
                    hold_clock(),
                    task.abort_handle(),
                    task,
                )
            }));
        }
        assert_eq!(open(), before, "{} are kept", kept.len());
    });
}
