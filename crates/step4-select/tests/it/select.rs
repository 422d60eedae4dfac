//! In which order does `Select` report its events, and which descriptors does it refuse?

use std::io::ErrorKind;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use step4_select::{Co, Direction, Scheduler, Select, Selector};
use testing::selectors::Refusing;
use testing::watchdog::within_a_minute;

/// Promise (order): After each round, timers come first, by deadline, and then sockets, in the
/// order in which the selector reports them.
#[test]
fn events_come_in_the_order_of_the_descriptors() {
    within_a_minute(|| {
        let mut pairs: Vec<_> = (0..40).map(|_| UnixDatagram::pair().unwrap()).collect();
        pairs.sort_by_key(|(socket, _)| socket.as_raw_fd());
        let mut selector = Select::new().unwrap();
        // Armed and sent to from the last to the first.
        for (socket, peer) in pairs.iter().rev() {
            let fd = socket.as_raw_fd();
            selector.arm(fd, Direction::Write).unwrap();
            selector.arm(fd, Direction::Read).unwrap();
            peer.send(b"a").unwrap();
        }
        let mut events = Vec::new();
        selector.wait(None, &mut events).unwrap();
        assert_eq!(events.len(), 80);
        assert!(events.is_sorted());
    });
}

#[test]
fn descriptor_1024_is_refused_in_words() {
    let mut selector = Select::new().unwrap();
    // Nothing looks at a descriptor before the wait, so these need not be open.
    for fd in [1_024, 1_025, i32::MAX, -1] {
        let error = selector.arm(fd, Direction::Read).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let words = error.to_string();
        for word in [&format!("descriptor {fd} "), "1,023", "epoll", "step 7"] {
            assert!(words.contains(word), "{word:?} is not in {words:?}");
        }
    }
    selector.arm(1_023, Direction::Read).unwrap();
    selector.disarm(1_023, Direction::Read);
    selector.disarm(1_024, Direction::Read);
    let mut events = Vec::new();
    selector.wait(Some(Duration::ZERO), &mut events).unwrap();
}

#[test]
fn a_refusal_is_an_error_for_the_task_alone() {
    let scheduler = Scheduler::with_selector(Refusing(ErrorKind::InvalidInput));
    let outcome = scheduler.run(async |co| {
        let other = co.spawn(async |co: Co| {
            co.sleep(Duration::from_millis(1)).await;
            7
        });
        let other = other.await;
        let (socket, _peer) = UnixDatagram::pair().unwrap();
        let refused = co.readable(&socket).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput);
        let refused = co.writable(&socket).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput);
        other.join(&co).await
    });
    assert_eq!(outcome, Ok(Some(7)));
}
