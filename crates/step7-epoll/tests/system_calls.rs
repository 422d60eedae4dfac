//! How many system calls does it take? One to register, one more for whoever has to wait to write, and one to wait.

#[path = "support/shared.rs"]
mod shared;
#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::io::{ErrorKind, Write};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::time::{Duration, Instant};

use shared::Shared;
use step4_select::{Direction, Selector, Token, Until};
use step5_executor::net::{TcpListener, TcpStream, UdpSocket};
use step5_executor::spawn;
use step7_epoll::Epoll;
use watchdog::within_a_minute;

/// Writes until it would block.
fn fill(mut stream: &UnixStream) {
    let error = loop {
        if let Err(error) = stream.write(&[0; 65_536]) {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

#[test]
fn arming_for_reading_is_no_system_call() {
    let (socket, peer) = UnixDatagram::pair().unwrap();
    socket.set_nonblocking(true).unwrap();
    let mut selector = Epoll::new().unwrap();
    let before = selector.controls();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    assert_eq!(selector.controls() - before, 1);

    for _ in 0..10 {
        assert_eq!(
            socket.recv(&mut [0]).unwrap_err().kind(),
            ErrorKind::WouldBlock
        );
        selector
            .arm(socket.as_fd(), Token(1), Direction::Read)
            .unwrap();
        selector.disarm(socket.as_fd(), Token(1), Direction::Read);
        selector
            .arm(socket.as_fd(), Token(1), Direction::Read)
            .unwrap();
        peer.send(b"a").unwrap();
        selector.wait(Until::Event, &mut Vec::new()).unwrap();
        assert_eq!(socket.recv(&mut [0]).unwrap(), 1);
    }
    assert_eq!(selector.controls() - before, 1);
    assert_eq!(selector.calls(), 10);
}

#[test]
fn writing_is_asked_for_once_a_registration() {
    let (socket, _peer) = UnixStream::pair().unwrap();
    socket.set_nonblocking(true).unwrap();
    let mut selector = Epoll::new().unwrap();
    for _registration in 0..2 {
        selector.register(socket.as_fd(), Token(1)).unwrap();
        let before = selector.controls();
        for _ in 0..10 {
            fill(&socket);
            selector
                .arm(socket.as_fd(), Token(1), Direction::Write)
                .unwrap();
            selector.disarm(socket.as_fd(), Token(1), Direction::Write);
        }
        assert_eq!(selector.controls() - before, 1);
        selector.deregister(socket.as_fd(), Token(1)).unwrap();
        assert_eq!(selector.controls() - before, 2);
    }
}

/// Waits in vain, and returns how many system calls that took.
fn calls_of_an_idle_wait(selector: &mut Epoll) -> u64 {
    let before = selector.calls();
    let deadline = Instant::now() + Duration::from_millis(10);
    let mut events = Vec::new();
    selector
        .wait(Until::Deadline(deadline), &mut events)
        .unwrap();
    assert_eq!(events, []);
    selector.calls() - before
}

/// Classic bug: "write interest held while idle". When a datagram is read, its sender has more room, and if the sender
/// had asked for that, its next wait would be disturbed.
#[test]
fn write_interest_held_while_idle() {
    within_a_minute(|| {
        let (socket, peer) = UnixDatagram::pair().unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut selector = Epoll::new().unwrap();
        // The first wait takes one more where the exact call is refused.
        calls_of_an_idle_wait(&mut selector);
        selector.register(socket.as_fd(), Token(1)).unwrap();
        assert_eq!(
            socket.recv(&mut [0]).unwrap_err().kind(),
            ErrorKind::WouldBlock
        );
        selector
            .arm(socket.as_fd(), Token(1), Direction::Read)
            .unwrap();
        socket.send(b"a").unwrap();
        peer.recv(&mut [0]).unwrap();
        assert_eq!(calls_of_an_idle_wait(&mut selector), 1);
    });
}

#[test]
fn room_that_is_there_all_the_time_disturbs_no_wait() {
    within_a_minute(|| {
        let (socket, peer) = UnixStream::pair().unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut selector = Epoll::new().unwrap();
        calls_of_an_idle_wait(&mut selector);
        selector.register(socket.as_fd(), Token(1)).unwrap();
        fill(&socket);
        // Now writing is asked for, and stays asked for.
        selector
            .arm(socket.as_fd(), Token(1), Direction::Write)
            .unwrap();
        selector.disarm(socket.as_fd(), Token(1), Direction::Write);
        drop(peer);
        // One that drops the change, and one that waits.
        assert_eq!(calls_of_an_idle_wait(&mut selector), 2);
        assert_eq!(calls_of_an_idle_wait(&mut selector), 1);
    });
}

#[test]
fn a_udp_round_trip_of_two_tasks_is_two_waits_and_changes_nothing_in_the_set() {
    within_a_minute(|| {
        const ROUND_TRIPS: u64 = 1_000;
        let (executor, selector) = Shared::executor();
        executor.block_on(async {
            let any = "127.0.0.1:0".parse().unwrap();
            let (here, there) = (UdpSocket::bind(any).unwrap(), UdpSocket::bind(any).unwrap());
            here.connect(there.local_addr().unwrap()).unwrap();
            there.connect(here.local_addr().unwrap()).unwrap();
            drop(spawn(async move {
                loop {
                    there.recv(&mut [0]).await.unwrap();
                    there.send(&[1]).await.unwrap();
                }
            }));
            let round_trip = async || {
                here.send(&[0]).await.unwrap();
                here.recv(&mut [0]).await.unwrap();
            };
            // Each socket is registered at its first wait.
            round_trip().await;
            let (calls, controls) = (selector.calls(), selector.controls());
            for _ in 0..ROUND_TRIPS {
                round_trip().await;
            }
            assert_eq!(selector.controls(), controls);
            // One for either task; and at most one more in all, where the first exact one was refused.
            let calls = selector.calls() - calls;
            assert!(
                calls <= 2 * ROUND_TRIPS + 1,
                "{calls} waits in {ROUND_TRIPS} round trips"
            );
        });
    });
}

#[test]
fn a_connection_in_an_executor_is_two_registrations_and_one_for_writing() {
    within_a_minute(|| {
        let (executor, selector) = Shared::executor();
        let before = selector.controls();
        executor.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let address = listener.local_addr().unwrap();
            let client = spawn(async move {
                let stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(b"hello").await.unwrap();
                stream.read(&mut [0]).await.unwrap()
            });
            let (stream, _) = listener.accept().await.unwrap();
            let mut filled = 0;
            while filled < 5 {
                filled += stream.read(&mut [0; 5]).await.unwrap();
            }
            drop(stream);
            assert_eq!(client.await.unwrap(), 0);
        });
        // Listener, client and server, each registered and deregistered at most once, and one connect to wait for.
        let controls = selector.controls() - before;
        assert!(controls <= 7, "{controls} changes of the set");
    });
}
