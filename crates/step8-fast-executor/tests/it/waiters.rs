//! Who of several that wait for one socket is served, and when is the next one's turn?

use std::cell::Cell;
use std::io;
use std::os::fd::RawFd;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use step4_select::{Direction, Event, Select, Selector};
use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{Executor, JoinHandle, sleep, spawn, timeout};
use testing::foreign::{Counter, poll_once, poll_with, turns};
use testing::log::Log;
use testing::recorder::Recorder;
use testing::watchdog::within_a_minute;

use crate::support::{MS, SECOND, executor, run, sender, udp};
use crate::support::{OWN, counted};

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
fn waiters_are_served_first_in_first_out() {
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
fn ready_sockets_are_served_by_descriptor() {
    run(async || {
        let log = Log::default();
        let sockets = [(); 5].map(|()| Rc::new(udp()));
        let names = ["a", "b", "c", "d", "e"].into_iter();
        let readers: Vec<_> = names
            .zip(&sockets)
            .map(|(name, socket)| reader(name, 1, socket, &log))
            .collect();
        turns(2).await;
        for i in [3, 0, 4, 2, 1] {
            sender(&sockets[i]).send(b"1").unwrap();
        }
        for reader in readers {
            reader.await.unwrap();
        }
        assert_eq!(log.take(), ["a 1", "b 1", "c 1", "d 1", "e 1"]);
    });
}

#[test]
fn newcomers_queue_behind_waiters() {
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
fn newcomers_queue_behind_a_woken_waiter() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let first = reader("first", 1, &socket, &log);
        turns(2).await;
        sender(&socket).send(b"1").unwrap();
        // In this turn the executor finds the datagram and wakes the first, which is behind this
        // task now.
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

#[test]
fn datagram_wakes_one_waiter_then_the_next_looks() {
    within_a_minute(|| {
        let recorder = Recorder::new();
        executor().block_on(async {
            let socket = Rc::new(udp());
            let readers = ["a", "b", "c"].map(|name| reader(name, 1, &socket, &Log::default()));
            turns(2).await;
            sender(&socket).send(b"1").unwrap();
            turns(20).await;
            let polls = readers.map(|reader| recorder.resumes(reader.id()));
            assert_eq!(polls, [2, 2, 1]);
        });
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
fn waiter_aborted_after_its_wake_wakes_the_next() {
    run(async || {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let [first, second] = ["first", "second"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        sender(&socket).send(b"1").unwrap();
        // In this turn the executor finds the datagram, and wakes the first, which is behind this
        // task now.
        turns(1).await;
        first.abort();
        second.await.unwrap();
        assert_eq!(log.take(), ["second 1"]);
    });
}

/// Says, as often as it is told to, that the first socket is ready in both directions, which it is
/// not.
struct Liar {
    select: Select,
    armed: Vec<RawFd>,
    lies: Rc<Cell<u32>>,
}

impl Liar {
    /// Makes an executor that is lied to as often as the number says.
    fn executor() -> (Executor, Rc<Cell<u32>>) {
        let lies = Rc::new(Cell::new(0));
        let liar = Liar {
            select: Select::new().unwrap(),
            armed: vec![],
            lies: lies.clone(),
        };
        (Executor::with_selector(liar).unwrap(), lies)
    }
}

impl Selector for Liar {
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        self.armed.push(fd);
        self.select.arm(fd, direction)
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        self.select.disarm(fd, direction);
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        // What is armed before any socket is the executor's own.
        if self.lies.get() == 0 || self.armed.len() <= OWN {
            return self.select.wait(timeout, events);
        }
        self.lies.set(self.lies.get() - 1);
        events.clear();
        let fd = self.armed[OWN];
        events.extend([Direction::Read, Direction::Write].map(|direction| Event { fd, direction }));
        Ok(())
    }
}

#[test]
fn spurious_wake_up_keeps_the_place() {
    within_a_minute(|| {
        let (executor, lies) = Liar::executor();
        let recorder = Recorder::new();
        executor.block_on(async {
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
            let ids = [readers[0].id(), readers[1].id()];
            for reader in readers {
                reader.await.unwrap();
            }
            assert_eq!(log.take(), ["first 1", "second 2"]);
            assert_eq!(ids.map(|id| recorder.resumes(id)), [1 + 3 + 1, 2]);
        });
    });
}

/// Whatever the selector says, and however long the first waiter takes to try.
#[test]
fn one_waiter_is_woken_at_a_time() {
    within_a_minute(|| {
        let (executor, lies) = Liar::executor();
        executor.block_on(async {
            let socket = udp();
            let (mut buffer, mut other) = ([0], [0]);
            let mut waits = [
                Box::pin(socket.recv_from(&mut buffer)),
                Box::pin(socket.recv_from(&mut other)),
            ];
            let ((first, waker), (second, other_waker)) = (Counter::new(), Counter::new());
            assert!(poll_with(waits[0].as_mut(), &waker).is_pending());
            assert!(poll_with(waits[1].as_mut(), &other_waker).is_pending());
            for _ in 0..3 {
                lies.set(1);
                turns(2).await;
                assert_eq!((first.wakes(), second.wakes()), (1, 0));
            }
            let [first_wait, _second_wait] = waits;
            drop(first_wait);
            assert_eq!((first.wakes(), second.wakes()), (1, 1));
        });
    });
}

#[test]
fn receive_given_up_repeatedly_loses_nothing() {
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
fn waiter_wakes_the_last_poller() {
    run(async || {
        let socket = udp();
        let mut buffer = [0];
        let mut moved = pin!(socket.recv_from(&mut buffer));
        let ((older, first), (newer, second)) = (Counter::new(), Counter::new());
        assert!(poll_with(moved.as_mut(), &first).is_pending());
        assert!(poll_with(moved.as_mut(), &second).is_pending());
        sender(&socket).send(b"1").unwrap();
        turns(2).await;
        assert_eq!((older.wakes(), newer.wakes()), (0, 1));
        assert!(poll_with(moved.as_mut(), &first).is_ready());
    });
}

#[test]
fn two_tasks_wait_for_both_directions() {
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
fn nothing_is_armed_after_an_abort() {
    let (executor, counts) = counted();
    executor.block_on(async {
        for _ in 0..10 {
            let task = spawn(async { udp().recv_from(&mut [0]).await.map(drop) });
            turns(2).await;
            assert_eq!(counts.armed(), OWN + 1);
            task.abort();
            assert_eq!(counts.armed(), OWN);
        }
    });
    assert_eq!(counts.armed(), OWN);
}

/// Its direction stays armed, because disarming may be a system call. What comes then ends one
/// wait, and disarms.
#[test]
fn waiter_that_is_gone_costs_one_wait_at_most() {
    let (executor, counts) = counted();
    executor.block_on(async {
        let (log, socket) = (Log::default(), Rc::new(udp()));
        let readers = ["a", "b", "c"].map(|name| reader(name, 1, &socket, &log));
        turns(2).await;
        for reader in readers {
            reader.abort();
        }
        let sender = sender(&socket);
        for _ in 0..5 {
            sender.send(b"1").unwrap();
        }
        let before = counts.waits().len();
        sleep(20 * MS).await;
        assert!(counts.waits().len() - before <= 2);
        assert_eq!(counts.armed(), OWN);
        let before = counts.waits().len();
        sender.send(b"1").unwrap();
        sleep(20 * MS).await;
        assert_eq!(counts.waits().len() - before, 1);
    });
}

#[test]
fn socket_is_armed_only_for_waits() {
    let (executor, counts) = counted();
    executor.block_on(async {
        let socket = udp();
        let sender = sender(&socket);
        for _ in 0..3 {
            sender.send(b"1").unwrap();
            socket.recv_from(&mut [0]).await.unwrap();
        }
        assert_eq!((counts.armed(), counts.arms(Direction::Read)), (OWN, OWN));
        for _ in 0..3 {
            assert!(
                timeout(Duration::ZERO, socket.recv_from(&mut [0]))
                    .await
                    .is_err()
            );
        }
        assert_eq!(counts.armed(), OWN + 1);
        assert_eq!(counts.arms(Direction::Read), OWN + 3);
        drop(socket);
        assert_eq!(counts.armed(), OWN);
    });
}

#[test]
fn reused_descriptor_hears_nothing_of_the_old() {
    run(async || {
        for _ in 0..20 {
            let old = udp();
            let waiting = spawn(async move { old.recv_from(&mut [0]).await.map(drop) });
            turns(2).await;
            waiting.abort();
            let socket = udp();
            let mut buffer = [0];
            let mut wait = pin!(socket.recv_from(&mut buffer));
            let (wakes, waker) = Counter::new();
            assert!(poll_with(wait.as_mut(), &waker).is_pending());
            turns(3).await;
            assert_eq!(wakes.wakes(), 0);
            sender(&socket).send(b"1").unwrap();
            wait.await.unwrap();
        }
    });
}
