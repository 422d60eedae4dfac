//! Who of several that wait for one socket is served, and when is the next one's turn?

#[path = "../../step4-select/tests/support/counting.rs"]
mod counting;
#[path = "support/net_run.rs"]
mod net_run;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::os::fd::BorrowedFd;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use counting::Counting;
use net_run::{
    Log, MS, SECOND, Wakes, on_select as executor, poll_once, poll_with, run, sender, turns, udp,
    within_a_minute,
};
use step4_select::{Direction, Event, Notifier, Select, Selector, Token, Until};
use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{Executor, JoinHandle, Observer, TaskId, sleep, spawn, timeout};

/// Spawns a task that receives `count` datagrams, and logs each with its name.
fn reader(name: &'static str, count: usize, socket: &Rc<UdpSocket>, log: &Log) -> JoinHandle<()> {
    let (socket, log) = (socket.clone(), log.clone());
    spawn(async move {
        let mut buffer = [0; 16];
        for _ in 0..count {
            let (length, _) = socket.recv_from(&mut buffer).await.unwrap();
            log.add(format!(
                "{name} {}",
                String::from_utf8_lossy(&buffer[..length])
            ));
        }
    })
}

/// Classic bug: "waiters served LIFO". The tutorial's scheduler does this.
#[test]
fn waiters_served_lifo() {
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
        }
        for reader in readers {
            reader.await.unwrap();
        }
        assert_eq!(log.take(), ["a 0", "b 1", "a 2", "b 3", "a 4", "b 5"]);
    });
}

#[test]
fn newcomers_queue_behind_those_who_wait() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let first = reader("first", 1, &socket, &log);
        turns(2).await;
        // The datagram is there before the newcomer, which would find it.
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
fn newcomers_queue_behind_who_is_woken_and_has_not_tried() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let first = reader("first", 1, &socket, &log);
        turns(2).await;
        sender(&socket).send(b"1").unwrap();
        // In this turn the executor finds the datagram and wakes the first, which is behind this task now.
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

#[derive(Default)]
struct Polls(RefCell<BTreeMap<u64, u32>>);

impl Observer for Polls {
    fn polled(&self, task: TaskId) {
        *self.0.borrow_mut().entry(task.number()).or_default() += 1;
    }
}

#[test]
fn one_datagram_wakes_one_waiter_and_then_the_next_looks_once() {
    within_a_minute(|| {
        let polls = Rc::new(Polls::default());
        executor().with_observer(polls.clone()).block_on(async {
            let socket = Rc::new(udp());
            let readers = ["a", "b", "c"].map(|name| reader(name, 1, &socket, &Log::default()));
            turns(2).await;
            sender(&socket).send(b"1").unwrap();
            turns(20).await;
            drop(readers);
        });
        let polls: Vec<_> = polls.0.take().into_values().skip(1).collect();
        assert_eq!(polls, [2, 2, 1]);
    });
}

#[test]
fn a_waiter_that_is_aborted_is_passed_over() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let [first, second, third] =
            ["first", "second", "third"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        first.abort();
        second.abort();
        sender(&socket).send(b"1").unwrap();
        third.await.unwrap();
        assert_eq!(log.take(), ["third 1"]);
    });
}

#[test]
fn the_last_in_the_queue_may_go_too() {
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

#[test]
fn a_waiter_that_is_aborted_after_it_was_woken_wakes_the_next() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let [first, second] = ["first", "second"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        sender(&socket).send(b"1").unwrap();
        // In this turn the executor finds the datagram, and wakes the first, which is behind this task now.
        turns(1).await;
        first.abort();
        second.await.unwrap();
        assert_eq!(log.take(), ["second 1"]);
    });
}

/// Says, as often as it is told to, that what was armed first is readable, which it is not.
struct Liar {
    select: Select,
    armed: Vec<Token>,
    lies: Rc<Cell<u32>>,
}

