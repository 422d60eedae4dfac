//! What may a caller rely on, whichever [`Selector`] it has? Each promise of the trait is a function here.
//!
//! A test file names the selector, and `tests!` makes a test of each:
//!
//! ```ignore
//! #[path = "support/conformance.rs"]
//! mod conformance;
//!
//! conformance::tests!(|| Box::new(Select::new().unwrap()));
//! ```
//!
//! Most use Unix datagrams, which arrive before `send` returns: so a test that expects silence knows that there was
//! something to hear.

mod unsafe_signal;
mod watchdog;

use std::{
    fmt,
    io::{self, ErrorKind, Read, Write},
    net::{TcpListener, TcpStream, UdpSocket},
    os::{
        fd::AsFd,
        unix::net::{UnixDatagram, UnixStream},
    },
    thread,
    time::{Duration, Instant},
};
use step4_select::{Direction, Event, Notifier, Selector, Token, Until};

/// A selector that knows no descriptor yet.
pub(crate) type Fresh = Box<dyn Selector>;

/// Runs one of the tests below on a fresh selector.
pub(crate) fn run(make: fn() -> Fresh, test: fn(Fresh)) {
    watchdog::within_a_minute(move || test(make()));
}

macro_rules! tests {
    ($make:expr) => {
        $crate::conformance::tests! { $make =>
            // Events
            a_datagram_makes_its_socket_readable
            data_that_comes_between_the_try_and_the_arming_is_reported
            two_datagrams_and_one_read_a_round_lose_none
            room_in_the_buffer_makes_a_socket_writable
            both_directions_come_in_one_event
            one_ready_socket_of_many_is_the_only_event
            a_hang_up_sets_both_directions
            a_hang_up_ends_a_wait_to_read
            a_hang_up_ends_a_wait_to_write
            // Interests
            an_interest_is_one_shot
            arming_twice_is_arming_once
            what_is_registered_but_not_armed_is_silent
            disarming_silences
            disarming_one_direction_leaves_the_other
            deregistering_silences
            a_deregistered_descriptor_takes_a_new_token
            // Mistakes
            registering_twice_is_an_error
            what_is_not_registered_is_not_found
            a_wrong_token_is_not_found
            // Time
            a_deadline_is_never_early
            a_past_deadline_returns_at_once
            a_past_deadline_still_reports_what_is_ready
            a_wait_for_now_returns_at_once_and_clears_the_events
            eintr_unwrapped
            // Notifiers
            a_wake_from_another_thread_is_not_seen
            a_notification_before_the_wait_ends_it
            a_thousand_notifications_end_one_wait
            a_notification_comes_beside_events
            a_notifier_may_outlive_its_selector
            a_notifier_goes_to_other_threads
        }
    };
    ($make:expr => $($test:ident)*) => {$(
        #[test]
        fn $test() {
            $crate::conformance::run($make, $crate::conformance::$test);
        }
    )*};
}
pub(crate) use tests;

const READ: Direction = Direction::Read;
const WRITE: Direction = Direction::Write;

fn readable(token: u64) -> Event {
    Event {
        token: Token(token),
        readable: true,
        writable: false,
    }
}

fn datagrams() -> (UnixDatagram, UnixDatagram) {
    let (near, far) = UnixDatagram::pair().unwrap();
    near.set_nonblocking(true).unwrap();
    (near, far)
}

fn streams() -> (UnixStream, UnixStream) {
    let (near, far) = UnixStream::pair().unwrap();
    near.set_nonblocking(true).unwrap();
    far.set_nonblocking(true).unwrap();
    (near, far)
}

fn tcp_streams() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (far, _) = listener.accept().unwrap();
    near.set_nonblocking(true).unwrap();
    (near, far)
}

#[track_caller]
fn assert_would_block<T: fmt::Debug>(result: io::Result<T>) {
    assert_eq!(result.unwrap_err().kind(), ErrorKind::WouldBlock);
}

