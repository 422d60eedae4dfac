//! What if there is no executor here, or already one? A panic says what to do, at the caller's
//! line.

use std::thread;
use std::time::{Duration, Instant};

use step5_executor::net::{TcpListener, TcpStream, UdpSocket};
use step5_executor::{
    Executor, block_on, hold_clock, interval, now, sleep, sleep_until, spawn, spawn_named, timeout,
};
use testing::{foreign, panic_message};

use crate::support::{SECOND, udp, virtually};

const OUTSIDE: &str = "there is no executor here: use this inside of `block_on(async { .. })`";

#[test]
fn what_needs_an_executor_says_so() {
    let soon = Instant::now();
    assert_eq!(panic_message::of(|| spawn(async {})), OUTSIDE);
    assert_eq!(panic_message::of(|| spawn_named("a", async {})), OUTSIDE);
    assert_eq!(panic_message::of(|| sleep(SECOND)), OUTSIDE);
    assert_eq!(panic_message::of(|| sleep_until(soon)), OUTSIDE);
    assert_eq!(panic_message::of(|| timeout(SECOND, async {})), OUTSIDE);
    assert_eq!(panic_message::of(|| interval(SECOND)), OUTSIDE);
    assert_eq!(panic_message::of(hold_clock), OUTSIDE);
}

/// They are made and asked for their address anywhere.
#[test]
fn sockets_say_that_they_wait_in_an_executor() {
    let socket = udp();
    socket.connect(socket.local_addr().unwrap()).unwrap();
    let (mut a, mut b) = ([0], [0]);
    let message = panic_message::of(|| foreign::block_on(socket.recv_from(&mut a)));
    assert_eq!(message, OUTSIDE);
    let message = panic_message::of(|| foreign::block_on(socket.recv(&mut b)));
    assert_eq!(message, OUTSIDE);
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let message = panic_message::of(|| foreign::block_on(listener.accept()));
    assert_eq!(message, OUTSIDE);
}

#[test]
fn what_waits_for_no_socket_works_outside() {
    let socket = udp();
    socket.connect(socket.local_addr().unwrap()).unwrap();
    assert_eq!(foreign::block_on(socket.send(&[0])).unwrap(), 1);
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let stream = foreign::block_on(TcpStream::connect(address)).unwrap();
    assert_eq!(foreign::block_on(stream.write(b"hello")).unwrap(), 5);
}

#[test]
fn a_socket_that_was_used_outside_works_inside() {
    let socket: UdpSocket = udp();
    let address = socket.local_addr().unwrap();
    panic_message::of(|| foreign::block_on(socket.recv_from(&mut [0])));
    block_on(async {
        socket.send_to(&[7], address).await.unwrap();
        let mut buffer = [0];
        socket.recv_from(&mut buffer).await.unwrap();
        assert_eq!(buffer, [7]);
    });
}

#[test]
fn outside_now_is_the_time_of_the_system() {
    let before = Instant::now();
    let now = now();
    assert!(before <= now && now <= Instant::now());
}

#[test]
fn after_block_on_it_is_outside_again() {
    block_on(async {});
    assert_eq!(panic_message::of(|| spawn(async {})), OUTSIDE);
    panic_message::of(|| block_on(async { panic!("oh") }));
    assert_eq!(panic_message::of(|| spawn(async {})), OUTSIDE);
}

// --- block_on inside of block_on ---

const NESTED: &str = "nested block_on: await the future";

#[test]
fn a_nested_block_on_says_what_to_do() {
    let executor = Executor::new().unwrap();
    let other = Executor::new().unwrap();
    executor.block_on(async {
        assert_eq!(panic_message::of(|| block_on(async {})), NESTED);
        assert_eq!(panic_message::of(|| executor.block_on(async {})), NESTED);
        assert_eq!(panic_message::of(|| other.block_on(async {})), NESTED);
    });
    // Neither is the worse for it.
    let sum = executor.block_on(async { 1 }) + other.block_on(async { 2 });
    assert_eq!(sum, 3);
}

#[test]
fn a_nested_block_on_fails_its_task_alone() {
    let error = virtually(async { spawn(async { block_on(async {}) }).await.unwrap_err() });
    assert_eq!(error.to_string(), format!("the task panicked: {NESTED}"));
}

#[test]
fn a_block_on_on_another_thread_is_not_nested() {
    let output = block_on(async { thread::spawn(|| block_on(async { 7 })).join().unwrap() });
    assert_eq!(output, 7);
}

// --- Whose line is named? ---

/// Asserts that the panic of `run` names the line on which `run` is written.
#[track_caller]
fn assert_own_line<T>(run: impl FnOnce() -> T) {
    let here = std::panic::Location::caller();
    let (file, line) = panic_message::place_of(run);
    assert_eq!((&file[..], line), (here.file(), here.line()));
}

#[test]
fn the_panic_names_the_callers_line() {
    let soon = Instant::now();
    assert_own_line(|| spawn(async {}));
    assert_own_line(|| spawn_named("a", async {}));
    assert_own_line(|| sleep(SECOND));
    assert_own_line(|| sleep_until(soon));
    assert_own_line(|| timeout(SECOND, async {}));
    assert_own_line(|| interval(SECOND));
    assert_own_line(|| interval(Duration::ZERO));
    assert_own_line(|| hold_clock());
}

#[test]
fn a_nested_block_on_names_the_callers_line() {
    let executor = Executor::new().unwrap();
    executor.block_on(async {
        assert_own_line(|| block_on(async {}));
        assert_own_line(|| executor.block_on(async {}));
    });
}