impl Selector for Liar {
    fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.select.register(fd, token)
    }

    fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.select.deregister(fd, token)
    }

    fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()> {
        self.armed.push(token);
        self.select.arm(fd, token, direction)
    }

    fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) {
        self.select.disarm(fd, token, direction);
    }

    fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()> {
        if self.lies.get() == 0 || self.armed.is_empty() {
            return self.select.wait(until, events);
        }
        self.lies.set(self.lies.get() - 1);
        events.clear();
        events.push(Event {
            token: self.armed[0],
            readable: true,
            writable: true,
        });
        Ok(())
    }

    fn notifier(&self) -> Notifier {
        self.select.notifier()
    }
}

#[test]
fn a_waiter_that_is_woken_for_nothing_keeps_its_place() {
    within_a_minute(|| {
        let lies = Rc::new(Cell::new(0));
        let selector = Liar {
            select: Select::new().unwrap(),
            armed: vec![],
            lies: lies.clone(),
        };
        let polls = Rc::new(Polls::default());
        Executor::with_selector(selector)
            .unwrap()
            .with_observer(polls.clone())
            .block_on(async {
                let (log, socket) = (Log::default(), Rc::new(udp()));
                let readers = ["first", "second"].map(|name| reader(name, 1, &socket, &log));
                turns(2).await;
                for _ in 0..3 {
                    lies.set(1);
                    turns(3).await;
                }
                let sender = sender(&socket);
                for datagram in ["1", "2"] {
                    sender.send(datagram.as_bytes()).unwrap();
                }
                for reader in readers {
                    reader.await.unwrap();
                }
                assert_eq!(log.take(), ["first 1", "second 2"]);
            });
        let polls: Vec<_> = polls.0.take().into_values().skip(1).collect();
        assert_eq!(polls, [1 + 3 + 1, 2]);
    });
}

/// Whatever the selector says, and however long it takes the first to try.
#[test]
fn until_who_is_woken_has_tried_nobody_else_is_woken() {
    within_a_minute(|| {
        let lies = Rc::new(Cell::new(0));
        let selector = Liar {
            select: Select::new().unwrap(),
            armed: vec![],
            lies: lies.clone(),
        };
        Executor::with_selector(selector).unwrap().block_on(async {
            let socket = udp();
            let (mut buffer, mut other) = ([0], [0]);
            let mut waits = [
                Box::pin(socket.recv_from(&mut buffer)),
                Box::pin(socket.recv_from(&mut other)),
            ];
            let ((first, waker), (second, other_waker)) = (Wakes::new(), Wakes::new());
            assert!(poll_with(waits[0].as_mut(), &waker).is_pending());
            assert!(poll_with(waits[1].as_mut(), &other_waker).is_pending());
            for _ in 0..3 {
                lies.set(1);
                turns(2).await;
                assert_eq!((first.count(), second.count()), (1, 0));
            }
            let [first_wait, _second_wait] = waits;
            drop(first_wait);
            assert_eq!((first.count(), second.count()), (1, 1));
        });
    });
}