/// Writes until it would block, as the contract wants it before writing is armed.
fn fill(mut stream: impl Write) {
    let error = loop {
        if let Err(error) = stream.write(&[0; 65_536]) {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

/// Reads until it would block.
fn empty(mut stream: impl Read) {
    assert_would_block(io::copy(&mut stream, &mut io::sink()));
}

/// Waits for as long as it takes, even past waits that end with nothing.
fn next_events(selector: &mut Fresh) -> Vec<Event> {
    let mut events = Vec::new();
    while events.is_empty() {
        selector.wait(Until::Event, &mut events).unwrap();
    }
    events
}

/// Looks without waiting.
fn events_now(selector: &mut Fresh) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(Until::Now, &mut events).unwrap();
    events
}

/// Tries to receive, which must not succeed, and arms.
#[track_caller]
fn await_datagram(selector: &mut Fresh, socket: &UnixDatagram, token: u64) {
    assert_would_block(socket.recv(&mut [0; 8]));
    selector.arm(socket.as_fd(), Token(token), READ).unwrap();
}

/// Makes a stream on which both tries would block, registers it with token 1 and arms both.
fn stream_armed_in_both_directions(selector: &mut Fresh) -> (UnixStream, UnixStream) {
    let (socket, peer) = streams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    empty(&socket);
    selector.arm(socket.as_fd(), Token(1), READ).unwrap();
    fill(&socket);
    selector.arm(socket.as_fd(), Token(1), WRITE).unwrap();
    (socket, peer)
}

// --- Events ---

pub(crate) fn a_datagram_makes_its_socket_readable(mut selector: Fresh) {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    selector.register(server.as_fd(), Token(7)).unwrap();
    assert_would_block(server.recv(&mut [0; 8]));
    selector.arm(server.as_fd(), Token(7), READ).unwrap();

    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    client
        .send_to(b"hello", server.local_addr().unwrap())
        .unwrap();
    assert_eq!(next_events(&mut selector), [readable(7)]);
    assert_eq!(server.recv(&mut [0; 8]).unwrap(), 5);
}

pub(crate) fn data_that_comes_between_the_try_and_the_arming_is_reported(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    for _round in 0..2 {
        assert_would_block(socket.recv(&mut [0; 8]));
        peer.send(b"a").unwrap();
        selector.arm(socket.as_fd(), Token(1), READ).unwrap();
        assert_eq!(next_events(&mut selector), [readable(1)]);
        assert_eq!(socket.recv(&mut [0; 8]).unwrap(), 1);
    }
}

pub(crate) fn two_datagrams_and_one_read_a_round_lose_none(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    await_datagram(&mut selector, &socket, 1);
    peer.send(b"a").unwrap();
    peer.send(b"b").unwrap();

    let (mut received, mut waits) = (Vec::new(), 0);
    while received.len() < 3 {
        let mut buffer = [0; 1];
        // One read a round, and each round tries first.
        match socket.recv(&mut buffer) {
            Ok(_) => received.push(buffer[0]),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                selector.arm(socket.as_fd(), Token(1), READ).unwrap();
                peer.send(b"c").unwrap();
                assert_eq!(next_events(&mut selector), [readable(1)]);
                waits += 1;
            }
        }
    }
    assert_eq!(received, b"abc");
    assert_eq!(waits, 1);
}

pub(crate) fn room_in_the_buffer_makes_a_socket_writable(mut selector: Fresh) {
    let (mut socket, peer) = streams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    for _round in 0..2 {
        fill(&socket);
        selector.arm(socket.as_fd(), Token(1), WRITE).unwrap();
        assert_eq!(events_now(&mut selector), []);

        empty(&peer);
        let events = next_events(&mut selector);
        assert_eq!(events.len(), 1);
        assert!(events[0].token == Token(1) && events[0].writable);
        assert_eq!(socket.write(b"a").unwrap(), 1);
    }
}

pub(crate) fn both_directions_come_in_one_event(mut selector: Fresh) {
    let (_socket, peer) = stream_armed_in_both_directions(&mut selector);

    empty(&peer);
    (&peer).write_all(b"a").unwrap();
    assert_both(&next_events(&mut selector));
    assert_eq!(events_now(&mut selector), []);
}

#[track_caller]
fn assert_both(events: &[Event]) {
    let both = Event {
        writable: true,
        ..readable(1)
    };
    assert_eq!(events, [both]);
}

pub(crate) fn one_ready_socket_of_many_is_the_only_event(mut selector: Fresh) {
    let pairs: Vec<_> = (0..60).map(|_| datagrams()).collect();
    for (token, (socket, _)) in (0..).zip(&pairs) {
        selector.register(socket.as_fd(), Token(token)).unwrap();
        await_datagram(&mut selector, socket, token);
    }
    for token in [41, 0, 59] {
        let (socket, peer) = &pairs[token as usize];
        peer.send(b"a").unwrap();
        assert_eq!(next_events(&mut selector), [readable(token)]);
        assert_eq!(socket.recv(&mut [0; 8]).unwrap(), 1);
        await_datagram(&mut selector, socket, token);
    }
}

pub(crate) fn a_hang_up_sets_both_directions(mut selector: Fresh) {
    let (_socket, peer) = stream_armed_in_both_directions(&mut selector);
    assert_eq!(events_now(&mut selector), []);

    drop(peer);
    assert_both(&next_events(&mut selector));
}

pub(crate) fn a_hang_up_ends_a_wait_to_read(mut selector: Fresh) {
    let (mut socket, peer) = tcp_streams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    assert_would_block(socket.read(&mut [0; 8]));
    selector.arm(socket.as_fd(), Token(1), READ).unwrap();

    drop(peer);
    let events = next_events(&mut selector);
    assert_eq!(events.len(), 1);
    assert!(events[0].token == Token(1) && events[0].readable);
    assert_eq!(socket.read(&mut [0; 8]).unwrap(), 0);
}

pub(crate) fn a_hang_up_ends_a_wait_to_write(mut selector: Fresh) {
    let (mut socket, peer) = tcp_streams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    let mut peer = Some(peer);
    let error = loop {
        match socket.write(&[0; 65_536]) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                selector.arm(socket.as_fd(), Token(1), WRITE).unwrap();
                // The peer goes without having read, so the connection is reset.
                peer = None;
                let events = next_events(&mut selector);
                assert_eq!(events.len(), 1);
                assert!(events[0].token == Token(1) && events[0].writable);
            }
            Err(error) => break error,
        }
    };
    assert!(peer.is_none());
    assert!(
        matches!(
            error.kind(),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
        ),
        "{error}"
    );
}

