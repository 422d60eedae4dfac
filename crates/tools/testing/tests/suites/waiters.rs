//! Which of several tasks that wait for one socket is served, and when is it the next one's turn?

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use testing::foreign::{Counter, poll_once, poll_with, turns};
use testing::log::Log;
use testing::recorder::Recorder;
use testing::selectors::Refusing;

use crate::executor::net::UdpSocket;
use crate::executor::{Executor, JoinHandle, sleep, spawn, timeout};
use crate::suites::support::{counted, run, sender, udp};

/// Spawns a task that receives `count` datagrams, and logs each with its name.
fn reader(name: &'static str, count: usize, socket: &Rc<UdpSocket>, log: &Log) -> JoinHandle<()> {
    let (socket, log) = (socket.clone(), log.clone());
    spawn(async move {
        let mut buffer = [0; 16];
        for _ in 0..count {
            let (length, _) = socket.recv_from(&mut buffer).await.unwrap();
            let datagram = String::from_utf8_lossy(&buffer[..length]);
            log.add(format!("{name} {datagram}"));
        }
    })
}

/// The Python tutorial's scheduler has this bug.
///
/// Promise (sockets): The waiters for one direction of a socket are served in the order of arrival.
///
/// Classic bug: Waiters served LIFO
#[test]
fn waiters_are_served_in_order_of_arrival() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let readers = ["first", "second", "third"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        let sender = sender(&socket);
        for datagram in ["1", "2", "3"] {
            sender.send(datagram.as_bytes()).unwrap();
        }
        for reader in readers {
            reader.await.unwrap();
        }
        assert_eq!(log.take(), ["first 1", "second 2", "third 3"]);
    });
}

#[test]
fn readers_in_a_loop_alternate() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let readers = ["a", "b"].map(|name| reader(name, 3, &socket, &log));
        turns(2).await;
        let sender = sender(&socket);
        for i in 0..6 {
            sender.send(&[b'0' + i]).unwrap();
            turns(3).await;
        }
        for reader in readers {
            reader.await.unwrap();
        }
        assert_eq!(log.take(), ["a 0", "b 1", "a 2", "b 3", "a 4", "b 5"]);
    });
}

#[test]
fn newcomers_queue_behind_those_that_wait() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let first = reader("first", 1, &socket, &log);
        turns(2).await;
        // It is there before the newcomer.
        sender(&socket).send(b"1").unwrap();
        let newcomer = reader("newcomer", 1, &socket, &log);
        first.await.unwrap();
        turns(4).await;
        sender(&socket).send(b"2").unwrap();
        newcomer.await.unwrap();
        assert_eq!(log.take(), ["first 1", "newcomer 2"]);
    });
}

#[test]
fn newcomers_queue_behind_a_woken_waiter() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let first = reader("first", 1, &socket, &log);
        turns(2).await;
        sender(&socket).send(b"1").unwrap();
        // After this round the executor finds the datagram, and wakes the first, which is behind
        // this task.
        turns(1).await;
        let mut buffer = [0; 16];
        let mut newcomer = pin!(socket.recv_from(&mut buffer));
        assert!(poll_once(newcomer.as_mut()).await.is_pending());
        first.await.unwrap();
        sender(&socket).send(b"2").unwrap();
        newcomer.await.unwrap();
        assert_eq!(log.take(), ["first 1"]);
    });
}

/// The next in the line looks once, because what came might be two.
///
/// Classic bug: One event wakes every task
#[test]
fn one_datagram_wakes_one_waiter() {
    run(async || {
        let recorder = Recorder::new();
        let socket = Rc::new(udp());
        let readers = ["a", "b", "c"].map(|name| reader(name, 1, &socket, &Log::default()));
        turns(2).await;
        sender(&socket).send(b"1").unwrap();
        turns(20).await;
        let resumes = readers.map(|reader| recorder.resumes(reader.id()));
        assert!(
            resumes[0] == 2 && resumes[1] <= 2 && resumes[2] == 1,
            "{resumes:?}"
        );
    });
}

#[test]
fn an_aborted_waiter_is_passed_over() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let names = ["first", "second", "third"];
        let [first, second, third] = names.map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        first.abort();
        second.abort();
        sender(&socket).send(b"1").unwrap();
        third.await.unwrap();
        assert_eq!(log.take(), ["third 1"]);
    });
}

#[test]
fn the_last_in_the_line_may_be_aborted() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let [first, second] = ["first", "second"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        second.abort();
        sender(&socket).send(b"1").unwrap();
        first.await.unwrap();
        assert_eq!(log.take(), ["first 1"]);
    });
}

/// Promise (sockets): A datagram wakes one waiter, and if that waiter is cancelled, the next one.
#[test]
fn a_reader_aborted_after_its_wake_loses_nothing() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let recorder = Recorder::new();
        let [first, second] = ["first", "second"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        recorder.take();
        sender(&socket).send(b"1").unwrap();
        // After this round the executor finds the datagram, and wakes the first, which is behind
        // this task.
        turns(1).await;
        assert_eq!(recorder.count("woken", first.id()), 1);
        first.abort();
        second.await.unwrap();
        assert_eq!(log.take(), ["second 1"]);
    });
}

/// Promise (sockets): A receive that is dropped takes no datagram with it.
#[test]
fn a_receive_given_up_often_loses_nothing() {
    run(async || {
        let (socket, count) = (Rc::new(udp()), 300);
        let sender = sender(&socket);
        drop(spawn(async move {
            for i in 0..count {
                sender.send(&[i as u8]).unwrap();
                sleep(Duration::from_micros(i % 3 * 200)).await;
            }
        }));
        let (mut received, mut byte) = (0, [0]);
        while received < count {
            // The limits end before, with and after the datagrams.
            let limit = Duration::from_micros(received % 5 * 100);
            if let Ok(result) = timeout(limit, socket.recv_from(&mut byte)).await {
                assert_eq!(result.unwrap().0, 1);
                assert_eq!(byte[0], received as u8);
                received += 1;
            }
        }
    });
}

/// Classic bug: A registration outlives its task
#[test]
fn nothing_stays_armed_for_an_aborted_task() {
    let (executor, counts) = counted();
    executor.block_on(async {
        let before = counts.armed();
        for _ in 0..10 {
            let task = spawn(async { udp().recv_from(&mut [0]).await.map(drop) });
            turns(2).await;
            assert_eq!(counts.armed(), before + 1);
            task.abort();
            assert_eq!(counts.armed(), before);
        }
    });
}

#[test]
fn a_reused_descriptor_is_another_socket() {
    run(async || {
        for _ in 0..20 {
            let old = udp();
            let waiting = spawn(async move { old.recv_from(&mut [0]).await.map(drop) });
            turns(2).await;
            waiting.abort();
            let (socket, mut buffer) = (udp(), [0]);
            let mut wait = pin!(socket.recv_from(&mut buffer));
            let (counter, waker) = Counter::new();
            assert!(poll_with(wait.as_mut(), &waker).is_pending());
            turns(3).await;
            assert_eq!(counter.wakes(), 0);
            sender(&socket).send(b"1").unwrap();
            wait.await.unwrap();
        }
    });
}

/// A selector that refuses makes no executor, because that has a socket of its own.
#[test]
fn a_refusal_of_the_selector_is_an_error() {
    let refusing = Refusing(std::io::ErrorKind::OutOfMemory);
    let Err(error) = Executor::with_selector(refusing) else {
        panic!("it was refused");
    };
    assert_eq!(error.kind(), std::io::ErrorKind::OutOfMemory);
}
