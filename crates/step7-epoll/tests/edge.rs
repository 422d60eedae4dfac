//! What does edge-triggered mean? The kernel reports a change once, and whoever asks too late waits for the next one.
//! Whoever tries first never asks too late.

#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::io::{ErrorKind, Read, Write};
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use step4_select::{Direction, Event, Select, Selector, Token, Until};
use step7_epoll::Epoll;
use watchdog::within_a_minute;

const READ: Direction = Direction::Read;
const WRITE: Direction = Direction::Write;

/// A socket that does not block, and one that sends to it. What is sent has arrived when `send` returns.
fn udp() -> (UdpSocket, UdpSocket) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.connect(socket.local_addr().unwrap()).unwrap();
    (socket, peer)
}

fn try_in_vain(socket: &UdpSocket) {
    assert_eq!(
        socket.recv(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
}

fn receive(socket: &UdpSocket) -> u8 {
    let mut buffer = [0];
    socket.recv(&mut buffer).unwrap();
    buffer[0]
}

fn wait(selector: &mut dyn Selector, until: Until) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(until, &mut events).unwrap();
    events
}

fn readable(token: u64) -> Event {
    Event {
        token: Token(token),
        readable: true,
        writable: false,
    }
}

#[test]
fn of_two_datagrams_and_one_read_none_is_lost() {
    within_a_minute(|| {
        let (socket, peer) = udp();
        let mut selector = Epoll::new().unwrap();
        selector.register(socket.as_fd(), Token(1)).unwrap();
        try_in_vain(&socket);
        selector.arm(socket.as_fd(), Token(1), READ).unwrap();
        peer.send(&[1]).unwrap();
        peer.send(&[2]).unwrap();
        assert_eq!(wait(&mut selector, Until::Event), [readable(1)]);
        assert_eq!(receive(&socket), 1);
        // The next one tries first, and finds the second datagram without any event.
        assert_eq!(receive(&socket), 2);
        try_in_vain(&socket);
        selector.arm(socket.as_fd(), Token(1), READ).unwrap();
        peer.send(&[3]).unwrap();
        assert_eq!(wait(&mut selector, Until::Event), [readable(1)]);
        assert_eq!(receive(&socket), 3);
    });
}

/// It is against the contract. `Select` forgives it, so this is where the two differ.
#[test]
fn who_arms_without_a_try_may_wait_in_vain() {
    within_a_minute(|| {
        let second_is_reported = |selector: &mut dyn Selector| {
            let (socket, peer) = udp();
            selector.register(socket.as_fd(), Token(1)).unwrap();
            try_in_vain(&socket);
            selector.arm(socket.as_fd(), Token(1), READ).unwrap();
            peer.send(&[1]).unwrap();
            peer.send(&[2]).unwrap();
            assert_eq!(wait(selector, Until::Event), [readable(1)]);
            assert_eq!(receive(&socket), 1);
            selector.arm(socket.as_fd(), Token(1), READ).unwrap();
            wait(selector, Until::Now) == [readable(1)]
        };
        assert!(second_is_reported(&mut Select::new().unwrap()));
        assert!(!second_is_reported(&mut Epoll::new().unwrap()));
    });
}

#[test]
fn what_comes_between_the_try_and_the_arming_is_reported() {
    within_a_minute(|| {
        let (socket, peer) = udp();
        let mut selector = Epoll::new().unwrap();
        selector.register(socket.as_fd(), Token(1)).unwrap();
        for round in 0..3 {
            try_in_vain(&socket);
            peer.send(&[round]).unwrap();
            selector.arm(socket.as_fd(), Token(1), READ).unwrap();
            assert_eq!(wait(&mut selector, Until::Event), [readable(1)]);
            assert_eq!(receive(&socket), round);
        }
    });
}

/// The executor of step 5 registers a socket at its first wait, so after the first try.
#[test]
fn what_comes_between_the_try_and_the_registration_is_reported() {
    within_a_minute(|| {
        let (socket, peer) = udp();
        let mut selector = Epoll::new().unwrap();
        try_in_vain(&socket);
        peer.send(&[1]).unwrap();
        selector.register(socket.as_fd(), Token(1)).unwrap();
        selector.arm(socket.as_fd(), Token(1), READ).unwrap();
        assert_eq!(wait(&mut selector, Until::Event), [readable(1)]);
    });
}

/// A change is dropped when nobody is armed, and so is what a waiter had armed before it went.
#[test]
fn who_comes_after_a_dropped_change_finds_it_by_trying() {
    within_a_minute(|| {
        let (socket, peer) = udp();
        let mut selector = Epoll::new().unwrap();
        selector.register(socket.as_fd(), Token(1)).unwrap();
        try_in_vain(&socket);
        selector.arm(socket.as_fd(), Token(1), READ).unwrap();
        selector.disarm(socket.as_fd(), Token(1), READ);
        peer.send(&[1]).unwrap();
        assert_eq!(wait(&mut selector, Until::Now), []);

        assert_eq!(receive(&socket), 1);
        try_in_vain(&socket);
        peer.send(&[2]).unwrap();
        selector.arm(socket.as_fd(), Token(1), READ).unwrap();
        assert_eq!(wait(&mut selector, Until::Event), [readable(1)]);
        assert_eq!(receive(&socket), 2);
    });
}

/// Nor does it end a wait, just as `select` would not.
#[test]
fn a_change_for_which_nobody_is_armed_does_not_end_a_wait() {
    within_a_minute(|| {
        let (socket, peer) = udp();
        let mut selector = Epoll::new().unwrap();
        selector.register(socket.as_fd(), Token(1)).unwrap();
        peer.send(&[1]).unwrap();
        let deadline = Instant::now() + Duration::from_millis(20);
        assert_eq!(wait(&mut selector, Until::Deadline(deadline)), []);
        assert!(Instant::now() >= deadline);
        // One that drops the change, one that waits; and at most one more, where the exact one was refused.
        assert!(selector.calls() <= 3, "{} calls", selector.calls());
    });
}

fn fill(mut stream: &UnixStream) {
    let error = loop {
        if let Err(error) = stream.write(&[0; 65_536]) {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

fn empty(mut stream: &UnixStream) {
    let mut buffer = vec![0; 65_536];
    while stream.read(&mut buffer).is_ok() {}
}

fn streams() -> (UnixStream, UnixStream) {
    let (socket, peer) = UnixStream::pair().unwrap();
    socket.set_nonblocking(true).unwrap();
    peer.set_nonblocking(true).unwrap();
    (socket, peer)
}

/// In the first round writing is not asked for yet: asking reports what is so. In later rounds it is a change like any
/// other.
#[test]
fn room_that_is_made_between_the_try_and_the_arming_is_reported() {
    within_a_minute(|| {
        let (socket, peer) = streams();
        let mut selector = Epoll::new().unwrap();
        selector.register(socket.as_fd(), Token(1)).unwrap();
        for _round in 0..3 {
            fill(&socket);
            empty(&peer);
            selector.arm(socket.as_fd(), Token(1), WRITE).unwrap();
            let events = wait(&mut selector, Until::Event);
            assert_eq!(
                events,
                [Event {
                    token: Token(1),
                    readable: false,
                    writable: true
                }]
            );
        }
    });
}

/// Asking for writing makes the kernel look at both directions again.
#[test]
fn arming_for_writing_takes_nothing_from_who_reads() {
    within_a_minute(|| {
        let (socket, peer) = streams();
        let mut selector = Epoll::new().unwrap();
        selector.register(socket.as_fd(), Token(1)).unwrap();
        fill(&socket);
        selector.arm(socket.as_fd(), Token(1), READ).unwrap();
        (&peer).write_all(b"a").unwrap();
        selector.arm(socket.as_fd(), Token(1), WRITE).unwrap();
        assert_eq!(wait(&mut selector, Until::Event), [readable(1)]);
        empty(&peer);
        let events = wait(&mut selector, Until::Event);
        assert_eq!(
            events,
            [Event {
                token: Token(1),
                readable: false,
                writable: true
            }]
        );
    });
}

#[test]
fn an_interest_in_writing_is_one_shot() {
    within_a_minute(|| {
        let (socket, peer) = streams();
        let mut selector = Epoll::new().unwrap();
        selector.register(socket.as_fd(), Token(1)).unwrap();
        fill(&socket);
        selector.arm(socket.as_fd(), Token(1), WRITE).unwrap();
        empty(&peer);
        assert_eq!(wait(&mut selector, Until::Event).len(), 1);
        // A change like the one before, and nobody is armed.
        fill(&socket);
        empty(&peer);
        assert_eq!(wait(&mut selector, Until::Now), []);
    });
}