// --- Interests ---

pub(crate) fn an_interest_is_one_shot(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    await_datagram(&mut selector, &socket, 1);
    peer.send(b"a").unwrap();
    assert_eq!(next_events(&mut selector), [readable(1)]);

    // The first datagram is still there, and then a second one too.
    assert_eq!(events_now(&mut selector), []);
    peer.send(b"b").unwrap();
    assert_eq!(events_now(&mut selector), []);

    // Nothing is lost: the next try finds them.
    assert_eq!(socket.recv(&mut [0; 8]).unwrap(), 1);
    assert_eq!(socket.recv(&mut [0; 8]).unwrap(), 1);
    await_datagram(&mut selector, &socket, 1);
    peer.send(b"c").unwrap();
    assert_eq!(next_events(&mut selector), [readable(1)]);
}

pub(crate) fn arming_twice_is_arming_once(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    await_datagram(&mut selector, &socket, 1);
    selector.arm(socket.as_fd(), Token(1), READ).unwrap();
    peer.send(b"a").unwrap();
    assert_eq!(next_events(&mut selector), [readable(1)]);
    assert_eq!(events_now(&mut selector), []);
}

pub(crate) fn what_is_registered_but_not_armed_is_silent(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    peer.send(b"a").unwrap();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    assert_eq!(events_now(&mut selector), []);
}

pub(crate) fn disarming_silences(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    // A socket that is not registered can be disarmed too.
    selector.disarm(socket.as_fd(), Token(1), READ);
    selector.register(socket.as_fd(), Token(1)).unwrap();
    selector.disarm(socket.as_fd(), Token(1), WRITE);

    await_datagram(&mut selector, &socket, 1);
    selector.disarm(socket.as_fd(), Token(2), READ); // a stale token: nothing happens
    selector.disarm(socket.as_fd(), Token(1), READ);
    peer.send(b"a").unwrap();
    assert_eq!(events_now(&mut selector), []);

    assert_eq!(socket.recv(&mut [0; 8]).unwrap(), 1);
    await_datagram(&mut selector, &socket, 1);
    selector.disarm(socket.as_fd(), Token(2), READ);
    peer.send(b"b").unwrap();
    assert_eq!(next_events(&mut selector), [readable(1)]);
}

