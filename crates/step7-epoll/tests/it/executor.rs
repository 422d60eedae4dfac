//! Does step 5's executor run on `Epoll` too?

use std::time::Duration;

use step5_executor::net::{TcpListener, TcpStream, UdpSocket};
use step5_executor::{Executor, sleep, spawn, timeout, yield_now};
use step7_epoll::Epoll;
use testing::watchdog::within_a_minute;

fn block_on(future: impl Future<Output = ()>) {
    let executor = Executor::with_selector(Epoll::new().unwrap()).unwrap();
    executor.block_on(future);
}

fn udp() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

#[test]
fn a_thousand_round_trips_lose_nothing() {
    within_a_minute(|| {
        block_on(async {
            let (here, there) = (udp(), udp());
            here.connect(there.local_addr().unwrap()).unwrap();
            there.connect(here.local_addr().unwrap()).unwrap();
            drop(spawn(async move {
                let mut buffer = [0; 4];
                loop {
                    there.recv(&mut buffer).await.unwrap();
                    there.send(&buffer).await.unwrap();
                }
            }));
            for round in 0..1_000_u32 {
                let mut buffer = [0; 4];
                here.send(&round.to_be_bytes()).await.unwrap();
                here.recv(&mut buffer).await.unwrap();
                assert_eq!(u32::from_be_bytes(buffer), round);
            }
        });
    });
}

#[test]
fn a_stream_that_fills_its_buffer_loses_nothing() {
    const LENGTH: usize = 8 << 20;
    within_a_minute(|| {
        block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let address = listener.local_addr().unwrap();
            let writer = spawn(async move {
                let stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(&vec![7; LENGTH]).await.unwrap();
                // Both directions of one socket.
                stream.read(&mut [0; 8]).await.unwrap()
            });
            let (stream, _) = listener.accept().await.unwrap();
            let (mut buffer, mut length) = (vec![0; 65_536], 0);
            while length < LENGTH {
                length += stream.read(&mut buffer).await.unwrap();
            }
            stream.write_all(b"done").await.unwrap();
            assert_eq!(writer.await.unwrap(), 4);
        });
    });
}

#[test]
fn a_read_and_a_write_wait_for_one_socket() {
    within_a_minute(|| {
        block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let stream = TcpStream::connect(listener.local_addr().unwrap());
            let (near, far) = (stream.await.unwrap(), listener.accept().await.unwrap().0);
            let near = std::rc::Rc::new(near);
            let same = near.clone();
            let reader = spawn(async move { same.read(&mut [0; 8]).await.unwrap() });
            let writer = spawn(async move { near.write_all(&vec![7; 8 << 20]).await.unwrap() });
            sleep(Duration::from_millis(5)).await;
            far.write_all(b"hello").await.unwrap();
            assert_eq!(reader.await.unwrap(), 5);
            assert!(!writer.is_finished());
            let mut buffer = vec![0; 65_536];
            while !writer.is_finished() {
                far.read(&mut buffer).await.unwrap();
                yield_now().await;
            }
            writer.await.unwrap();
        });
    });
}

#[test]
fn a_timed_out_receive_leaves_its_socket_usable() {
    within_a_minute(|| {
        block_on(async {
            let (here, there) = (udp(), udp());
            let to = here.local_addr().unwrap();
            for _ in 0..10 {
                let limit = Duration::from_millis(1);
                assert!(timeout(limit, here.recv(&mut [0; 4])).await.is_err());
                there.send_to(b"late", to).await.unwrap();
                assert_eq!(here.recv(&mut [0; 4]).await.unwrap(), 4);
            }
        });
    });
}