#[test]
fn a_receive_that_is_given_up_over_and_over_loses_no_datagram() {
    run(async || {
        let (socket, count) = (Rc::new(udp()), 300);
        let sender = sender(&socket);
        drop(spawn(async move {
            for i in 0..count {
                sender.send(&[i as u8]).unwrap();
                sleep(Duration::from_micros(i % 3 * 200)).await;
            }
        }));
        let mut received = 0;
        let mut byte = [0];
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

#[test]
fn a_waiter_wakes_whom_it_was_polled_for_last() {
    run(async || {
        let socket = udp();
        let mut buffer = [0];
        let mut moved = pin!(socket.recv_from(&mut buffer));
        let ((older, first), (newer, second)) = (Wakes::new(), Wakes::new());
        assert!(poll_with(moved.as_mut(), &first).is_pending());
        assert!(poll_with(moved.as_mut(), &second).is_pending());
        sender(&socket).send(b"1").unwrap();
        turns(2).await;
        assert_eq!((older.count(), newer.count()), (0, 1));
        assert!(poll_with(moved.as_mut(), &first).is_ready());
    });
}

#[test]
fn two_tasks_wait_for_the_two_directions_of_one_stream() {
    run(async || {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let here = Rc::new(
            TcpStream::connect(listener.local_addr().unwrap())
                .await
                .unwrap(),
        );
        let (there, _) = listener.accept().await.unwrap();
        let (reading, writing) = (here.clone(), here);
        let mut reader = spawn(async move { reading.read(&mut [0]).await });
        let mut writer = spawn(async move { writing.write_all(&vec![0; 8 << 20]).await });
        turns(5).await;
        assert!(!reader.is_finished() && !writer.is_finished());

        there.write_all(b"x").await.unwrap();
        assert_eq!(
            timeout(30 * SECOND, &mut reader)
                .await
                .unwrap()
                .unwrap()
                .unwrap(),
            1
        );
        assert!(!writer.is_finished());
        let drain = spawn(async move {
            let mut buffer = vec![0; 1 << 20];
            while there.read(&mut buffer).await.unwrap() > 0 {}
        });
        timeout(30 * SECOND, &mut writer)
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        drop((reader, writer));
        drain.await.unwrap();
    });
}

/// Classic bug: "a registration outlives its task".
#[test]
fn a_registration_outlives_its_task() {
    let (selector, counts) = Counting::new();
    Executor::with_selector(selector).unwrap().block_on(async {
        for _ in 0..10 {
            let task = spawn(async { udp().recv_from(&mut [0]).await.map(drop) });
            turns(2).await;
            assert_eq!(counts.registered(), 1);
            task.abort();
            assert_eq!(counts.registered(), 0);
        }
    });
    assert_eq!(counts.registered(), 0);
}

/// A waiter that has gone leaves nothing armed, so that a readable socket ends no wait.
#[test]
fn nothing_stays_armed_once_the_last_waiter_is_gone() {
    let (selector, counts) = Counting::new();
    let before = Rc::new(Cell::new(0));
    Executor::with_selector(selector).unwrap().block_on(async {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let readers = ["a", "b", "c"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        for reader in readers {
            reader.abort();
        }
        sender(&socket).send(b"1").unwrap();
        before.set(counts.waits().len());
        sleep(20 * MS).await;
        assert_eq!(counts.waits().len() - before.get(), 1);
        assert_eq!(counts.registered(), 1);
    });
}

#[test]
fn a_socket_is_registered_at_its_first_wait_and_only_once() {
    let (selector, counts) = Counting::new();
    Executor::with_selector(selector).unwrap().block_on(async {
        let socket = udp();
        let sender = sender(&socket);
        for _ in 0..3 {
            sender.send(b"1").unwrap();
            socket.recv_from(&mut [0]).await.unwrap();
        }
        assert_eq!((counts.registered(), counts.armed(Direction::Read)), (0, 0));
        for _ in 0..3 {
            assert!(
                timeout(Duration::ZERO, socket.recv_from(&mut [0]))
                    .await
                    .is_err()
            );
        }
        assert_eq!((counts.registered(), counts.armed(Direction::Read)), (1, 3));
        drop(socket);
        assert_eq!(counts.registered(), 0);
    });
}

#[test]
fn a_socket_whose_number_is_used_again_hears_nothing_of_the_one_before() {
    run(async || {
        for _ in 0..20 {
            let old = udp();
            let waiting = spawn(async move { old.recv_from(&mut [0]).await.map(drop) });
            turns(2).await;
            waiting.abort();
            let socket = udp();
            let mut buffer = [0];
            let mut wait = pin!(socket.recv_from(&mut buffer));
            let (wakes, waker) = Wakes::new();
            assert!(poll_with(wait.as_mut(), &waker).is_pending());
            turns(3).await;
            assert_eq!(wakes.count(), 0);
            sender(&socket).send(b"1").unwrap();
            wait.await.unwrap();
        }
    });
}
