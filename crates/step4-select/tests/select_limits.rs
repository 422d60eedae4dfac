//! What happens to a descriptor whose number does not fit the set? The test counts all descriptors of the process, so
//! it is alone in its file.

#[path = "support/unsafe_files.rs"]
mod unsafe_files;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::{
    io::ErrorKind,
    os::{
        fd::{AsFd, AsRawFd, OwnedFd},
        unix::net::UnixDatagram,
    },
};
use step4_select::{Direction, Event, Select, Selector, Token, Until};

#[test]
fn descriptor_1023_is_the_last_one_that_select_takes() {
    watchdog::within_a_minute(fill_the_set);
}

fn fill_the_set() {
    if !unsafe_files::allow(1_200) {
        eprintln!("skipped: the system allows too few open files");
        return;
    }
    let mut selector = Select::new().unwrap();
    let (socket, peer) = UnixDatagram::pair().unwrap();
    // Copies of one socket, up to the first number past the set.
    let mut copies: Vec<OwnedFd> = vec![socket.into()];
    while copies[copies.len() - 1].as_raw_fd() < 1_024 {
        copies.push(copies[0].try_clone().unwrap());
    }
    let [.., inside, outside] = &copies[..] else {
        panic!("a single copy");
    };
    assert_eq!((inside.as_raw_fd(), outside.as_raw_fd()), (1_023, 1_024));

    // The last one inside is a descriptor like any other.
    selector.register(inside.as_fd(), Token(1)).unwrap();
    selector
        .arm(inside.as_fd(), Token(1), Direction::Read)
        .unwrap();
    peer.send(b"a").unwrap();
    let mut events = Vec::new();
    selector.wait(Until::Event, &mut events).unwrap();
    let ready = Event {
        token: Token(1),
        readable: true,
        writable: false,
    };
    assert_eq!(events, [ready]);

    // The first one outside is refused, in words, and so is all that follows from it.
    let error = selector.register(outside.as_fd(), Token(2)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let words = error.to_string();
    for word in ["descriptor 1024", "limit is 1024", "epoll", "step 7"] {
        assert!(words.contains(word), "{word:?} is not in {words:?}");
    }
    let armed = selector.arm(outside.as_fd(), Token(2), Direction::Read);
    assert_eq!(armed.unwrap_err().kind(), ErrorKind::NotFound);
    selector.disarm(outside.as_fd(), Token(2), Direction::Read);

    // The selector's own descriptor has the same limit.
    let error = Select::new().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}
