//! Does the selector on edge-triggered `epoll` lose nothing, and how many system calls does it
//! take?
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::process::Command;
use std::time::{Duration, Instant};

use step4_select::{Direction, Event, Select, Selector};
use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{Epoll, Executor, spawn};
use testing::watchdog::within_a_minute;

const READ: Direction = Direction::Read;
const WRITE: Direction = Direction::Write;

/// The promises of every selector, except those that a caller relies on who arms without a try, or
/// closes a socket without disarming it.
mod promises {
    use step8_fast_executor::Epoll;

    testing::conformance_tests!(|| Box::new(Epoll::new().unwrap());
        hears_a_datagram hears_what_came_before_arming hears_what_comes_after_arming
        hears_what_came_between_try_and_arming hears_room_in_a_buffer
        hears_both_directions hears_one_of_many hears_each_of_many_once
        a_hang_up_comes_in_both_directions a_hang_up_ends_a_wait_to_read
        a_reset_ends_a_wait_to_write an_event_leaves_the_other_direction_armed
        arming_twice_is_arming_once what_was_never_armed_is_silent disarming_silences
        disarming_what_is_not_armed_is_nothing a_closed_socket_is_silent
        a_reused_number_is_another_socket a_wait_is_never_early zero_is_a_look
        zero_reports_what_is_ready none_waits_for_an_event max_waits_for_an_event
        a_wait_clears_the_events a_signal_does_not_end_a_wait
        an_idle_wait_takes_no_processor_time
    );
}

/// The same on a kernel that is older than `epoll_pwait2`, or in a container that forbids it.
mod old_kernel {
    use step4_select::Selector;
    use step8_fast_executor::Epoll;
    use testing::old_kernel::{ENOSYS, refuse_epoll_pwait2};

    /// Makes a selector on an old kernel. Each test calls this on a thread of its own.
    fn make() -> Box<dyn Selector> {
        if !refuse_epoll_pwait2(ENOSYS) {
            eprintln!("the system allows no filter, so this runs on the kernel as it is");
        }
        Box::new(Epoll::new().unwrap())
    }

    testing::conformance_tests!(make;
        hears_a_datagram a_wait_is_never_early zero_is_a_look max_waits_for_an_event
        a_signal_does_not_end_a_wait an_idle_wait_takes_no_processor_time
    );
}

/// A socket that does not block, and its peer. What is sent has arrived when `send` returns.
fn datagrams() -> (UnixDatagram, UnixDatagram) {
    let (socket, peer) = UnixDatagram::pair().unwrap();
    socket.set_nonblocking(true).unwrap();
    (socket, peer)
}

fn streams() -> (UnixStream, UnixStream) {
    let (socket, peer) = UnixStream::pair().unwrap();
    socket.set_nonblocking(true).unwrap();
    peer.set_nonblocking(true).unwrap();
    (socket, peer)
}

