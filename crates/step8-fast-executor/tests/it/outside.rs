//! What if there is no executor here, or already one? A panic says what to do.

use std::time::{Duration, Instant};

use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{
    Executor, block_on, hold_clock, interval, now, sleep, sleep_until, spawn, timeout, yield_now,
};
use testing::{foreign, panic_message};

fn needs_an_executor(what: &str) -> String {
    format!(
        "{what} needs an executor: use it inside of `block_on(async {{ .. }})`, \
         or of a task that was spawned there"
    )
}

#[test]
fn spawn_says_that_it_needs_an_executor() {
    assert_eq!(
        panic_message::of(|| spawn(async {})),
        needs_an_executor("spawn")
    );
}

#[test]
fn sleeps_say_that_they_need_an_executor() {
    let (second, soon) = (Duration::from_secs(1), Instant::now());
    assert_eq!(
        panic_message::of(|| sleep(second)),
        needs_an_executor("a sleep")
    );
    assert_eq!(
        panic_message::of(|| sleep_until(soon)),
        needs_an_executor("a sleep")
    );
    assert_eq!(
        panic_message::of(|| interval(second)),
        needs_an_executor("an interval")
    );
}

#[test]
fn a_timeout_says_that_it_needs_an_executor() {
    assert_eq!(
        panic_message::of(|| foreign::block_on(timeout(Duration::from_secs(1), async {}))),
        needs_an_executor("a sleep")
    );
}

#[test]
fn holding_the_clock_needs_an_executor() {
    assert_eq!(
        panic_message::of(hold_clock),
        needs_an_executor("hold_clock")
    );
}

/// They are made and asked for their address anywhere, and wait in an executor.
#[test]
fn sockets_say_that_they_need_an_executor() {
    let any = "127.0.0.1:0".parse().unwrap();
    let socket = UdpSocket::bind(any).unwrap();
    let address = socket.local_addr().unwrap();
    socket.connect(address).unwrap();
    let expected = needs_an_executor("a socket");
    assert_eq!(
        panic_message::of(|| foreign::block_on(socket.recv_from(&mut [0]))),
        expected
    );
    assert_eq!(
        panic_message::of(|| foreign::block_on(socket.recv(&mut [0]))),
        expected
    );
    assert_eq!(
        panic_message::of(|| foreign::block_on(socket.send_to(&[0], address))),
        expected
    );
    assert_eq!(
        panic_message::of(|| foreign::block_on(socket.send(&[0]))),
        expected
    );

    let listener = TcpListener::bind(any).unwrap();
    assert_eq!(
        panic_message::of(|| foreign::block_on(listener.accept())),
        expected
    );
    let address = listener.local_addr().unwrap();
    assert_eq!(
        panic_message::of(|| foreign::block_on(TcpStream::connect(address))),
        expected
    );
}

#[test]
fn socket_used_outside_works_inside_afterwards() {
    let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
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
fn now_is_the_time_of_the_system_outside() {
    let before = Instant::now();
    let now = now();
    assert!(before <= now && now <= Instant::now());
}

const NESTED: &str = "block_on was called inside of block_on, which would stop all tasks: \
     await the future, or spawn it";

#[test]
fn a_nested_block_on_says_what_to_do() {
    let message = block_on(async { panic_message::of(|| block_on(async {})) });
    assert_eq!(message, NESTED);
}

#[test]
fn a_block_on_of_the_same_executor_is_nested() {
    let executor = Executor::new().unwrap();
    assert_eq!(
        executor.block_on(async { panic_message::of(|| executor.block_on(async {})) }),
        NESTED
    );
}

#[test]
fn a_block_on_of_another_executor_is_nested() {
    let (outer, inner) = (Executor::new().unwrap(), Executor::new().unwrap());
    assert_eq!(
        outer.block_on(async { panic_message::of(|| inner.block_on(async {})) }),
        NESTED
    );
    // Neither is the worse for it.
    assert_eq!(outer.block_on(async { 1 }) + inner.block_on(async { 2 }), 3);
}

#[test]
fn block_on_in_a_task_says_what_to_do() {
    let executor = Executor::with_virtual_time().unwrap();
    let error = executor.block_on(async { spawn(async { block_on(async {}) }).await.unwrap_err() });
    assert_eq!(error.to_string(), format!("the task panicked: {NESTED}"));
}

#[test]
fn foreign_block_on_inside_is_allowed() {
    assert_eq!(block_on(async { foreign::block_on(async { 7 }) }), 7);
}

#[test]
fn a_block_on_on_another_thread_is_not_nested() {
    let output = block_on(async { std::thread::spawn(|| block_on(async { 7 })).join().unwrap() });
    assert_eq!(output, 7);
}

#[test]
fn after_block_on_it_is_outside_again() {
    block_on(async {});
    assert_eq!(
        panic_message::of(|| spawn(async {})),
        needs_an_executor("spawn")
    );
    panic_message::of(|| block_on(async { panic!("oh") }));
    assert_eq!(
        panic_message::of(|| spawn(async {})),
        needs_an_executor("spawn")
    );
}

#[test]
fn yield_now_needs_none() {
    foreign::block_on(yield_now());
}
