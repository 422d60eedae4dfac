//! In which order do the events of one wait come? In that of the descriptors, whoever was ready first.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    os::{
        fd::{AsFd, AsRawFd},
        unix::net::UnixDatagram,
    },
    thread,
};
use step4_select::{Direction, Select, Selector, Token, Until};

#[test]
fn events_come_in_the_order_of_the_descriptors() {
    watchdog::within_a_minute(|| {
        let mut pairs: Vec<_> = (0..40).map(|_| UnixDatagram::pair().unwrap()).collect();
        pairs.sort_by_key(|(socket, _)| socket.as_raw_fd());
        let mut selector = Select::new().unwrap();
        // Registered, armed and sent to from the last to the first.
        for (index, (socket, peer)) in pairs.iter().enumerate().rev() {
            let (fd, token) = (socket.as_fd(), Token(index as u64));
            selector.register(fd, token).unwrap();
            selector.arm(fd, token, Direction::Read).unwrap();
            peer.send(b"a").unwrap();
        }
        let mut events = Vec::new();
        selector.wait(Until::Event, &mut events).unwrap();
        assert!(events.iter().map(|event| event.token.0).eq(0..40));
    });
}

#[test]
fn a_selector_can_be_boxed_borrowed_and_sent() {
    watchdog::within_a_minute(|| {
        fn end_of_a_wait(mut selector: impl Selector) {
            selector.notifier().notify();
            selector.wait(Until::Event, &mut Vec::new()).unwrap();
        }
        let mut selector = Select::new().unwrap();
        end_of_a_wait(&mut selector);
        end_of_a_wait(&mut selector as &mut dyn Selector);
        let boxed: Box<dyn Selector + Send> = Box::new(selector);
        thread::spawn(move || end_of_a_wait(boxed)).join().unwrap();
    });
}
