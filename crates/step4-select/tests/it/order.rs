//! In which order do deadlines and sockets wake their tasks? A script says what comes.

use std::cell::RefCell;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use step4_select::{Co, Direction, Event, Scheduler};
use testing::selectors::Scripted;
use testing::watchdog::watch;

/// Promise (order): After each round, timers come first, by deadline, and then sockets, in the
/// order in which the selector reports them.
#[test]
fn timers_come_first_then_events_in_their_order() {
    let log = Rc::new(RefCell::new(Vec::new()));
    let notes = log.clone();
    let main = async move |co: Co| {
        let (one, two) = UnixDatagram::pair().unwrap();
        let (low, high) = match one.as_raw_fd() < two.as_raw_fd() {
            true => (one, two),
            false => (two, one),
        };
        let (low, high) = (Rc::new(low), Rc::new(high));
        let waiting = [
            ("read low", &low, Direction::Read),
            ("write low", &low, Direction::Write),
            ("read high", &high, Direction::Read),
            ("write high", &high, Direction::Write),
        ];
        for (what, socket, direction) in waiting {
            let (socket, notes) = (socket.clone(), notes.clone());
            co.spawn(async move |co: Co| {
                match direction {
                    Direction::Read => co.readable(&socket).await.unwrap(),
                    Direction::Write => co.writable(&socket).await.unwrap(),
                }
                notes.borrow_mut().push(what);
            })
            .await;
        }
        for (what, delay) in [("later timer", 2), ("earlier timer", 1)] {
            let notes = notes.clone();
            co.spawn(async move |co: Co| {
                co.sleep(Duration::from_millis(delay)).await;
                notes.borrow_mut().push(what);
            })
            .await;
        }
    };
    // All at once, and the last one first.
    let selector = Scripted::new(|armed| {
        // By then both timers are due.
        thread::sleep(Duration::from_millis(5));
        let event = |&(fd, direction)| Event { fd, direction };
        Ok(armed.iter().rev().map(event).collect())
    });
    let _watch = watch();
    Scheduler::with_selector(selector).run(main).unwrap();
    let expected = [
        "earlier timer",
        "later timer",
        "write high",
        "read high",
        "write low",
        "read low",
    ];
    assert_eq!(*log.borrow(), expected);
}

#[test]
fn an_event_without_a_waiter_wakes_no_task() {
    // The event of a direction that is not armed, and the same event twice.
    let selector = Scripted::new(|armed| {
        let Some(&(fd, direction)) = armed.first() else {
            return Ok(Vec::new());
        };
        let event = Event { fd, direction };
        let other = Event {
            direction: Direction::Write,
            ..event
        };
        Ok(vec![other, event, event])
    });
    let _watch = watch();
    let outcome = Scheduler::with_selector(selector).run(async |co| {
        let (socket, _peer) = UnixDatagram::pair().unwrap();
        for _ in 0..3 {
            co.readable(&socket).await.unwrap();
        }
    });
    assert_eq!(outcome, Ok(()));
}

#[test]
#[should_panic(expected = "waiting for sockets failed")]
fn a_failing_wait_is_a_clear_panic() {
    let selector = Scripted::new(|_| Err(std::io::ErrorKind::OutOfMemory.into()));
    _ = Scheduler::with_selector(selector).run(async |co| {
        let (socket, _peer) = UnixDatagram::pair().unwrap();
        co.readable(&socket).await
    });
}
