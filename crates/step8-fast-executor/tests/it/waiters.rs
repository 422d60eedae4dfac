//! Which of several waiters for one socket is served, and when may the next one try?

use std::cell::Cell;
use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::Duration;

use step4_select::{Direction, Event, Select, Selector};
use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{Executor, JoinHandle, sleep, spawn, timeout};
use testing::foreign::{Counter, poll_with, turns};
use testing::log::Log;
use testing::recorder::Recorder;
use testing::watchdog::within_a_minute;

use crate::support::{MS, OWN, counted, run, sender, udp};

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

/// Lies, as often as it is told to: it says that the first socket is ready in both directions.
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