fn try_in_vain(socket: &UnixDatagram) {
    let error = socket.recv(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

fn receive(socket: &UnixDatagram) -> u8 {
    let mut buffer = [0];
    socket.recv(&mut buffer).unwrap();
    buffer[0]
}

fn fill(mut stream: &UnixStream) {
    let error = loop {
        if let Err(error) = stream.write(&[0; 65_536]) {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

fn empty(mut stream: &UnixStream) {
    let mut buffer = vec![0; 65_536];
    while stream.read(&mut buffer).is_ok() {}
}

/// Waits for as long as it takes.
fn wait(selector: &mut dyn Selector) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(None, &mut events).unwrap();
    events
}

fn look(selector: &mut dyn Selector) -> Vec<Event> {
    let mut events = Vec::new();
    selector.wait(Some(Duration::ZERO), &mut events).unwrap();
    events
}

fn event(socket: &impl AsRawFd, direction: Direction) -> Event {
    let fd = socket.as_raw_fd();
    Event { fd, direction }
}

// --- Edges ---

#[test]
fn of_two_datagrams_and_one_read_none_is_lost() {
    within_a_minute(|| {
        let (socket, peer) = datagrams();
        let mut selector = Epoll::new().unwrap();
        try_in_vain(&socket);
        selector.arm(socket.as_raw_fd(), READ).unwrap();
        peer.send(&[1]).unwrap();
        peer.send(&[2]).unwrap();
        assert_eq!(wait(&mut selector), [event(&socket, READ)]);
        assert_eq!(receive(&socket), 1);
        // The next caller tries first, and finds the second datagram without any event.
        assert_eq!(receive(&socket), 2);
        try_in_vain(&socket);
        selector.arm(socket.as_raw_fd(), READ).unwrap();
        peer.send(&[3]).unwrap();
        assert_eq!(wait(&mut selector), [event(&socket, READ)]);
        assert_eq!(receive(&socket), 3);
    });
}

/// It is against the stricter rule. `Select` forgives it, so this is where the two differ.
#[test]
fn arming_without_a_try_may_wait_in_vain() {
    within_a_minute(|| {
        let second_is_reported = |selector: &mut dyn Selector| {
            let (socket, peer) = datagrams();
            try_in_vain(&socket);
            selector.arm(socket.as_raw_fd(), READ).unwrap();
            peer.send(&[1]).unwrap();
            peer.send(&[2]).unwrap();
            assert_eq!(wait(selector), [event(&socket, READ)]);
            assert_eq!(receive(&socket), 1);
            selector.arm(socket.as_raw_fd(), READ).unwrap();
            let is_reported = look(selector) == [event(&socket, READ)];
            selector.disarm(socket.as_raw_fd(), READ);
            is_reported
        };
        assert!(second_is_reported(&mut Select::new().unwrap()));
        assert!(!second_is_reported(&mut Epoll::new().unwrap()));
    });
}

#[test]
fn datagram_between_try_and_arming_is_reported() {
    within_a_minute(|| {
        let (socket, peer) = datagrams();
        let mut selector = Epoll::new().unwrap();
        // In the first round the kernel does not know the socket yet.
        for round in 0..3 {
            try_in_vain(&socket);
            peer.send(&[round]).unwrap();
            selector.arm(socket.as_raw_fd(), READ).unwrap();
            assert_eq!(wait(&mut selector), [event(&socket, READ)]);
            assert_eq!(receive(&socket), round);
        }
    });
}

/// In the first round writing is not asked for yet: asking reports what is so. In later rounds it
/// is a change like any other.
#[test]
fn room_between_try_and_arming_is_reported() {
    for reads_first in [false, true] {
        within_a_minute(move || {
            let (socket, peer) = streams();
            let mut selector = Epoll::new().unwrap();
            if reads_first {
                selector.arm(socket.as_raw_fd(), READ).unwrap();
            }
            for _round in 0..3 {
                fill(&socket);
                empty(&peer);
                selector.arm(socket.as_raw_fd(), WRITE).unwrap();
                assert_eq!(wait(&mut selector), [event(&socket, WRITE)]);
            }
        });
    }
}

/// A change is dropped if the direction is not armed: the next caller finds it by trying.
#[test]
fn dropped_change_is_found_by_trying() {
    within_a_minute(|| {
        let (socket, peer) = datagrams();
        let mut selector = Epoll::new().unwrap();
        try_in_vain(&socket);
        selector.arm(socket.as_raw_fd(), READ).unwrap();
        selector.arm(socket.as_raw_fd(), WRITE).unwrap();
        assert_eq!(wait(&mut selector), [event(&socket, WRITE)]);
        peer.send(&[1]).unwrap();
        assert_eq!(wait(&mut selector), [event(&socket, READ)]);
        peer.send(&[2]).unwrap();
        assert_eq!(look(&mut selector), []);
        assert_eq!((receive(&socket), receive(&socket)), (1, 2));
        try_in_vain(&socket);
        peer.send(&[3]).unwrap();
        selector.arm(socket.as_raw_fd(), READ).unwrap();
        assert_eq!(wait(&mut selector), [event(&socket, READ)]);
    });
}

/// Asking for writing makes the kernel look at both directions again.
#[test]
fn arming_for_writing_leaves_the_reader() {
    within_a_minute(|| {
        let (socket, peer) = streams();
        let mut selector = Epoll::new().unwrap();
        fill(&socket);
        selector.arm(socket.as_raw_fd(), READ).unwrap();
        (&peer).write_all(b"a").unwrap();
        selector.arm(socket.as_raw_fd(), WRITE).unwrap();
        assert_eq!(wait(&mut selector), [event(&socket, READ)]);
        empty(&peer);
        assert_eq!(wait(&mut selector), [event(&socket, WRITE)]);
    });
}

// --- System calls ---

/// Promise (selectors): Arming a socket again takes no system call.
#[test]
fn arming_for_reading_again_is_no_system_call() {
    let (socket, peer) = datagrams();
    let mut selector = Epoll::new().unwrap();
    for _ in 0..10 {
        try_in_vain(&socket);
        selector.arm(socket.as_raw_fd(), READ).unwrap();
        selector.arm(socket.as_raw_fd(), READ).unwrap();
        peer.send(b"a").unwrap();
        assert_eq!(wait(&mut selector).len(), 1);
        assert_eq!(receive(&socket), b'a');
    }
    assert_eq!((selector.controls(), selector.calls()), (1, 10));
    selector.disarm(socket.as_raw_fd(), READ);
    assert_eq!(selector.controls(), 2);
    selector.disarm(socket.as_raw_fd(), READ);
    selector.disarm(socket.as_raw_fd(), WRITE);
    assert_eq!(selector.controls(), 2);
}

#[test]
fn writing_is_asked_for_once() {
    let (socket, peer) = streams();
    let mut selector = Epoll::new().unwrap();
    selector.arm(socket.as_raw_fd(), READ).unwrap();
    for _ in 0..10 {
        fill(&socket);
        selector.arm(socket.as_raw_fd(), WRITE).unwrap();
        empty(&peer);
        assert_eq!(wait(&mut selector), [event(&socket, WRITE)]);
    }
    assert_eq!(selector.controls(), 2);
    // To wait for writing from the beginning is one call.
    let (other, _peer) = streams();
    fill(&other);
    selector.arm(other.as_raw_fd(), WRITE).unwrap();
    assert_eq!(selector.controls(), 3);
}

/// Waits in vain, and returns how many system calls that took.
fn calls_of_an_idle_wait(selector: &mut Epoll) -> u64 {
    let before = selector.calls();
    let mut events = Vec::new();
    let timeout = Some(Duration::from_millis(10));
    selector.wait(timeout, &mut events).unwrap();
    assert_eq!(events, []);
    selector.calls() - before
}

/// When a datagram is read, its sender has more room, and if the sender had asked for that, its
/// next wait would be disturbed.
///
/// Classic bug: Write interest held while idle
#[test]
fn reader_is_not_disturbed_by_room_to_write() {
    within_a_minute(|| {
        let (socket, peer) = datagrams();
        let mut selector = Epoll::new().unwrap();
        // The first wait takes one more where the exact call is refused.
        calls_of_an_idle_wait(&mut selector);
        try_in_vain(&socket);
        selector.arm(socket.as_raw_fd(), READ).unwrap();
        socket.send(b"a").unwrap();
        peer.recv(&mut [0]).unwrap();
        assert_eq!(calls_of_an_idle_wait(&mut selector), 1);
    });
}

#[test]
fn change_that_is_not_armed_disturbs_one_wait() {
    within_a_minute(|| {
        let (socket, peer) = streams();
        let mut selector = Epoll::new().unwrap();
        calls_of_an_idle_wait(&mut selector);
        fill(&socket);
        // Now writing is asked for, and stays asked for.
        selector.arm(socket.as_raw_fd(), WRITE).unwrap();
        empty(&peer);
        assert_eq!(wait(&mut selector).len(), 1);
        fill(&socket);
        empty(&peer);
        // One that drops the change, and one that waits.
        assert_eq!(calls_of_an_idle_wait(&mut selector), 2);
        assert_eq!(calls_of_an_idle_wait(&mut selector), 1);
    });
}

/// A selector that the test looks into while an executor has it; clones are the same.
#[derive(Clone)]
struct Shared(std::rc::Rc<std::cell::RefCell<Epoll>>);

impl Shared {
    fn executor() -> (Executor, Shared) {
        let epoll = Epoll::new().unwrap();
        let shared = Shared(std::rc::Rc::new(std::cell::RefCell::new(epoll)));
        (Executor::with_selector(shared.clone()).unwrap(), shared)
    }

    fn calls(&self) -> u64 {
        self.0.borrow().calls()
    }

    fn controls(&self) -> u64 {
        self.0.borrow().controls()
    }
}

impl Selector for Shared {
    fn arm(&mut self, fd: i32, direction: Direction) -> std::io::Result<()> {
        self.0.borrow_mut().arm(fd, direction)
    }

    fn disarm(&mut self, fd: i32, direction: Direction) {
        self.0.borrow_mut().disarm(fd, direction);
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> std::io::Result<()> {
        self.0.borrow_mut().wait(timeout, events)
    }
}

#[test]
fn a_round_trip_changes_nothing_in_the_set() {
    within_a_minute(|| {
        const ROUND_TRIPS: u64 = 1_000;
        let (executor, selector) = Shared::executor();
        executor.block_on(async {
            let any = "127.0.0.1:0".parse().unwrap();
            let (here, there) = (UdpSocket::bind(any).unwrap(), UdpSocket::bind(any).unwrap());
            here.connect(there.local_addr().unwrap()).unwrap();
            there.connect(here.local_addr().unwrap()).unwrap();
            drop(spawn(async move {
                loop {
                    there.recv(&mut [0]).await.unwrap();
                    there.send(&[1]).await.unwrap();
                }
            }));
            let round_trip = async || {
                here.send(&[0]).await.unwrap();
                here.recv(&mut [0]).await.unwrap();
            };
            // The kernel learns of each socket at its first wait.
            round_trip().await;
            let (calls, controls) = (selector.calls(), selector.controls());
            for _ in 0..ROUND_TRIPS {
                round_trip().await;
            }
            assert_eq!(selector.controls(), controls);
            // One for either task; and at most one more in all, where the first exact one was
            // refused.
            let calls = selector.calls() - calls;
            assert!(calls <= 2 * ROUND_TRIPS + 1, "{calls} waits");
        });
    });
}

#[test]
fn connection_changes_the_set_a_few_times() {
    within_a_minute(|| {
        let (executor, selector) = Shared::executor();
        let before = selector.controls();
        executor.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let address = listener.local_addr().unwrap();
            let client = spawn(async move {
                let stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(b"hello").await.unwrap();
                stream.read(&mut [0]).await.unwrap()
            });
            let (stream, _) = listener.accept().await.unwrap();
            let mut filled = 0;
            while filled < 5 {
                filled += stream.read(&mut [0; 5]).await.unwrap();
            }
            drop(stream);
            assert_eq!(client.await.unwrap(), 0);
        });
        // Listener, client and server, each added and taken out at most once, and one connect to
        // wait for.
        let controls = selector.controls() - before;
        assert!(controls <= 7, "{controls} changes of the set");
    });
}

// --- Precision ---

/// Waits, and returns how many calls that took, and how long.
fn timed(selector: &mut Epoll, timeout: Duration) -> (u64, Duration) {
    let (calls, start) = (selector.calls(), Instant::now());
    selector.wait(Some(timeout), &mut Vec::new()).unwrap();
    (selector.calls() - calls, start.elapsed())
}

#[test]
fn idle_wait_is_one_call() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        // Only where the exact call is refused is there a second one, once.
        assert!(timed(&mut selector, Duration::from_millis(50)).0 <= 2);
        assert_eq!(timed(&mut selector, Duration::from_millis(50)).0, 1);
    });
}

