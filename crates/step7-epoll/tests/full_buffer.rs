//! What if more sockets are ready than one call reports? The next call has the others. This needs more open files than
//! usual, for the whole process, so it is one test, alone in its file.

#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::collections::BTreeSet;
use std::net::UdpSocket;
use std::os::fd::AsFd;

use step4_select::{Direction, Event, Selector, Token, Until};
use step7_epoll::{Epoll, raise_open_files_limit};

const COUNT: u64 = 1_500;

#[test]
fn more_ready_sockets_than_one_call_reports_are_all_reported_once() {
    if raise_open_files_limit().unwrap() < COUNT + 100 {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    watchdog::within_a_minute(overflow);
}

fn overflow() {
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sockets: Vec<_> = (0..COUNT)
        .map(|_| UdpSocket::bind("127.0.0.1:0").unwrap())
        .collect();
    let mut selector = Epoll::new().unwrap();
    for (token, socket) in (0..).zip(&sockets) {
        socket.set_nonblocking(true).unwrap();
        selector.register(socket.as_fd(), Token(token)).unwrap();
    }
    let send_to_all = || {
        for socket in &sockets {
            sender.send_to(&[1], socket.local_addr().unwrap()).unwrap();
        }
    };
    let now = |selector: &mut Epoll| {
        let mut events: Vec<Event> = Vec::new();
        selector.wait(Until::Now, &mut events).unwrap();
        events
            .into_iter()
            .map(|event| event.token.0)
            .collect::<Vec<_>>()
    };

    // Nobody is armed except the last one, which comes after a whole call of others.
    let (last, token) = (sockets.last().unwrap().as_fd(), COUNT - 1);
    selector.arm(last, Token(token), Direction::Read).unwrap();
    send_to_all();
    assert_eq!(now(&mut selector), [token]);
    assert_eq!(now(&mut selector), []);

    for (token, socket) in (0..).zip(&sockets) {
        socket.recv(&mut [0]).unwrap();
        selector
            .arm(socket.as_fd(), Token(token), Direction::Read)
            .unwrap();
    }
    send_to_all();
    let (first, second) = (now(&mut selector), now(&mut selector));
    assert_eq!(first.len() + second.len(), sockets.len());
    assert!(
        first
            .into_iter()
            .chain(second)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .eq(0..COUNT)
    );
    assert_eq!(now(&mut selector), []);
}
