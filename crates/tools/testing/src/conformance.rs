//! What a caller may rely on, whichever [`Selector`] it has: a function for each promise.
//!
//! `testing::conformance_tests!(make)` makes a test of each, where `make` is a `fn() -> Box<dyn
//! Selector>`. `testing::conformance_tests!(make; hears_a_datagram ..)` picks some: a selector
//! under a stricter rule may leave out those that break it.
//!
//! Most use Unix datagrams, which arrive before `send` returns. So a test that expects silence
//! knows that there was something to hear.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::thread;
use std::time::{Duration, Instant};

use step4_select::{Direction, Event, Selector};

use crate::{signals, watchdog};

/// A selector with nothing armed.
pub type Fresh = Box<dyn Selector>;

/// Makes a test of each promise of a selector: see [`conformance`](crate::conformance).
#[macro_export]
macro_rules! conformance_tests {
    ($make:expr) => {
        $crate::conformance_tests! { $make;
            hears_a_datagram
            hears_what_came_before_arming
            hears_what_comes_after_arming
            hears_what_came_between_try_and_arming
            hears_again_what_was_left
            hears_room_in_a_buffer
            hears_both_directions
            hears_one_of_many
            hears_each_of_many_once
            a_hang_up_comes_in_both_directions
            a_hang_up_ends_a_wait_to_read
            a_reset_ends_a_wait_to_write
            an_event_disarms
            an_event_leaves_the_other_direction_armed
            arming_twice_is_arming_once
            what_was_never_armed_is_silent
            disarming_silences
            disarming_leaves_the_other_direction
            disarming_what_is_not_armed_is_nothing
            a_closed_socket_is_silent
            a_reused_number_is_another_socket
            a_reused_number_after_an_event_works
            a_wait_is_never_early
            zero_is_a_look
            zero_reports_what_is_ready
            none_waits_for_an_event
            max_waits_for_an_event
            a_wait_clears_the_events
            a_signal_does_not_end_a_wait
            an_idle_wait_takes_no_processor_time
        }
    };
    ($make:expr; $($test:ident)*) => {$(
        #[test]
        fn $test() {
            $crate::conformance::run($make, $crate::conformance::$test);
        }
    )*};
}

/// Runs one of the tests below on a fresh selector.
pub fn run(make: fn() -> Fresh, test: fn(&mut dyn Selector)) {
    watchdog::within_a_minute(move || test(&mut *make()));
}

const READ: Direction = Direction::Read;
const WRITE: Direction = Direction::Write;

fn event(socket: &impl AsRawFd, direction: Direction) -> Event {
    let fd = socket.as_raw_fd();
    Event { fd, direction }
}

fn arm(selector: &mut dyn Selector, socket: &impl AsRawFd, direction: Direction) {
    selector.arm(socket.as_raw_fd(), direction).unwrap();
}

/// Waits for as long as it takes, and returns the events in order.
fn next_events(selector: &mut dyn Selector) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(None, &mut events).unwrap();
    events.sort();
    events
}

/// Has a look, and returns the events in order.
fn look(selector: &mut dyn Selector) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(Some(Duration::ZERO), &mut events).unwrap();
    events.sort();
    events
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

/// Receives a datagram of one byte, which must be there.
fn receive(socket: &UnixDatagram) -> u8 {
    let mut buffer = [0];
    assert_eq!(socket.recv(&mut buffer).unwrap(), 1);
    buffer[0]
}

