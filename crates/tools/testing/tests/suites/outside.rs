//! What if there is no executor here, or already one? A panic says what to do, at the caller's
//! line.

use std::thread;
use std::time::Instant;

use testing::{foreign, panic_message};

use crate::executor::net::{TcpListener, UdpSocket};
use crate::executor::{
    Executor, block_on, hold_clock, interval, now, sleep, sleep_until, spawn, spawn_named, timeout,
};
use crate::suites::support::{SECOND, udp, virtually};

/// Asserts that a panic says where to use what needs an executor.
#[track_caller]
fn assert_outside<T>(run: impl FnOnce() -> T) {
    let message = panic_message::of(run);
    let place = "inside of `block_on(async { .. })`";
    assert!(message.contains(place), "{message}");
}

#[test]
fn what_needs_an_executor_says_so() {
    let soon = Instant::now();
    assert_outside(|| spawn(async {}));
    assert_outside(|| spawn_named("a", async {}));
    assert_outside(|| sleep(SECOND));
    assert_outside(|| sleep_until(soon));
    assert_outside(|| timeout(SECOND, async {}));
    assert_outside(|| interval(SECOND));
    assert_outside(hold_clock);
}

/// Sockets can be made, and asked for their address, anywhere.
#[test]
fn sockets_say_that_they_wait_in_an_executor() {
    let socket = udp();
    socket.connect(socket.local_addr().unwrap()).unwrap();
    let (mut a, mut b) = ([0], [0]);
    assert_outside(|| foreign::block_on(socket.recv_from(&mut a)));
    assert_outside(|| foreign::block_on(socket.recv(&mut b)));
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    assert_outside(|| foreign::block_on(listener.accept()));
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
    assert_outside(|| spawn(async {}));
    panic_message::of(|| block_on(async { panic!("oh") }));
    assert_outside(|| spawn(async {}));
}

// --- block_on inside of block_on ---

/// Asserts that a panic says what to do instead of a nested `block_on`.
#[track_caller]
fn assert_nested<T>(run: impl FnOnce() -> T) {
    let message = panic_message::of(run);
    assert!(message.contains("await the future"), "{message}");
}

#[test]
fn a_nested_block_on_says_what_to_do() {
    let executor = Executor::new().unwrap();
    let other = Executor::new().unwrap();
    executor.block_on(async {
        assert_nested(|| block_on(async {}));
        assert_nested(|| executor.block_on(async {}));
        assert_nested(|| other.block_on(async {}));
    });
    // Both executors still work.
    let sum = executor.block_on(async { 1 }) + other.block_on(async { 2 });
    assert_eq!(sum, 3);
}

#[test]
fn a_nested_block_on_fails_its_task_alone() {
    let error = virtually(async { spawn(async { block_on(async {}) }).await.unwrap_err() });
    assert!(error.to_string().contains("await the future"), "{error}");
}

#[test]
fn a_block_on_on_another_thread_is_not_nested() {
    let output = block_on(async { thread::spawn(|| block_on(async { 7 })).join().unwrap() });
    assert_eq!(output, 7);
}
