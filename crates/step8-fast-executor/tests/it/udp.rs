//! What does a UDP socket do?

use std::io::ErrorKind;
use std::rc::Rc;
use std::time::Duration;

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{spawn, timeout};
use testing::foreign::turns;

use crate::support::{run, sender, udp};

#[test]
fn datagrams_go_there_and_back() {
    run(async || {
        let (here, there) = (udp(), udp());
        let (near, far) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        let echo = spawn(async move {
            let mut buffer = [0; 64];
            for _ in 0..100 {
                let (length, from) = there.recv_from(&mut buffer).await.unwrap();
                assert_eq!(from, near);
                there.send_to(&buffer[..length], from).await.unwrap();
            }
        });
        for i in 0..100_u8 {
            assert_eq!(here.send_to(&[i, i], far).await.unwrap(), 2);
            let mut buffer = [0; 64];
            assert_eq!(here.recv_from(&mut buffer).await.unwrap(), (2, far));
            assert_eq!(buffer[..2], [i, i]);
        }
        echo.await.unwrap();
    });
}

#[test]
fn connected_socket_hears_only_its_peer() {
    run(async || {
        let (here, there, stranger) = (udp(), udp(), udp());
        here.connect(there.local_addr().unwrap()).unwrap();
        there.connect(here.local_addr().unwrap()).unwrap();
        stranger
            .send_to(b"spam", here.local_addr().unwrap())
            .await
            .unwrap();
        assert_eq!(there.send(b"hello").await.unwrap(), 5);
        let mut buffer = [0; 16];
        assert_eq!(here.recv(&mut buffer).await.unwrap(), 5);
        assert_eq!(&buffer[..5], b"hello");
        assert!(
            timeout(Duration::ZERO, here.recv(&mut buffer))
                .await
                .is_err()
        );
    });
}

/// Returns a connected socket that has no peer at its other end.
fn to_nobody() -> UdpSocket {
    let (here, gone) = (udp(), udp());
    here.connect(gone.local_addr().unwrap()).unwrap();
    here
}

#[test]
fn a_connected_socket_learns_that_nobody_listens() {
    run(async || {
        let socket = to_nobody();
        socket.send(b"hello?").await.unwrap();
        assert_eq!(
            socket.recv(&mut [0; 16]).await.unwrap_err().kind(),
            ErrorKind::ConnectionRefused
        );
        socket.send(b"hello?").await.unwrap();
        assert_eq!(
            socket.send(b"hello?").await.unwrap_err().kind(),
            ErrorKind::ConnectionRefused
        );
    });
}

#[test]
fn who_waits_already_learns_that_nobody_listens() {
    run(async || {
        let socket = Rc::new(to_nobody());
        let reader = spawn({
            let socket = socket.clone();
            async move { socket.recv(&mut [0; 16]).await }
        });
        turns(2).await;
        socket.send(b"hello?").await.unwrap();
        assert_eq!(
            reader.await.unwrap().unwrap_err().kind(),
            ErrorKind::ConnectionRefused
        );
    });
}

#[test]
fn sending_without_a_peer_is_an_error() {
    run(async || assert!(udp().send(b"x").await.is_err()));
}

#[test]
fn a_datagram_too_long_to_send_is_an_error() {
    run(async || {
        let socket = udp();
        let to = socket.local_addr().unwrap();
        assert!(socket.send_to(&[0; 70_000], to).await.is_err());
    });
}

#[test]
fn what_does_not_fit_the_buffer_is_cut_off() {
    run(async || {
        let (here, there) = (udp(), udp());
        let to = here.local_addr().unwrap();
        there.send_to(b"hello", to).await.unwrap();
        there.send_to(b"world", to).await.unwrap();
        let mut buffer = [0; 2];
        assert_eq!(here.recv_from(&mut buffer).await.unwrap().0, 2);
        assert_eq!(&buffer, b"he");
        assert_eq!(here.recv_from(&mut buffer).await.unwrap().0, 2);
        assert_eq!(&buffer, b"wo");
    });
}

#[test]
fn an_empty_datagram_is_a_datagram() {
    run(async || {
        let socket = udp();
        let sender = sender(&socket);
        sender.send(b"").unwrap();
        sender.send(b"").unwrap();
        sender.send(b"x").unwrap();
        assert_eq!(socket.recv_from(&mut [7]).await.unwrap().0, 0);
        assert_eq!(socket.recv(&mut []).await.unwrap(), 0);
        assert_eq!(socket.recv(&mut [7]).await.unwrap(), 1);
    });
}

#[test]
fn an_address_in_use_is_an_error() {
    let socket = udp();
    let again = UdpSocket::bind(socket.local_addr().unwrap());
    assert_eq!(again.unwrap_err().kind(), ErrorKind::AddrInUse);
}

#[test]
fn two_tasks_use_the_two_directions_at_once() {
    run(async || {
        let (here, there) = (Rc::new(udp()), udp());
        let (near, far) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        let reader = spawn({
            let here = here.clone();
            async move {
                for _ in 0..50 {
                    here.recv_from(&mut [0]).await.unwrap();
                }
            }
        });
        turns(2).await;
        // The reader waits, and does not keep the writer from writing.
        for _ in 0..50 {
            here.send_to(b"1", far).await.unwrap();
            there.recv_from(&mut [0]).await.unwrap();
            there.send_to(b"2", near).await.unwrap();
        }
        reader.await.unwrap();
    });
}
