//! What if there is no executor here, or already one? A panic says which function needs what.

use std::time::Instant;

use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{
    Executor, block_on, hold_clock, interval, sleep, sleep_until, spawn, timeout,
};
use testing::{foreign, panic_message};

use crate::support::SECOND;

/// Asserts that the panic says that this needs an executor.
#[track_caller]
fn assert_needs_one<T>(what: &str, run: impl FnOnce() -> T) {
    let expected = format!(
        "{what} needs an executor: use it inside of `block_on(async {{ .. }})`, \
         or of a task that was spawned there"
    );
    assert_eq!(panic_message::of(run), expected);
}

#[test]
fn what_needs_an_executor_is_named() {
    assert_needs_one("spawn", || spawn(async {}));
    assert_needs_one("a sleep", || sleep(SECOND));
    assert_needs_one("a sleep", || sleep_until(Instant::now()));
    assert_needs_one("a sleep", || foreign::block_on(timeout(SECOND, async {})));
    assert_needs_one("an interval", || interval(SECOND));
    assert_needs_one("hold_clock", hold_clock);
}

/// They are made and asked for their address anywhere, and wait in an executor.
#[test]
fn sockets_say_that_they_need_an_executor() {
    let any = "127.0.0.1:0".parse().unwrap();
    let socket = UdpSocket::bind(any).unwrap();
    let address = socket.local_addr().unwrap();
    socket.connect(address).unwrap();
    let (mut a, mut b) = ([0], [0]);
    assert_needs_one("a socket", || foreign::block_on(socket.recv_from(&mut a)));
    assert_needs_one("a socket", || foreign::block_on(socket.recv(&mut b)));
    assert_needs_one("a socket", || {
        foreign::block_on(socket.send_to(&[0], address))
    });
    assert_needs_one("a socket", || foreign::block_on(socket.send(&[0])));
    let listener = TcpListener::bind(any).unwrap();
    assert_needs_one("a socket", || foreign::block_on(listener.accept()));
    let address = listener.local_addr().unwrap();
    assert_needs_one("a socket", || {
        foreign::block_on(TcpStream::connect(address))
    });
}

#[test]
fn a_nested_block_on_says_what_to_do() {
    let executor = Executor::with_virtual_time().unwrap();
    let error = executor.block_on(async { spawn(async { block_on(async {}) }).await.unwrap_err() });
    let expected = "the task panicked: block_on was called inside of block_on, which would stop \
                    all tasks: await the future, or spawn it";
    assert_eq!(error.to_string(), expected);
}