pub(crate) fn disarming_one_direction_leaves_the_other(mut selector: Fresh) {
    let (socket, peer) = stream_armed_in_both_directions(&mut selector);

    selector.disarm(socket.as_fd(), Token(1), WRITE);
    empty(&peer);
    assert_eq!(events_now(&mut selector), []);
    (&peer).write_all(b"a").unwrap();
    let events = next_events(&mut selector);
    assert_eq!(events.len(), 1);
    assert!(events[0].token == Token(1) && events[0].readable);
}

pub(crate) fn deregistering_silences(mut selector: Fresh) {
    let (socket, peer) = stream_armed_in_both_directions(&mut selector);

    selector.deregister(socket.as_fd(), Token(1)).unwrap();
    empty(&peer);
    (&peer).write_all(b"a").unwrap();
    assert_eq!(events_now(&mut selector), []);
}

pub(crate) fn a_deregistered_descriptor_takes_a_new_token(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    await_datagram(&mut selector, &socket, 1);
    selector.deregister(socket.as_fd(), Token(1)).unwrap();

    selector.register(socket.as_fd(), Token(2)).unwrap();
    // What was armed is forgotten.
    peer.send(b"a").unwrap();
    assert_eq!(events_now(&mut selector), []);
    assert_eq!(socket.recv(&mut [0; 8]).unwrap(), 1);
    await_datagram(&mut selector, &socket, 2);
    peer.send(b"b").unwrap();
    assert_eq!(next_events(&mut selector), [readable(2)]);
}

// --- Mistakes ---

#[track_caller]
fn assert_kind(result: io::Result<()>, kind: ErrorKind) {
    assert_eq!(result.unwrap_err().kind(), kind);
}

/// Makes a datagram reach `socket` as the proof that it is registered with token 1 as before.
fn assert_unharmed(mut selector: Fresh, socket: &UnixDatagram, peer: &UnixDatagram) {
    await_datagram(&mut selector, socket, 1);
    peer.send(b"a").unwrap();
    assert_eq!(next_events(&mut selector), [readable(1)]);
}

pub(crate) fn registering_twice_is_an_error(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    for token in [Token(1), Token(2)] {
        let again = selector.register(socket.as_fd(), token);
        assert_kind(again, ErrorKind::AlreadyExists);
    }
    assert_unharmed(selector, &socket, &peer);
}

pub(crate) fn what_is_not_registered_is_not_found(mut selector: Fresh) {
    let (socket, _peer) = datagrams();
    let fd = socket.as_fd();
    // Never registered in the first round, and no longer in the second.
    for _round in 0..2 {
        assert_kind(selector.arm(fd, Token(1), READ), ErrorKind::NotFound);
        assert_kind(selector.arm(fd, Token(1), WRITE), ErrorKind::NotFound);
        assert_kind(selector.deregister(fd, Token(1)), ErrorKind::NotFound);
        selector.register(fd, Token(1)).unwrap();
        selector.deregister(fd, Token(1)).unwrap();
    }
}

pub(crate) fn a_wrong_token_is_not_found(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    let fd = socket.as_fd();
    selector.register(fd, Token(1)).unwrap();
    assert_kind(selector.arm(fd, Token(2), READ), ErrorKind::NotFound);
    assert_kind(selector.arm(fd, Token(2), WRITE), ErrorKind::NotFound);
    assert_kind(selector.deregister(fd, Token(2)), ErrorKind::NotFound);
    assert_unharmed(selector, &socket, &peer);
}

// --- Time ---