/// Classic bug: Timer rounded down to 0 ms
#[test]
fn short_wait_is_one_call() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        timed(&mut selector, Duration::ZERO);
        for timeout_us in [1, 300, 999, 1_001, 10_900] {
            let calls = timed(&mut selector, Duration::from_micros(timeout_us)).0;
            assert_eq!(calls, 1, "{timeout_us} µs");
        }
    });
}

#[test]
fn timeout_is_not_rounded_up_to_milliseconds() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        if timed(&mut selector, Duration::ZERO).0 > 1 {
            eprintln!("skipped: the system lacks epoll_pwait2");
            return;
        }
        let tries = (0..1_000).map(|_| timed(&mut selector, Duration::from_micros(50)).1);
        // The best of many, because any of them may be disturbed.
        assert!(tries.min().unwrap() < Duration::from_millis(1));
    });
}

/// Runs `body` with a fresh selector where that call is refused with this error.
fn on_old_kernel(error: u32, body: fn(Epoll)) {
    within_a_minute(
        move || match testing::old_kernel::refuse_epoll_pwait2(error) {
            true => body(Epoll::new().unwrap()),
            false => eprintln!("skipped: the system allows no filter"),
        },
    );
}

#[test]
fn refused_call_is_tried_once() {
    for error in [testing::old_kernel::ENOSYS, testing::old_kernel::EPERM] {
        on_old_kernel(error, |mut selector| {
            // The exact call is tried, and refused.
            assert_eq!(timed(&mut selector, Duration::from_millis(5)).0, 2);
            assert_eq!(timed(&mut selector, Duration::from_millis(5)).0, 1);
        });
    }
}

