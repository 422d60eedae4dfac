use std::collections::VecDeque;
use std::io;
use std::net::UdpSocket;
use std::os::fd::RawFd;
use std::time::Duration;

use step4_select::{Direction, Event, Select, Selector};

use super::receive;

const ALL: &str = "three bursts of one, two and three datagrams are received whole, in order";

/// A selector that sends datagrams during its waits, a burst in each. Once there are no more, its
/// waits end without an event.
struct Scripted<S> {
    selector: S,
    sender: UdpSocket,
    bursts: VecDeque<Vec<u8>>,
    waits: u32,
}

impl<S: Selector> Selector for Scripted<S> {
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        self.selector.arm(fd, direction)
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        self.selector.disarm(fd, direction);
    }

    fn wait(&mut self, _: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        self.waits += 1;
        for byte in self.bursts.pop_front().into_iter().flatten() {
            self.sender.send(&[byte])?;
        }
        self.selector.wait(Some(Duration::from_millis(20)), events)
    }
}

/// Receives these bursts on a selector. Returns what came, and how many waits that took.
fn received(selector: impl Selector, bursts: &[&[u8]]) -> (Vec<u8>, u32) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(socket.local_addr().unwrap()).unwrap();
    let mut selector = Scripted {
        selector,
        sender,
        bursts: bursts.iter().map(|burst| burst.to_vec()).collect(),
        waits: 0,
    };
    let count = bursts.concat().len();
    let received = receive(&mut selector, &socket, count).unwrap();
    (received, selector.waits)
}

#[test]
fn on_select_all_is_received() {
    let (all, _) = received(Select::new().unwrap(), &[&[1], &[2, 3], &[4, 5, 6]]);
    assert_eq!(all, [1, 2, 3, 4, 5, 6], "{ALL}");
}

#[test]
fn on_level_triggered_epoll_all_is_received() {
    let epoll = step7_epoll::Epoll::new().unwrap();
    let (all, _) = received(epoll, &[&[1], &[2, 3], &[4, 5, 6]]);
    assert_eq!(all, [1, 2, 3, 4, 5, 6], "{ALL}");
}

#[test]
fn on_edge_triggered_epoll_all_is_received() {
    let epoll = step8_fast_executor::Epoll::new().unwrap();
    let (all, _) = received(epoll, &[&[1], &[2, 3], &[4, 5, 6]]);
    assert_eq!(all, [1, 2, 3, 4, 5, 6], "{ALL}");
}

#[test]
fn it_waits_once_a_burst() {
    let epoll = step8_fast_executor::Epoll::new().unwrap();
    let (_, waits) = received(epoll, &[&[1], &[2, 3], &[4, 5, 6]]);
    assert_eq!(
        waits, 3,
        "three bursts are three waits: each burst is read to its end"
    );
}
