//! What if a socket is closed before it is disarmed? That breaks the contract, but other sockets go
//! on working, and the number can be used again. This relies on the numbers of all descriptors of
//! the process, so it is one test, alone in its file.
#![cfg(target_os = "linux")]

use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use step4_select::{Direction, Event, Selector};
use step8_fast_executor::Epoll;
use testing::watchdog::within_a_minute;

const READ: Direction = Direction::Read;

fn readable(socket: &impl AsRawFd) -> Event {
    Event {
        fd: socket.as_raw_fd(),
        direction: READ,
    }
}

fn wait(selector: &mut Epoll, timeout: Option<Duration>) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(timeout, &mut events).unwrap();
    events
}

#[test]
fn closed_descriptor_is_silent_and_can_be_reused() {
    within_a_minute(close_behind_its_back);
}

fn close_behind_its_back() {
    let now = Some(Duration::ZERO);
    let mut selector = Epoll::new().unwrap();
    let (first, _to_first) = UnixDatagram::pair().unwrap();
    let (second, to_second) = UnixDatagram::pair().unwrap();
    for socket in [&first, &second] {
        selector.arm(socket.as_raw_fd(), READ).unwrap();
    }
    let number = first.as_raw_fd();
    drop(first);
    assert_eq!(wait(&mut selector, now), []);
    to_second.send(b"a").unwrap();
    assert_eq!(wait(&mut selector, None), [readable(&second)]);

    // The number is another socket's now. Once what was armed for the old one is taken back, it
    // works.
    let (third, to_third) = UnixDatagram::pair().unwrap();
    let (third, to_third) = if third.as_raw_fd() == number {
        (third, to_third)
    } else {
        (to_third, third)
    };
    let found = third.as_raw_fd();
    assert_eq!(found, number, "the lowest free number is given out first");
    selector.disarm(number, READ);
    selector.arm(number, READ).unwrap();
    to_third.send(b"a").unwrap();
    assert_eq!(wait(&mut selector, None), [readable(&third)]);

    // A copy keeps the old socket in the kernel's set, under a number that is gone. What comes from
    // there is a false hint, and no more.
    let copy: OwnedFd = third.try_clone().unwrap().into();
    let hint = readable(&third);
    selector.arm(number, READ).unwrap();
    drop(third);
    to_third.send(b"b").unwrap();
    assert_eq!(wait(&mut selector, None), [hint]);
    drop(copy);
    assert_eq!(wait(&mut selector, now), []);
}
