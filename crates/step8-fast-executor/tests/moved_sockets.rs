//! What if a socket, or a wait for it, goes to another executor?

#[path = "../../step4-select/tests/support/counting.rs"]
mod counting;
#[path = "support/net_run.rs"]
mod net_run;

use std::rc::Rc;
use std::time::Duration;

use counting::Counting;
use net_run::{
    Wakes, on_select as executor, poll_once, poll_with, sender, turns, udp, within_a_minute,
};
use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{Executor, block_on, spawn, timeout};

/// Waits once for nothing, so that the socket is registered with the executor that runs.
async fn register(socket: &UdpSocket) {
    assert!(
        timeout(Duration::ZERO, socket.recv_from(&mut [0]))
            .await
            .is_err()
    );
}

/// Sends a datagram while somebody waits for it.
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
fn a_socket_moves_to_the_executor_that_waits_for_it() {
    within_a_minute(|| {
        let ((selector_1, counts_1), (selector_2, counts_2)) = (Counting::new(), Counting::new());
        let (one, two) = (
            Executor::with_selector(selector_1).unwrap(),
            Executor::with_selector(selector_2).unwrap(),
        );
        let socket = Rc::new(udp());
        for _ in 0..3 {
            one.block_on(receive(&socket));
            assert_eq!((counts_1.registered(), counts_2.registered()), (1, 0));
            two.block_on(receive(&socket));
            assert_eq!((counts_1.registered(), counts_2.registered()), (0, 1));
        }
        drop(socket);
        assert_eq!((counts_1.registered(), counts_2.registered()), (0, 0));
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
fn a_wait_goes_on_after_its_executor_is_gone() {
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

/// The executor that the wait began in is still there, but does not run. Whoever was to be woken is not of this
/// executor, and would wait for ever.
#[test]
fn who_waits_elsewhere_is_woken_when_the_executor_is_dropped() {
    let socket = udp();
    let executor = executor();
    let (wakes, waker) = Wakes::new();
    let mut buffer = [0];
    let mut wait = Box::pin(socket.recv_from(&mut buffer));
    executor.block_on(async { assert!(poll_with(wait.as_mut(), &waker).is_pending()) });
    drop(executor);
    assert_eq!(wakes.count(), 1);
}

#[test]
fn a_wait_goes_on_in_another_executor() {
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
fn a_wait_from_another_executor_queues_behind_those_who_wait_here() {
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

/// Only one executor of a thread runs at a time. Whoever waits in the other one is not in the way, nor forgotten.
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
fn a_writer_whose_socket_moves_to_another_executor_goes_on() {
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
fn an_executor_dropped_with_its_waiters_leaves_the_socket_usable() {
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
