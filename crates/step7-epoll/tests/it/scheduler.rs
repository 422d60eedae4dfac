//! Does step 4's scheduler run on `Epoll` too?

use std::net::UdpSocket;
use std::rc::Rc;

use step4_select::{Co, Direction, Scheduler, Socket};
use step7_epoll::Epoll;
use testing::selectors::Counting;
use testing::watchdog::within_a_minute;

fn run(main: impl AsyncFnOnce(Co) + 'static) {
    let scheduler = Scheduler::with_selector(Epoll::new().unwrap());
    scheduler.run(main).unwrap();
}

fn socket() -> Rc<Socket> {
    Rc::new(Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap())
}

#[test]
fn of_two_datagrams_none_is_lost() {
    within_a_minute(|| {
        run(async |co| {
            let socket = socket();
            let to = socket.local_addr().unwrap();
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            sender.send_to(b"1", to).unwrap();
            sender.send_to(b"2", to).unwrap();
            let mut buffer = [0; 1];
            for expected in [b"1", b"2"] {
                socket.recv_from(&co, &mut buffer).await.unwrap();
                assert_eq!(&buffer, expected);
            }
        });
    });
}

#[test]
fn two_readers_of_one_socket_alternate() {
    within_a_minute(|| {
        run(async |co| {
            let socket = socket();
            let to = socket.local_addr().unwrap();
            let mut readers = Vec::new();
            for _ in 0..2 {
                let socket = socket.clone();
                let reader = async move |co: Co| {
                    for _ in 0..100 {
                        socket.recv_from(&co, &mut [0]).await.unwrap();
                    }
                };
                readers.push(co.spawn(reader).await);
            }
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            for _ in 0..100 {
                // Two at a time, so that none is lost for lack of room.
                sender.send_to(b"1", to).unwrap();
                sender.send_to(b"2", to).unwrap();
                co.turn().await;
            }
            for reader in readers {
                reader.join(&co).await.unwrap();
            }
        });
    });
}

#[test]
fn a_run_continues_after_a_cancelled_waiter() {
    within_a_minute(|| {
        let (selector, counts) = Counting::new(Epoll::new().unwrap());
        let main = async |co: Co| {
            for _ in 0..10 {
                let waiter = async |co: Co| socket().recv_from(&co, &mut [0]).await.is_ok();
                let waiter = co.spawn(waiter).await;
                co.turn().await;
                // Its socket is closed with it, and the next one has the same number.
                waiter.cancel(&co).await;
            }
            let last = socket();
            let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
            sender.send_to(b"1", last.local_addr().unwrap()).unwrap();
            last.recv_from(&co, &mut [0]).await.unwrap();
        };
        Scheduler::with_selector(selector).run(main).unwrap();
        assert_eq!((counts.arms(Direction::Read), counts.disarms()), (11, 10));
        assert_eq!(counts.armed(), 0);
    });
}
