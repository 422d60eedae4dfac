//! Can one task starve the others: the sleepers, the sockets, the tasks?

use std::cell::Cell;
use std::net::UdpSocket;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step4_select::{Co, Scheduler, Socket};
use testing::watchdog::watch;

fn socket() -> Socket {
    Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// Promise (order): A task that is always ready starves no timer, no socket and no wake from
/// another thread.
///
/// Classic bug: A task that is always ready starves timers and sockets
#[test]
fn a_busy_task_starves_no_sleeper_and_no_socket() {
    let start = Instant::now();
    let delay = Duration::from_millis(10);
    let main = async move |co: Co| {
        let served = Rc::new(Cell::new(0));
        let socket = socket();
        let to = socket.local_addr().unwrap();
        let count = served.clone();
        co.spawn(async move |co: Co| {
            socket.recv_from(&co, &mut [0]).await.unwrap();
            count.set(count.get() + 1);
        })
        .await;
        let count = served.clone();
        co.spawn(async move |co: Co| {
            co.sleep(delay).await;
            count.set(count.get() + 1);
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            sender.send_to(b"1", to).unwrap();
        })
        .await;
        while served.get() < 2 {
            let elapsed = start.elapsed();
            assert!(elapsed < Duration::from_secs(30), "{served:?} of 2");
            co.turn().await;
        }
    };
    let _watch = watch();
    Scheduler::new().unwrap().run(main).unwrap();
    assert!(start.elapsed() >= delay);
}

/// Each receive takes a turn, though the next datagram is there already.
///
/// Promise (order): A flooded socket starves no task.
#[test]
fn a_flooded_socket_starves_no_task() {
    let main = async |co: Co| {
        let received = Rc::new(Cell::new(0));
        let count = received.clone();
        let socket = socket();
        let to = socket.local_addr().unwrap();
        let flood = UdpSocket::bind("127.0.0.1:0").unwrap();
        for _ in 0..50 {
            flood.send_to(b"flood", to).unwrap();
        }
        let receiver = co.spawn(async move |co: Co| {
            loop {
                socket.recv_from(&co, &mut [0]).await.unwrap();
                count.set(count.get() + 1);
            }
        });
        let receiver = receiver.await;
        let mut seen = Vec::new();
        for _ in 0..5 {
            co.turn().await;
            seen.push(received.get());
        }
        receiver.cancel(&co).await;
        seen
    };
    let _watch = watch();
    let seen = Scheduler::new().unwrap().run(main);
    assert_eq!(seen, Ok(vec![0, 0, 1, 2, 3]));
}
