//! What if a socket, or a wait for it, moves to another executor?

use std::rc::Rc;
use std::time::Duration;

use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{Executor, block_on, spawn, timeout};
use testing::foreign::{Counter, poll_once, poll_with, turns};
use testing::watchdog::within_a_minute;

use crate::support::{OWN, counted};
use crate::support::{executor, sender, udp};

/// Waits once in vain, so that the socket is registered with the executor that runs.
async fn register(socket: &UdpSocket) {
    assert!(
        timeout(Duration::ZERO, socket.recv_from(&mut [0]))
            .await
            .is_err()
    );
}

/// Sends a datagram while a task waits for it.
async fn receive(socket: &Rc<UdpSocket>) {
    let reader = spawn({
        let socket = socket.clone();
        async move { socket.recv_from(&mut [0]).await.map(drop) }
    });
    turns(2).await;
    sender(socket).send(b"1").unwrap();
    reader.await.unwrap().unwrap();
}

#[test]
fn socket_moves_to_the_executor_that_waits() {
    within_a_minute(|| {
        let ((one, counts_1), (two, counts_2)) = (counted(), counted());
        let socket = Rc::new(udp());
        // A second wait is there to the end, so that the socket stays armed.
        let keep = |socket: &Rc<UdpSocket>| {
            let socket = socket.clone();
            async move { _ = timeout(Duration::ZERO, socket.recv_from(&mut [0])).await }
        };
        for _ in 0..3 {
            one.block_on(receive(&socket));
            one.block_on(keep(&socket));
            assert_eq!((counts_1.armed(), counts_2.armed()), (OWN + 1, OWN));
            two.block_on(receive(&socket));
            two.block_on(keep(&socket));
            assert_eq!((counts_1.armed(), counts_2.armed()), (OWN, OWN + 1));
        }
        drop(socket);
        assert_eq!((counts_1.armed(), counts_2.armed()), (OWN, OWN));
    });
}

#[test]
fn a_socket_outlives_its_executor() {
    within_a_minute(|| {
        let socket = Rc::new(udp());
        for _ in 0..3 {
            block_on(receive(&socket));
        }
    });
}

#[test]
fn a_socket_may_be_dropped_after_its_executor() {
    let socket = udp();
    block_on(register(&socket));
    drop(socket);
}

#[test]
fn wait_continues_after_its_executor_is_gone() {
    within_a_minute(|| {
        let socket = udp();
        let mut buffer = [0];
        let mut wait = Box::pin(socket.recv_from(&mut buffer));
        block_on(async { assert!(poll_once(wait.as_mut()).await.is_pending()) });
        block_on(async {
            drop(spawn({
                let sender = sender(&socket);
                async move {
                    turns(3).await;
                    sender.send(b"1").unwrap();
                }
            }));
            assert_eq!(wait.await.unwrap().0, 1);
        });
    });
}

/// The executor that the wait began in is still there, but does not run. The waker is not of this
/// executor, and would never be woken.
#[test]
fn foreign_waiter_is_woken_at_the_executors_drop() {
    let socket = udp();
    let executor = executor();
    let (wakes, waker) = Counter::new();
    let mut buffer = [0];
    let mut wait = Box::pin(socket.recv_from(&mut buffer));
    executor.block_on(async { assert!(poll_with(wait.as_mut(), &waker).is_pending()) });
    drop(executor);
    assert_eq!(wakes.wakes(), 1);
}

#[test]
fn wait_continues_in_another_executor() {
    within_a_minute(|| {
        let (one, two) = (executor(), executor());
        let socket = udp();
        let mut buffer = [0];
        let mut wait = Box::pin(socket.recv_from(&mut buffer));
        one.block_on(async { assert!(poll_once(wait.as_mut()).await.is_pending()) });
        two.block_on(async {
            drop(spawn({
                let sender = sender(&socket);
                async move {
                    turns(3).await;
                    sender.send(b"1").unwrap();
                }
            }));
            assert_eq!(wait.await.unwrap().0, 1);
        });
    });
}

