//! What if there is no executor here, or already one? A panic says what to do, at the caller's line.

use std::thread;
use std::time::{Duration, Instant};

use step5_executor::net::{TcpListener, TcpStream, UdpSocket};
use step5_executor::{
    Executor, block_on, hold_clock, interval, now, sleep, sleep_until, spawn, spawn_named, timeout,
};
use testing::{foreign, panic_message};

use crate::support::{SECOND, udp, virtually};

fn needs_an_executor(what: &str) -> String {
    format!(
        "{what} needs an executor: \
         use it inside of `block_on(async {{ .. }})`, or of a task that was spawned there"
    )
}

#[test]
fn spawn_says_that_it_needs_an_executor() {
    let expected = needs_an_executor("spawn");
    assert_eq!(panic_message::of(|| spawn(async {})), expected);
    assert_eq!(panic_message::of(|| spawn_named("a", async {})), expected);
}

#[test]
fn sleeps_say_that_they_need_an_executor() {
    let (expected, soon) = (needs_an_executor("a sleep"), Instant::now());
    assert_eq!(panic_message::of(|| sleep(SECOND)), expected);
    assert_eq!(panic_message::of(|| sleep_until(soon)), expected);
    assert_eq!(panic_message::of(|| timeout(SECOND, async {})), expected);
    let expected = needs_an_executor("an interval");
    assert_eq!(panic_message::of(|| interval(SECOND)), expected);
}

#[test]
fn holding_the_clock_needs_an_executor() {
    assert_eq!(
        panic_message::of(hold_clock),
        needs_an_executor("hold_clock")
    );
}

/// Sockets are made and asked for their address anywhere, and wait in an executor.
#[test]
fn sockets_say_that_they_need_an_executor() {
    let socket = udp();
    socket.connect(socket.local_addr().unwrap()).unwrap();
    let expected = needs_an_executor("a socket");
    let (mut a, mut b) = ([0], [0]);
    let message = panic_message::of(|| foreign::block_on(socket.recv_from(&mut a)));
    assert_eq!(message, expected);
    let message = panic_message::of(|| foreign::block_on(socket.recv(&mut b)));
    assert_eq!(message, expected);
    // What need not wait needs no executor.
    assert_eq!(foreign::block_on(socket.send(&[0])).unwrap(), 1);

    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let message = panic_message::of(|| foreign::block_on(listener.accept()));
    assert_eq!(message, expected);
    let connect = TcpStream::connect(listener.local_addr().unwrap());
    assert_eq!(panic_message::of(|| foreign::block_on(connect)), expected);
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
    let expected = needs_an_executor("spawn");
    block_on(async {});
    assert_eq!(panic_message::of(|| spawn(async {})), expected);
    panic_message::of(|| block_on(async { panic!("oh") }));
    assert_eq!(panic_message::of(|| spawn(async {})), expected);
}

// --- block_on inside of block_on ---

const NESTED: &str =
    "block_on inside of block_on would stop all tasks: await the future, or spawn it";

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