pub(crate) fn a_deadline_is_never_early(mut selector: Fresh) {
    let (socket, _peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    await_datagram(&mut selector, &socket, 1);
    let mut events = Vec::new();
    for timeout_us in [1, 300, 999, 1_000, 1_001, 10_900, 25_000] {
        let deadline = Instant::now() + Duration::from_micros(timeout_us);
        selector
            .wait(Until::Deadline(deadline), &mut events)
            .unwrap();
        let end = Instant::now();
        assert!(end >= deadline, "early by {:?}", deadline - end);
        assert!(end < deadline + Duration::from_secs(20));
        assert_eq!(events, []);
    }
}

fn past() -> Instant {
    Instant::now() - Duration::from_millis(1)
}

pub(crate) fn a_past_deadline_returns_at_once(mut selector: Fresh) {
    let mut events = vec![readable(9)];
    selector.wait(Until::Deadline(past()), &mut events).unwrap();
    assert_eq!(events, []);
}

pub(crate) fn a_past_deadline_still_reports_what_is_ready(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    await_datagram(&mut selector, &socket, 1);
    peer.send(b"a").unwrap();
    let mut events = Vec::new();
    selector.wait(Until::Deadline(past()), &mut events).unwrap();
    assert_eq!(events, [readable(1)]);
}

pub(crate) fn a_wait_for_now_returns_at_once_and_clears_the_events(mut selector: Fresh) {
    let (socket, _peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    await_datagram(&mut selector, &socket, 1);
    let mut events = vec![readable(9)];
    selector.wait(Until::Now, &mut events).unwrap();
    assert_eq!(events, []);
}

/// Classic bug: "EINTR unwrapped". A handled signal goes on against the same deadline.
pub(crate) fn eintr_unwrapped(mut selector: Fresh) {
    let deadline = Instant::now() + Duration::from_millis(100);
    let mut events = Vec::new();
    let (result, signals) =
        unsafe_signal::under_signals(|| selector.wait(Until::Deadline(deadline), &mut events));
    let end = Instant::now();
    result.unwrap();
    assert!(signals > 0);
    assert!(end >= deadline, "early by {:?}", deadline - end);
    assert!(end < deadline + Duration::from_secs(20));
    assert_eq!(events, []);
}

// --- Notifiers ---

/// Waits without a deadline, so that only a notification ends it.
fn wait_for_notification(selector: &mut Fresh) {
    let mut events = Vec::new();
    selector.wait(Until::Event, &mut events).unwrap();
    assert_eq!(events, []);
}

/// Waits until a deadline, which no leftover notification may spoil.
fn assert_no_notification(selector: &mut Fresh) {
    let deadline = Instant::now() + Duration::from_millis(20);
    selector
        .wait(Until::Deadline(deadline), &mut Vec::new())
        .unwrap();
    assert!(Instant::now() >= deadline, "a notification was left");
}

/// Classic bug: "a wake from another thread is not seen".
pub(crate) fn a_wake_from_another_thread_is_not_seen(mut selector: Fresh) {
    let notifier = selector.notifier();
    let thread = thread::spawn(move || {
        // So that the wait has most likely begun; the test holds either way.
        thread::sleep(Duration::from_millis(20));
        notifier.notify();
    });
    wait_for_notification(&mut selector);
    thread.join().unwrap();
    assert_no_notification(&mut selector);
}

pub(crate) fn a_notification_before_the_wait_ends_it(mut selector: Fresh) {
    selector.notifier().notify();
    wait_for_notification(&mut selector);
    assert_no_notification(&mut selector);
}

pub(crate) fn a_thousand_notifications_end_one_wait(mut selector: Fresh) {
    let notifier = selector.notifier();
    for _round in 0..2 {
        for _ in 0..1_000 {
            notifier.notify();
        }
        wait_for_notification(&mut selector);
        assert_no_notification(&mut selector);
    }
}

pub(crate) fn a_notification_comes_beside_events(mut selector: Fresh) {
    let (socket, peer) = datagrams();
    selector.register(socket.as_fd(), Token(1)).unwrap();
    await_datagram(&mut selector, &socket, 1);
    peer.send(b"a").unwrap();
    selector.notifier().notify();
    assert_eq!(next_events(&mut selector), [readable(1)]);
    assert_no_notification(&mut selector);
}

pub(crate) fn a_notifier_may_outlive_its_selector(selector: Fresh) {
    let notifier = selector.notifier();
    drop(selector);
    // More than the buffer holds: it must not block either.
    for _ in 0..100_000 {
        notifier.notify();
    }
}

pub(crate) fn a_notifier_goes_to_other_threads(mut selector: Fresh) {
    fn assert_shareable<T: Clone + Send + Sync + 'static>(_: &T) {}
    let notifier: Notifier = selector.notifier();
    assert_shareable(&notifier);
    for notifier in [notifier.clone(), notifier] {
        thread::spawn(move || notifier.notify()).join().unwrap();
        wait_for_notification(&mut selector);
    }
}
