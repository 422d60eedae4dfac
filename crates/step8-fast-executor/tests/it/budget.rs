//! How much may a task do in a poll, if its sockets are always ready? 128 operations.

use std::cell::Cell;
use std::rc::Rc;
use std::task::Poll;

use step8_fast_executor::net::{TcpListener, TcpStream};
use step8_fast_executor::{spawn, yield_now};

use crate::support::{run, sender, udp};

/// Spawns a task that sends without end, and does `between` after each datagram. Returns what it
/// counts.
fn flood(between: impl AsyncFn() + 'static) -> Rc<Cell<u32>> {
    let sent = Rc::new(Cell::new(0));
    let count = sent.clone();
    drop(spawn(async move {
        let (from, to) = (udp(), udp());
        let address = to.local_addr().unwrap();
        loop {
            // What does not fit in the receiver's buffer is lost, so this never has to wait.
            from.send_to(b"flood", address).await.unwrap();
            count.set(count.get() + 1);
            between().await;
        }
    }));
    sent
}

/// Counts after each of five turns.
async fn seen(sent: Rc<Cell<u32>>) -> Vec<u32> {
    let mut seen = vec![];
    for _ in 0..5 {
        seen.push(sent.get());
        yield_now().await;
    }
    seen
}

/// A socket that always has something ready gives its task 128 operations a poll.
///
/// Promise (order): A flooded socket starves no task.
#[test]
fn flooded_socket_starves_no_task() {
    run(async || assert_eq!(seen(flood(async || ())).await, [0, 128, 256, 384, 512]));
}

#[test]
fn spawns_and_wakes_do_not_renew_the_budget() {
    run(async || {
        let sent = flood(async || {
            let task = spawn(async {});
            std::future::poll_fn(|cx| {
                cx.waker().wake_by_ref();
                Poll::Ready(())
            })
            .await;
            task.abort();
        });
        assert_eq!(seen(sent).await, [0, 128, 256, 384, 512]);
    });
}

#[test]
fn a_flood_that_is_received_yields_too() {
    run(async || {
        let socket = udp();
        let sender = sender(&socket);
        let received = Rc::new(Cell::new(0));
        let count = received.clone();
        drop(spawn(async move {
            loop {
                socket.recv_from(&mut [0]).await.unwrap();
                count.set(count.get() + 1);
            }
        }));
        // Few enough to fit in the receiver's buffer, before it is polled.
        for _ in 0..200 {
            sender.send(b"1").unwrap();
        }
        assert_eq!(seen(received).await, [0, 128, 200, 200, 200]);
    });
}

#[test]
fn a_stream_that_is_always_ready_yields_too() {
    run(async || {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let here = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (there, _) = listener.accept().await.unwrap();
        there.write_all(&[0; 1_000]).await.unwrap();
        let read = Rc::new(Cell::new(0));
        let count = read.clone();
        drop(spawn(async move {
            while here.read(&mut [0]).await.unwrap() > 0 {
                count.set(count.get() + 1);
            }
        }));
        assert_eq!(seen(read).await, [0, 128, 256, 384, 512]);
    });
}
