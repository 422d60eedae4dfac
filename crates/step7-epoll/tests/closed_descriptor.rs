//! What if a socket is closed before it is deregistered? That is against the contract; the others go on, and the number
//! can be used again. This relies on the numbers of all descriptors of the process, so it is one test, alone in its
//! file.

#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::io::ErrorKind;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixDatagram;

use step4_select::{Direction, Event, Selector, Token, Until};
use step7_epoll::Epoll;

const READ: Direction = Direction::Read;

fn readable(token: u64) -> Event {
    Event {
        token: Token(token),
        readable: true,
        writable: false,
    }
}

fn wait(selector: &mut Epoll, until: Until) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(until, &mut events).unwrap();
    events
}

#[test]
fn a_closed_descriptor_is_silent_and_its_number_can_be_used_again() {
    watchdog::within_a_minute(close_behind_its_back);
}

fn close_behind_its_back() {
    let mut selector = Epoll::new().unwrap();
    let (first, _to_first) = UnixDatagram::pair().unwrap();
    let (second, to_second) = UnixDatagram::pair().unwrap();
    for (token, socket) in [(1, &first), (2, &second)] {
        selector.register(socket.as_fd(), Token(token)).unwrap();
        selector.arm(socket.as_fd(), Token(token), READ).unwrap();
    }
    let number = first.as_raw_fd();
    drop(first);
    assert_eq!(wait(&mut selector, Until::Now), []);
    to_second.send(b"a").unwrap();
    assert_eq!(wait(&mut selector, Until::Event), [readable(2)]);

    // The number is another socket's now, and taken until the old registration is gone.
    let (third, to_third) = UnixDatagram::pair().unwrap();
    let (third, to_third) = if third.as_raw_fd() == number {
        (third, to_third)
    } else {
        (to_third, third)
    };
    assert_eq!(
        third.as_raw_fd(),
        number,
        "the lowest free number is given out first"
    );
    assert_eq!(
        selector
            .register(third.as_fd(), Token(3))
            .unwrap_err()
            .kind(),
        ErrorKind::AlreadyExists
    );
    assert_eq!(
        selector
            .arm(third.as_fd(), Token(1), Direction::Write)
            .unwrap_err()
            .kind(),
        ErrorKind::NotFound
    );
    selector.deregister(third.as_fd(), Token(1)).unwrap();
    selector.register(third.as_fd(), Token(3)).unwrap();
    selector.arm(third.as_fd(), Token(3), READ).unwrap();
    to_third.send(b"a").unwrap();
    assert_eq!(wait(&mut selector, Until::Event), [readable(3)]);

    // A copy keeps the old socket in the kernel's set, under a number that is gone. What comes from there is a false
    // hint, and no more.
    let copy: OwnedFd = third.try_clone().unwrap().into();
    selector.arm(third.as_fd(), Token(3), READ).unwrap();
    drop(third);
    to_third.send(b"b").unwrap();
    assert_eq!(wait(&mut selector, Until::Event), [readable(3)]);
    drop(copy);
    assert_eq!(wait(&mut selector, Until::Now), []);
}