#[track_caller]
fn assert_empty(socket: &UnixDatagram) {
    let error = socket.recv(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

/// Writes until it would block.
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
    let error = io::copy(&mut stream, &mut io::sink()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

/// A stream that is not ready in either direction, and armed in both; and its peer.
fn armed_stream(selector: &mut dyn Selector) -> (UnixStream, UnixStream) {
    let (socket, peer) = streams();
    fill(&socket);
    arm(selector, &socket, READ);
    arm(selector, &socket, WRITE);
    assert_eq!(look(selector), []);
    (socket, peer)
}

// --- Events ---

/// A datagram makes its socket readable.
pub fn hears_a_datagram(selector: &mut dyn Selector) {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    arm(selector, &server, READ);
    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = server.local_addr().unwrap();
    client.send_to(b"hello", to).unwrap();
    assert_eq!(next_events(selector), [event(&server, READ)]);
    assert_eq!(server.recv(&mut [0; 8]).unwrap(), 5);
}

/// Level-triggered: what is ready when it is armed is reported.
///
/// Promise (selectors): An armed socket is reported at once if it is ready, or else as soon as it
/// is.
pub fn hears_what_came_before_arming(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    peer.send(b"a").unwrap();
    arm(selector, &socket, READ);
    assert_eq!(next_events(selector), [event(&socket, READ)]);
}

/// What comes while it is armed is reported.
///
/// Promise (selectors): An armed socket is reported at once if it is ready, or else as soon as it
/// is.
pub fn hears_what_comes_after_arming(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    arm(selector, &socket, READ);
    assert_eq!(look(selector), []);
    peer.send(b"a").unwrap();
    assert_eq!(next_events(selector), [event(&socket, READ)]);
}

/// A caller that tries first loses nothing either, however narrow the gap is.
pub fn hears_what_came_between_try_and_arming(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    for round in 0..3 {
        assert_empty(&socket);
        peer.send(&[round]).unwrap();
        arm(selector, &socket, READ);
        assert_eq!(next_events(selector), [event(&socket, READ)]);
        assert_eq!(receive(&socket), round);
    }
}

/// Level-triggered: of two datagrams the second is reported too, with one receive an event.
///
/// Promise (selectors): A socket with data left unread is reported again when it is armed again.
pub fn hears_again_what_was_left(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    peer.send(b"a").unwrap();
    peer.send(b"b").unwrap();
    for expected in [b'a', b'b'] {
        arm(selector, &socket, READ);
        assert_eq!(next_events(selector), [event(&socket, READ)]);
        assert_eq!(receive(&socket), expected);
    }
    arm(selector, &socket, READ);
    assert_eq!(look(selector), []);
}

/// Room in its buffer makes a socket writable.
pub fn hears_room_in_a_buffer(selector: &mut dyn Selector) {
    let (mut socket, peer) = streams();
    for _ in 0..2 {
        fill(&socket);
        arm(selector, &socket, WRITE);
        assert_eq!(look(selector), []);
        empty(&peer);
        assert_eq!(next_events(selector), [event(&socket, WRITE)]);
        assert_eq!(socket.write(b"a").unwrap(), 1);
    }
}

/// Each direction is an event of its own, though both come at once.
pub fn hears_both_directions(selector: &mut dyn Selector) {
    let (socket, peer) = armed_stream(selector);
    empty(&peer);
    (&peer).write_all(b"a").unwrap();
    let both = [event(&socket, READ), event(&socket, WRITE)];
    assert_eq!(next_events(selector), both);
    assert_eq!(look(selector), []);
}

/// Of many sockets only the one that is ready is reported.
pub fn hears_one_of_many(selector: &mut dyn Selector) {
    let pairs: Vec<_> = (0..60).map(|_| datagrams()).collect();
    for (socket, _) in &pairs {
        arm(selector, socket, READ);
    }
    for chosen in [41, 0, 59] {
        let (socket, peer) = &pairs[chosen];
        peer.send(b"a").unwrap();
        assert_eq!(next_events(selector), [event(socket, READ)]);
        receive(socket);
        arm(selector, socket, READ);
    }
}

/// Of many sockets that are all ready each is reported once.
pub fn hears_each_of_many_once(selector: &mut dyn Selector) {
    let pairs: Vec<_> = (0..60).map(|_| datagrams()).collect();
    for (socket, peer) in pairs.iter().rev() {
        arm(selector, socket, READ);
        peer.send(b"a").unwrap();
    }
    let mut expected: Vec<_> = pairs.iter().map(|pair| event(&pair.0, READ)).collect();
    expected.sort();
    assert_eq!(next_events(selector), expected);
    assert_eq!(look(selector), []);
}

/// A hang-up is reported in all directions that are armed.
pub fn a_hang_up_comes_in_both_directions(selector: &mut dyn Selector) {
    let (socket, peer) = armed_stream(selector);
    drop(peer);
    let both = [event(&socket, READ), event(&socket, WRITE)];
    assert_eq!(next_events(selector), both);
}

/// The end of a stream is something to read.
pub fn a_hang_up_ends_a_wait_to_read(selector: &mut dyn Selector) {
    let (mut socket, peer) = tcp_streams();
    arm(selector, &socket, READ);
    assert_eq!(look(selector), []);
    drop(peer);
    assert_eq!(next_events(selector), [event(&socket, READ)]);
    assert_eq!(socket.read(&mut [0; 8]).unwrap(), 0);
}

/// After a reset a write fails, so it is worth a try.
pub fn a_reset_ends_a_wait_to_write(selector: &mut dyn Selector) {
    let (mut socket, peer) = tcp_streams();
    let mut peer = Some(peer);
    let error = loop {
        match socket.write(&[0; 65_536]) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                arm(selector, &socket, WRITE);
                // The peer leaves without having read, so the connection is reset.
                peer = None;
                assert_eq!(next_events(selector), [event(&socket, WRITE)]);
            }
            Err(error) => break error,
        }
    };
    assert!(peer.is_none());
    let expected = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
    assert!(expected.contains(&error.kind()), "{error}");
}

// --- One-shot ---

/// After its event a direction is silent until it is armed again.
///
/// Promise (selectors): An event disarms its direction.
pub fn an_event_disarms(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    arm(selector, &socket, READ);
    peer.send(b"a").unwrap();
    assert_eq!(next_events(selector), [event(&socket, READ)]);
    // The first datagram is still there, and then a second one too.
    assert_eq!(look(selector), []);
    peer.send(b"b").unwrap();
    assert_eq!(look(selector), []);
    arm(selector, &socket, READ);
    assert_eq!(next_events(selector), [event(&socket, READ)]);
}

/// An event in one direction takes nothing from the other.
///
/// Promise (selectors): An event leaves the other direction armed.
pub fn an_event_leaves_the_other_direction_armed(selector: &mut dyn Selector) {
    let (socket, peer) = armed_stream(selector);
    (&peer).write_all(b"a").unwrap();
    assert_eq!(next_events(selector), [event(&socket, READ)]);
    assert_eq!(look(selector), []);
    empty(&peer);
    assert_eq!(next_events(selector), [event(&socket, WRITE)]);

    // And the other way round: what is there to read was not armed again.
    assert_eq!(look(selector), []);
    empty(&socket);
    fill(&socket);
    arm(selector, &socket, WRITE);
    arm(selector, &socket, READ);
    empty(&peer);
    assert_eq!(next_events(selector), [event(&socket, WRITE)]);
    (&peer).write_all(b"a").unwrap();
    assert_eq!(next_events(selector), [event(&socket, READ)]);
}

/// Two waiters in a line may both arm: there is one event.
pub fn arming_twice_is_arming_once(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    arm(selector, &socket, READ);
    arm(selector, &socket, READ);
    peer.send(b"a").unwrap();
    assert_eq!(next_events(selector), [event(&socket, READ)]);
    assert_eq!(look(selector), []);
}

/// Only what was armed is reported.
pub fn what_was_never_armed_is_silent(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    peer.send(b"a").unwrap();
    assert_eq!(look(selector), []);
    arm(selector, &socket, READ);
    assert_eq!(next_events(selector), [event(&socket, READ)]);
}

// --- Disarming ---

/// What was disarmed is silent, and can be armed again.
///
/// Promise (selectors): A disarmed socket is silent, and a descriptor that is reused is another
/// socket.
pub fn disarming_silences(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    arm(selector, &socket, READ);
    selector.disarm(socket.as_raw_fd(), READ);
    peer.send(b"a").unwrap();
    assert_eq!(look(selector), []);
    arm(selector, &socket, READ);
    assert_eq!(next_events(selector), [event(&socket, READ)]);
}

/// Disarming one direction takes nothing from the other.
pub fn disarming_leaves_the_other_direction(selector: &mut dyn Selector) {
    for (gone, left) in [(READ, WRITE), (WRITE, READ)] {
        let (socket, peer) = armed_stream(selector);
        selector.disarm(socket.as_raw_fd(), gone);
        empty(&peer);
        (&peer).write_all(b"a").unwrap();
        assert_eq!(next_events(selector), [event(&socket, left)]);
        assert_eq!(look(selector), []);
    }
}

/// Disarming never fails, and takes nothing else.
pub fn disarming_what_is_not_armed_is_nothing(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    selector.disarm(socket.as_raw_fd(), READ);
    arm(selector, &socket, READ);
    selector.disarm(socket.as_raw_fd(), WRITE);
    peer.send(b"a").unwrap();
    assert_eq!(next_events(selector), [event(&socket, READ)]);
    selector.disarm(socket.as_raw_fd(), READ);
    assert_eq!(look(selector), []);
}

/// A socket that was disarmed and closed ends no wait, not even by its hang-up.
pub fn a_closed_socket_is_silent(selector: &mut dyn Selector) {
    let (socket, peer) = armed_stream(selector);
    // The copy keeps the stream open, though its number is gone.
    let copy = socket.try_clone().unwrap();
    selector.disarm(socket.as_raw_fd(), READ);
    selector.disarm(socket.as_raw_fd(), WRITE);
    drop(socket);
    drop(peer);
    assert_eq!(look(selector), []);
    drop(copy);
    assert_eq!(look(selector), []);
}

/// Closes the socket of a pair, and returns another pair, whose socket has the same number.
pub fn reopened(socket: UnixDatagram) -> (UnixDatagram, UnixDatagram) {
    let number: RawFd = socket.as_raw_fd();
    let mut others = Vec::new();
    drop(socket);
    // Other threads open sockets too, so one of theirs may have the number for a while.
    loop {
        let (a, b) = datagrams();
        b.set_nonblocking(true).unwrap();
        if a.as_raw_fd() == number {
            return (a, b);
        }
        if b.as_raw_fd() == number {
            return (b, a);
        }
        others.push((a, b));
        if others.len() > 100 {
            others.clear();
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// After disarming and closing, the number may be another socket's.
///
/// Promise (selectors): A disarmed socket is silent, and a descriptor that is reused is another
/// socket.
pub fn a_reused_number_is_another_socket(selector: &mut dyn Selector) {
    let (socket, old_peer) = datagrams();
    arm(selector, &socket, READ);
    selector.disarm(socket.as_raw_fd(), READ);
    let (socket, peer) = reopened(socket);
    drop(old_peer);
    peer.send(b"a").unwrap();
    assert_eq!(look(selector), []);
    arm(selector, &socket, READ);
    assert_eq!(next_events(selector), [event(&socket, READ)]);
}

/// A socket whose events have all come may be closed without disarming.
pub fn a_reused_number_after_an_event_works(selector: &mut dyn Selector) {
    let (mut socket, mut peer) = datagrams();
    for round in 0..3 {
        arm(selector, &socket, READ);
        peer.send(&[round]).unwrap();
        assert_eq!(next_events(selector), [event(&socket, READ)]);
        assert_eq!(receive(&socket), round);
        (socket, peer) = reopened(socket);
    }
}

// --- Time ---

/// A timeout is never over early, and a fraction of a millisecond does not become a busy loop.
///
/// Promise (selectors): A wait is never early, and a signal does not end it.
pub fn a_wait_is_never_early(selector: &mut dyn Selector) {
    let (socket, _peer) = datagrams();
    arm(selector, &socket, READ);
    for micros in [1, 300, 999, 1_000, 1_001, 10_900, 25_000] {
        let timeout = Duration::from_micros(micros);
        let (start, mut events) = (Instant::now(), Vec::new());
        selector.wait(Some(timeout), &mut events).unwrap();
        let elapsed = start.elapsed();
        assert!(elapsed >= timeout, "early by {:?}", timeout - elapsed);
        assert!(elapsed < timeout + Duration::from_secs(20));
        assert_eq!(events, []);
    }
}

/// A timeout of zero returns at once.
pub fn zero_is_a_look(selector: &mut dyn Selector) {
    let (socket, _peer) = datagrams();
    arm(selector, &socket, READ);
    assert_eq!(look(selector), []);
}

/// A timeout of zero reports what is ready.
pub fn zero_reports_what_is_ready(selector: &mut dyn Selector) {
    let (socket, peer) = datagrams();
    arm(selector, &socket, READ);
    peer.send(b"a").unwrap();
    assert_eq!(look(selector), [event(&socket, READ)]);
}

/// Without a timeout a wait ends with an event.
pub fn none_waits_for_an_event(selector: &mut dyn Selector) {
    ends_with_an_event(selector, None);
}

/// A timeout that no clock can show is none.
pub fn max_waits_for_an_event(selector: &mut dyn Selector) {
    ends_with_an_event(selector, Some(Duration::MAX));
}

fn ends_with_an_event(selector: &mut dyn Selector, timeout: Option<Duration>) {
    let (socket, peer) = datagrams();
    arm(selector, &socket, READ);
    let thread = thread::spawn(move || {
        // So that the wait has most likely begun; the test holds either way.
        thread::sleep(Duration::from_millis(20));
        peer.send(b"a").unwrap();
        peer
    });
    let mut events = Vec::new();
    selector.wait(timeout, &mut events).unwrap();
    assert_eq!(events, [event(&socket, READ)]);
    drop(thread.join().unwrap());
}

/// What was in the list of events before a wait is gone after it.
pub fn a_wait_clears_the_events(selector: &mut dyn Selector) {
    let (socket, _peer) = datagrams();
    let mut events = vec![event(&socket, READ)];
    selector.wait(Some(Duration::ZERO), &mut events).unwrap();
    assert_eq!(events, []);
}

/// After a signal a wait continues against the same deadline, and is not an error.
///
/// Promise (selectors): A wait is never early, and a signal does not end it.
///
/// Classic bug: EINTR unwrapped
pub fn a_signal_does_not_end_a_wait(selector: &mut dyn Selector) {
    let (socket, _peer) = datagrams();
    arm(selector, &socket, READ);
    let timeout = Duration::from_millis(100);
    let (start, mut events) = (Instant::now(), Vec::new());
    let (result, signals) = signals::under_signals(|| selector.wait(Some(timeout), &mut events));
    let elapsed = start.elapsed();
    result.unwrap();
    assert!(signals > 0);
    assert!(elapsed >= timeout, "early by {:?}", timeout - elapsed);
    assert!(elapsed < timeout + Duration::from_secs(20));
    assert_eq!(events, []);
}

/// While nothing happens a wait does not spin: it takes hardly any processor time. (Linux only.)
pub fn an_idle_wait_takes_no_processor_time(selector: &mut dyn Selector) {
    let (socket, _peer) = armed_stream(selector);
    // This one is writable all the time, and has hung up after its event.
    let (writable, peer) = streams();
    arm(selector, &writable, READ);
    (&peer).write_all(b"a").unwrap();
    assert_eq!(next_events(selector), [event(&writable, READ)]);
    drop(peer);
    for millis in [100, 10, 1] {
        let timeout = Duration::from_millis(millis) + Duration::from_micros(900);
        let Some(before) = processor_time() else {
            return;
        };
        for _ in 0..100 / millis {
            let mut events = Vec::new();
            selector.wait(Some(timeout), &mut events).unwrap();
            assert_eq!(events, []);
        }
        let taken = processor_time().unwrap() - before;
        assert!(
            taken < Duration::from_millis(50),
            "{taken:?} of {timeout:?}"
        );
    }
    drop(socket);
}

/// What this thread has taken of a processor so far, where the system tells.
fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}
