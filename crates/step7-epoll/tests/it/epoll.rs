//! What is special to `Epoll`: what it refuses, and what other programs inherit of it.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::Duration;

use step4_select::{Direction, Selector};
use step7_epoll::Epoll;
use testing::conformance::reopened;

#[test]
fn a_file_is_refused_and_leaves_nothing_behind() {
    let file = File::open("/proc/self/exe").unwrap();
    let fd = file.as_raw_fd();
    let mut selector = Epoll::new().unwrap();
    for _ in 0..2 {
        let error = selector.arm(fd, Direction::Read).unwrap_err();
        let words = error.to_string();
        let expected = format!("epoll cannot wait for descriptor {fd}: ");
        assert!(words.starts_with(&expected), "{words}");
    }
    drop(file);
    let mut events = Vec::new();
    selector.wait(Some(Duration::ZERO), &mut events).unwrap();
    assert_eq!(events, []);
}

#[test]
fn a_descriptor_that_is_not_open_is_refused() {
    let mut selector = Epoll::new().unwrap();
    for fd in [i32::MAX, -1] {
        assert!(selector.arm(fd, Direction::Read).is_err());
        selector.disarm(fd, Direction::Read);
    }
}

#[test]
fn a_refused_direction_leaves_the_socket_usable() {
    let (socket, peer) = UnixDatagram::pair().unwrap();
    let mut selector = Epoll::new().unwrap();
    assert!(selector.arm(-1, Direction::Read).is_err());
    selector.arm(socket.as_raw_fd(), Direction::Read).unwrap();
    peer.send(b"a").unwrap();
    let mut events = Vec::new();
    selector.wait(None, &mut events).unwrap();
    assert_eq!(events.len(), 1);
}

/// A duplicate keeps a socket in the kernel's set when its descriptor is closed, and the next
/// socket gets the number.
///
/// Promise (selectors): A duplicate of a closed socket disturbs the next socket of its number once
/// at most.
#[test]
fn a_duplicate_disturbs_its_heir_once() {
    let (old, peer) = UnixDatagram::pair().unwrap();
    let (fd, mut selector) = (old.as_raw_fd(), Epoll::new().unwrap());
    selector.arm(fd, Direction::Read).unwrap();
    selector.disarm(fd, Direction::Read);
    let _duplicate = old.try_clone().unwrap();
    let (heir, heirs_peer) = reopened(old);
    assert_eq!(heir.as_raw_fd(), fd);

    selector.arm(fd, Direction::Read).unwrap();
    peer.send(b"to the old one").unwrap();
    let mut events = Vec::new();
    let look = Some(Duration::ZERO);
    selector.wait(look, &mut events).unwrap();
    assert_eq!(events.len(), 1, "a hint, which the try proves wrong");
    assert!(heir.recv(&mut [0; 16]).is_err());

    selector.arm(fd, Direction::Read).unwrap();
    peer.send(b"once more").unwrap();
    selector.wait(look, &mut events).unwrap();
    assert_eq!(events, [], "the old one is disabled");
    heirs_peer.send(b"to the heir").unwrap();
    selector.wait(look, &mut events).unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(heir.recv(&mut [0; 16]).unwrap(), 11);
}

#[test]
fn another_program_does_not_inherit_the_set() {
    let _selector = Epoll::new().unwrap();
    let output = Command::new("ls")
        .args(["-l", "/proc/self/fd"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let open = String::from_utf8(output.stdout).unwrap();
    assert!(open.contains("pipe:"), "{open}");
    assert!(!open.contains("eventpoll"), "{open}");
}