#[test]
fn wait_of_another_executor_queues_behind() {
    within_a_minute(|| {
        let (one, two) = (executor(), executor());
        let socket = Rc::new(udp());
        let mut buffer = [0; 2];
        let mut wait = Box::pin(socket.recv_from(&mut buffer));
        one.block_on(async { assert!(poll_once(wait.as_mut()).await.is_pending()) });
        two.block_on(async {
            let reader = spawn({
                let socket = socket.clone();
                async move { socket.recv_from(&mut [0; 2]).await.unwrap().0 }
            });
            turns(2).await;
            assert!(poll_once(wait.as_mut()).await.is_pending());
            sender(&socket).send(b"1").unwrap();
            assert_eq!(reader.await.unwrap(), 1);
            sender(&socket).send(b"22").unwrap();
            assert_eq!(wait.await.unwrap().0, 2);
        });
    });
}

/// Spawns a task that receives one datagram, and lets it begin to wait.
fn waiting_reader(
    executor: &Executor,
    socket: &Rc<UdpSocket>,
) -> step8_fast_executor::JoinHandle<usize> {
    let socket = socket.clone();
    let reader = executor.spawn(async move { socket.recv_from(&mut [0]).await.unwrap().0 });
    executor.block_on(turns(3));
    reader
}

/// Only one executor of a thread runs at a time. A waiter in the other one is not in the way, nor
/// forgotten.
#[test]
fn readers_in_two_executors_are_both_served() {
    within_a_minute(|| {
        let (one, two) = (executor(), executor());
        let socket = Rc::new(udp());
        let first = waiting_reader(&one, &socket);
        let second = waiting_reader(&two, &socket);
        sender(&socket).send(b"1").unwrap();
        assert_eq!(two.block_on(second).unwrap(), 1);
        sender(&socket).send(b"2").unwrap();
        assert_eq!(one.block_on(first).unwrap(), 1);
    });
}

/// A reader here takes the socket with it, and the writer there finds out.
#[test]
fn writer_whose_socket_moves_continues() {
    within_a_minute(|| {
        const LENGTH: usize = 8 << 20;
        let (one, two) = (executor(), executor());
        let (here, there) = one.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let here = TcpStream::connect(listener.local_addr().unwrap())
                .await
                .unwrap();
            (Rc::new(here), listener.accept().await.unwrap().0)
        });
        let writing = here.clone();
        let writer = one.spawn(async move { writing.write_all(&vec![0; LENGTH]).await.unwrap() });
        one.block_on(turns(5));
        assert!(!writer.is_finished());
        two.block_on(async {
            let reader = spawn(async move { here.read(&mut [0]).await.unwrap() });
            turns(2).await;
            there.write_all(b"x").await.unwrap();
            assert_eq!(reader.await.unwrap(), 1);
        });
        one.block_on(async {
            let drain = spawn(async move {
                let mut buffer = vec![0; 1 << 20];
                let mut length = 0;
                while length < LENGTH {
                    length += there.read(&mut buffer).await.unwrap();
                }
            });
            writer.await.unwrap();
            drain.await.unwrap();
        });
    });
}

#[test]
fn socket_is_usable_after_its_executors_drop() {
    within_a_minute(|| {
        let socket = Rc::new(udp());
        let executor = executor();
        let readers = [
            waiting_reader(&executor, &socket),
            waiting_reader(&executor, &socket),
        ];
        // One of them has been woken, and has not tried.
        sender(&socket).send(b"1").unwrap();
        executor.block_on(turns(1));
        drop(executor);
        for reader in readers {
            assert!(block_on(reader).unwrap_err().is_cancelled());
        }
        block_on(async { assert_eq!(socket.recv_from(&mut [0]).await.unwrap().0, 1) });
        block_on(receive(&socket));
    });
}
