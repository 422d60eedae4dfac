//! What if a socket is closed before it is deregistered? Its waiters are told, and the others go on. The test relies on
//! the numbers of all descriptors of the process, so it is alone in its file.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    io::ErrorKind,
    os::{
        fd::{AsFd, AsRawFd},
        unix::net::UnixDatagram,
    },
    time::{Duration, Instant},
};
use step4_select::{Direction, Event, Select, Selector, Token, Until};

fn wait(selector: &mut Select, until: Until) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(until, &mut events).unwrap();
    events
}

fn event(token: u64, writable: bool) -> Event {
    Event {
        token: Token(token),
        readable: true,
        writable,
    }
}

#[test]
fn a_closed_descriptor_is_reported_in_both_directions_and_the_others_go_on() {
    watchdog::within_a_minute(close_behind_its_back);
}

fn close_behind_its_back() {
    let mut selector = Select::new().unwrap();
    let (first, to_first) = UnixDatagram::pair().unwrap();
    let (second, _to_second) = UnixDatagram::pair().unwrap();
    let (third, to_third) = UnixDatagram::pair().unwrap();
    for (token, socket) in (1..).zip([&first, &second, &third]) {
        selector.register(socket.as_fd(), Token(token)).unwrap();
        selector
            .arm(socket.as_fd(), Token(token), Direction::Read)
            .unwrap();
    }

    // Nothing else is ready: the bad one alone ends the wait.
    let number = second.as_raw_fd();
    drop(second);
    assert_eq!(wait(&mut selector, Until::Event), [event(2, true)]);
    let calls = selector.calls();

    // It is disarmed, so it fails no further call, and the others are still armed.
    let soon = Until::Deadline(Instant::now() + Duration::from_millis(10));
    assert_eq!(wait(&mut selector, soon), []);
    assert_eq!(selector.calls(), calls + 1);
    to_first.send(b"a").unwrap();
    assert_eq!(wait(&mut selector, Until::Event), [event(1, false)]);

    // A bad one, a ready one and a notification at once: none is lost.
    selector
        .arm(first.as_fd(), Token(1), Direction::Write)
        .unwrap();
    drop(first);
    to_third.send(b"a").unwrap();
    selector.notifier().notify();
    assert_eq!(
        wait(&mut selector, Until::Now),
        [event(1, true), event(3, false)]
    );
    assert_eq!(wait(&mut selector, Until::Now), []);

    // The second one's number is another socket's now, and taken until the old registration is gone.
    let copies = [third.try_clone().unwrap(), third.try_clone().unwrap()];
    let again = copies.iter().find(|socket| socket.as_raw_fd() == number);
    let again = again
        .expect("the lowest free number is given out first")
        .as_fd();
    let error = selector.register(again, Token(4)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    selector.deregister(again, Token(2)).unwrap();
    selector.register(again, Token(4)).unwrap();
}
