//! What if more sockets are ready than one call reports? The next call has the others. This needs
//! more open files than usual, for the whole process, so it is one test, alone in its file.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::net::UdpSocket;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

use step4_select::{Direction, Selector};
use step8_fast_executor::Epoll;
use testing::watchdog::within_a_minute;

const COUNT: u64 = 1_500;

#[test]
fn all_ready_sockets_are_reported_once() {
    if !testing::files::allow(COUNT + 100) {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    within_a_minute(overflow);
}

fn overflow() {
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sockets: Vec<_> = (0..COUNT)
        .map(|_| UdpSocket::bind("127.0.0.1:0").unwrap())
        .collect();
    let mut selector = Epoll::new().unwrap();
    let arm = |selector: &mut Epoll, socket: &UdpSocket| {
        selector.arm(socket.as_raw_fd(), Direction::Read).unwrap();
    };
    let send_to_all = || {
        for socket in &sockets {
            sender.send_to(&[1], socket.local_addr().unwrap()).unwrap();
        }
    };
    let now = |selector: &mut Epoll| {
        let mut events = Vec::new();
        selector.wait(Some(Duration::ZERO), &mut events).unwrap();
        events.into_iter().map(|event| event.fd).collect::<Vec<_>>()
    };
    for socket in &sockets {
        socket.set_nonblocking(true).unwrap();
        arm(&mut selector, socket);
    }
    send_to_all();
    let found: BTreeSet<RawFd> = [now(&mut selector), now(&mut selector)]
        .concat()
        .into_iter()
        .collect();
    assert_eq!(found.len(), sockets.len());
    assert_eq!(now(&mut selector), []);

    // Now only the last one is armed, and a whole call of others comes before it.
    let last = sockets.last().unwrap();
    arm(&mut selector, last);
    send_to_all();
    assert_eq!(now(&mut selector), [last.as_raw_fd()]);
    assert_eq!(now(&mut selector), []);
}