/// Classic bug: Timer rounded down to 0 ms
#[test]
fn short_wait_is_one_call_on_an_old_kernel() {
    on_old_kernel(testing::old_kernel::ENOSYS, |mut selector| {
        timed(&mut selector, Duration::ZERO);
        for timeout_us in [1, 300, 999, 1_001, 10_900] {
            let calls = timed(&mut selector, Duration::from_micros(timeout_us)).0;
            assert_eq!(calls, 1, "{timeout_us} µs");
        }
    });
}

// --- Mistakes ---

#[test]
fn file_is_refused_in_words() {
    let file = File::open("/proc/self/exe").unwrap();
    let mut selector = Epoll::new().unwrap();
    // Twice, because a refusal leaves nothing behind.
    for _ in 0..2 {
        let error = selector.arm(file.as_raw_fd(), READ).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let words = error.to_string();
        let number = format!("descriptor {} ", file.as_raw_fd());
        for word in [&*number, "a file", "sockets"] {
            assert!(words.contains(word), "{word:?} is not in {words:?}");
        }
    }
    selector.disarm(file.as_raw_fd(), READ);
    assert_eq!(look(&mut selector), []);
}

#[test]
fn descriptor_that_is_not_open_is_refused() {
    let mut selector = Epoll::new().unwrap();
    for fd in [i32::MAX, -1] {
        assert!(selector.arm(fd, READ).is_err());
        selector.disarm(fd, READ);
    }
}

#[test]
fn a_started_program_does_not_inherit_the_set() {
    let _selector = Epoll::new().unwrap();
    let output = Command::new("ls")
        .args(["-l", "/proc/self/fd"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let open = String::from_utf8(output.stdout).unwrap();
    assert!(
        open.contains("pipe:") && !open.contains("eventpoll"),
        "{open}"
    );
}
