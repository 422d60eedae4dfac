//! Does step 4's scheduler run on `Epoll` too? Only if it keeps to the contract: try first, and ask after that.
#![cfg(target_os = "linux")]

#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::net::UdpSocket;
use std::rc::Rc;

use step4_select::{Co, Generated, Scheduler, Socket, Turn};
use step7_epoll::Epoll;

#[test]
fn who_was_woken_finds_the_second_datagram_as_well() {
    watchdog::within_a_minute(|| {
        let main = Generated::new(async |co: &Co| {
            let socket = Rc::new(Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap());
            let to = socket.local_addr().unwrap();
            let reader = Generated::new(async move |co: &Co| {
                let mut buffer = [0; 1];
                for expected in [b"1", b"2"] {
                    socket.recv_from(co, &mut buffer).await.unwrap();
                    assert_eq!(&buffer, expected);
                }
            });
            let reader = co.spawn(reader).await;
            // By then it waits.
            co.yield_(Turn).await;
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            sender.send_to(b"1", to).unwrap();
            sender.send_to(b"2", to).unwrap();
            reader.join(co).await.unwrap();
        });
        Scheduler::with_selector(Epoll::new().unwrap())
            .run(main)
            .unwrap();
    });
}

#[test]
fn two_readers_alternate() {
    watchdog::within_a_minute(|| {
        let main = Generated::new(async |co: &Co| {
            let socket = Rc::new(Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap());
            let to = socket.local_addr().unwrap();
            let mut readers = Vec::new();
            for _ in 0..2 {
                let socket = socket.clone();
                let reader = Generated::new(async move |co: &Co| {
                    for _ in 0..100 {
                        socket.recv_from(co, &mut [0]).await.unwrap();
                    }
                });
                readers.push(co.spawn(reader).await);
            }
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            for _ in 0..100 {
                // Two at a time, so that none is lost for lack of room.
                sender.send_to(b"1", to).unwrap();
                sender.send_to(b"2", to).unwrap();
                co.yield_(Turn).await;
            }
            for reader in readers {
                reader.join(co).await.unwrap();
            }
        });
        Scheduler::with_selector(Epoll::new().unwrap())
            .run(main)
            .unwrap();
    });
}
