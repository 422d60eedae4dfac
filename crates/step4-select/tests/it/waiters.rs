//! When several tasks wait for one socket, which is served, and when is it the next one's turn?

use std::cell::Cell;
use std::io;
use std::net::UdpSocket;
use std::os::fd::RawFd;
use std::rc::{Rc, Weak};
use std::time::Duration;

use step4_select::{Co, Direction, Event, Scheduler, Select, Selector, Socket, Task};
use testing::selectors::{Counting, Counts};
use testing::watchdog::watch;
use testing::{Transcript, lines};

fn socket() -> Rc<Socket> {
    Rc::new(Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap())
}

/// Sends a datagram at once.
fn send(to: &Socket, datagram: &str) {
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = to.local_addr().unwrap();
    sender.send_to(datagram.as_bytes(), to).unwrap();
}

/// Spawns a task that receives `count` datagrams, and logs each with its name.
async fn reader(
    co: &Co,
    name: &'static str,
    count: usize,
    socket: &Rc<Socket>,
    log: &Transcript,
) -> Task<()> {
    let (socket, log) = (socket.clone(), log.clone());
    let body = async move |co: Co| {
        let mut buffer = [0; 16];
        for _ in 0..count {
            let (length, _) = socket.recv_from(&co, &mut buffer).await.unwrap();
            let datagram = String::from_utf8_lossy(&buffer[..length]);
            log.note(format!("{name} {datagram}"));
        }
    };
    co.spawn_named(name, body).await
}

async fn turns(co: &Co, count: usize) {
    for _ in 0..count {
        co.turn().await;
    }
}

/// Runs `main`, and returns what was noted and counted.
fn run(main: impl AsyncFnOnce(&Co, Transcript, Counts) + 'static) -> (Vec<String>, Counts) {
    let _watch = watch();
    let (selector, counts) = Counting::new(Select::new().unwrap());
    let (log, seen) = (Transcript::default(), counts.clone());
    let notes = log.clone();
    let main = async move |co: Co| main(&co, notes, seen).await;
    Scheduler::with_selector(selector).run(main).unwrap();
    (log.take(), counts)
}

/// Promise (sockets): The waiters for one direction of a socket are served in the order of arrival.
///
/// Classic bug: Waiters served LIFO
#[test]
fn waiters_are_served_in_order_of_arrival() {
    let (log, _) = run(async |co, log, _| {
        let socket = socket();
        for name in ["first", "second", "third"] {
            reader(co, name, 1, &socket, &log).await;
        }
        turns(co, 2).await;
        for datagram in ["1", "2", "3"] {
            send(&socket, datagram);
        }
    });
    assert_eq!(log, ["first 1", "second 2", "third 3"]);
}

#[test]
fn readers_in_a_loop_alternate() {
    let (log, _) = run(async |co, log, _| {
        let socket = socket();
        for name in ["a", "b"] {
            reader(co, name, 3, &socket, &log).await;
        }
        turns(co, 2).await;
        for i in 0..6 {
            send(&socket, &i.to_string());
            turns(co, 3).await;
        }
    });
    assert_eq!(log, ["a 0", "b 1", "a 2", "b 3", "a 4", "b 5"]);
}

#[test]
fn newcomers_queue_behind_those_that_wait() {
    let (log, _) = run(async |co, log, _| {
        let socket = socket();
        reader(co, "first", 1, &socket, &log).await;
        turns(co, 2).await;
        // It is there before the newcomer.
        send(&socket, "1");
        reader(co, "newcomer", 1, &socket, &log).await;
        turns(co, 6).await;
        send(&socket, "2");
    });
    assert_eq!(log, ["first 1", "newcomer 2"]);
}

/// Promise (sockets): A datagram wakes one waiter, and if that waiter is cancelled, the next one.
///
/// Classic bug: One event wakes every task
#[test]
fn one_datagram_wakes_one_waiter() {
    let happened = lines(|| {
        run(async |co, log, _| {
            let socket = socket();
            let readers = [
                reader(co, "a", 1, &socket, &log).await,
                reader(co, "b", 1, &socket, &log).await,
                reader(co, "c", 1, &socket, &log).await,
            ];
            turns(co, 2).await;
            send(&socket, "1");
            turns(co, 20).await;
            for reader in readers {
                reader.cancel(co).await;
            }
        });
    });
    let waits = |name| {
        let line = format!("{name} waits to read");
        happened.iter().filter(|other| **other == line).count()
    };
    // Each waits once: the datagram is gone before the selector is asked for the second.
    assert_eq!(["a", "b", "c"].map(waits), [1, 1, 1]);
}

/// One that finds nothing has lost its place, so that the next datagram is for the next in line.
#[test]
fn a_spurious_wake_up_costs_the_place_in_line() {
    let (log, _) = run(async |co, log, _| {
        let socket = Rc::new(UdpSocket::bind("127.0.0.1:0").unwrap());
        socket.set_nonblocking(true).unwrap();
        let to = socket.local_addr().unwrap();
        for name in ["a", "b"] {
            let (socket, log) = (socket.clone(), log.clone());
            let body = async move |co: Co| {
                let mut buffer = [0];
                co.readable(&*socket).await.unwrap();
                while socket.recv(&mut buffer).is_err() {
                    log.note(format!("{name} in vain"));
                    co.readable(&*socket).await.unwrap();
                }
                log.note(format!("{name} {}", buffer[0]));
            };
            co.spawn(body).await;
        }
        turns(co, 2).await;
        socket.send_to(&[1], to).unwrap();
        // In this round the scheduler wakes `a`, but this task is first.
        turns(co, 1).await;
        socket.recv(&mut [0]).unwrap();
        turns(co, 2).await;
        socket.send_to(&[2], to).unwrap();
        turns(co, 2).await;
        socket.send_to(&[3], to).unwrap();
    });
    assert_eq!(log, ["a in vain", "b 2", "a 3"]);
}

#[test]
fn readers_and_writers_are_two_lines() {
    let (log, counts) = run(async |co, log, _| {
        let socket = Rc::new(UdpSocket::bind("127.0.0.1:0").unwrap());
        let (same, notes) = (socket.clone(), log.clone());
        let reader = async move |co: Co| {
            co.readable(&same).await.unwrap();
            notes.note("read");
        };
        let reader = co.spawn(reader).await;
        turns(co, 2).await;
        co.writable(&socket).await.unwrap();
        log.note("written");
        let to = socket.local_addr().unwrap();
        socket.send_to(b"1", to).unwrap();
        reader.join(co).await.unwrap();
    });
    assert_eq!(log, ["written", "read"]);
    assert_eq!(counts.armed(), 0);
}

#[test]
fn a_cancelled_waiter_is_passed_over() {
    let (log, counts) = run(async |co, log, counts| {
        let socket = socket();
        let first = reader(co, "first", 1, &socket, &log).await;
        let second = reader(co, "second", 1, &socket, &log).await;
        reader(co, "third", 1, &socket, &log).await;
        turns(co, 2).await;
        first.cancel(co).await;
        second.cancel(co).await;
        assert_eq!(counts.disarms(), 0, "the third still waits");
        send(&socket, "1");
    });
    assert_eq!(log, ["third 1"]);
    assert_eq!(counts.armed(), 0);
}

/// Promise (sockets): A datagram wakes one waiter, and if that waiter is cancelled, the next one.
#[test]
fn a_waiter_cancelled_after_its_event_loses_none() {
    let (log, _) = run(async |co, log, _| {
        let socket = socket();
        // Once `first` is woken, it is behind this task, its canceller, in the ready queue.
        let first = reader(co, "first", 1, &socket, &log).await;
        reader(co, "second", 1, &socket, &log).await;
        turns(co, 2).await;
        send(&socket, "1");
        // In this round the scheduler finds the datagram, and wakes `first`.
        turns(co, 1).await;
        first.cancel(co).await;
    });
    assert_eq!(log, ["second 1"]);
}

/// Promise (sockets): A receive that is dropped takes no datagram with it.
#[test]
fn a_datagram_outlives_its_cancelled_waiter() {
    let (log, _) = run(async |co, log, _| {
        let socket = socket();
        let first = reader(co, "first", 1, &socket, &log).await;
        turns(co, 2).await;
        send(&socket, "1");
        turns(co, 1).await;
        first.cancel(co).await;
        turns(co, 5).await;
        reader(co, "second", 1, &socket, &log).await;
    });
    assert_eq!(log, ["second 1"]);
}

/// Classic bug: A registration outlives its task
#[test]
fn the_last_cancelled_waiter_disarms() {
    let (log, counts) = run(async |co, log, counts| {
        for round in 1..=10 {
            let reader = reader(co, "reader", 1, &socket(), &log).await;
            turns(co, 2).await;
            assert_eq!(counts.armed(), 1);
            // The socket is closed with the task.
            reader.cancel(co).await;
            assert_eq!((counts.armed(), counts.disarms()), (0, round));
        }
        // The run continues, though a closed descriptor would be an error of `select`.
        let socket = socket();
        let reader = reader(co, "last", 1, &socket, &log).await;
        turns(co, 2).await;
        send(&socket, "1");
        reader.join(co).await.unwrap();
    });
    assert_eq!(log, ["last 1"]);
    assert_eq!(counts.armed(), 0);
}

/// Notes when a direction is disarmed whether the socket is still open.
struct Watching {
    selector: Select,
    socket: Weak<Socket>,
    was_open: Rc<Cell<Option<bool>>>,
}

impl Selector for Watching {
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        self.selector.arm(fd, direction)
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        self.was_open.set(Some(self.socket.strong_count() > 0));
        self.selector.disarm(fd, direction);
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        self.selector.wait(timeout, events)
    }
}

/// The contract of [`Selector`]. `Select` does not depend on it; a selector that tells the kernel
/// what is disarmed, as step 8's does, would tell it of a number that may be another socket's.
#[test]
fn disarming_comes_before_closing() {
    let _watch = watch();
    let (socket, was_open) = (socket(), Rc::new(Cell::new(None)));
    let selector = Watching {
        selector: Select::new().unwrap(),
        socket: Rc::downgrade(&socket),
        was_open: was_open.clone(),
    };
    let main = async move |co: Co| {
        let body = async move |co: Co| socket.recv(&co, &mut [0]).await;
        let reader = co.spawn(body).await;
        turns(&co, 2).await;
        reader.cancel(&co).await;
    };
    Scheduler::with_selector(selector).run(main).unwrap();
    assert_eq!(was_open.get(), Some(true));
}

#[test]
fn a_finished_wait_is_not_disarmed_by_a_cancel() {
    let (_, counts) = run(async |co, log, counts| {
        let socket = socket();
        let other = reader(co, "other", 1, &socket, &log).await;
        let (same, notes) = (socket.clone(), log.clone());
        let fickle = async move |co: Co| {
            same.recv_from(&co, &mut [0]).await.unwrap();
            notes.note("received");
            co.sleep(Duration::MAX).await;
        };
        let fickle = co.spawn(fickle).await;
        turns(co, 2).await;
        send(&socket, "1");
        send(&socket, "2");
        turns(co, 5).await;
        other.join(co).await.unwrap();
        reader(co, "later", 1, &socket, &log).await;
        turns(co, 2).await;
        // It left its line long ago, and the line has another waiter now.
        fickle.cancel(co).await;
        assert_eq!((counts.armed(), counts.disarms()), (1, 0));
        send(&socket, "3");
    });
    assert_eq!(counts.armed(), 0);
}

#[test]
fn a_wait_arms_once_for_each_datagram() {
    let (_, counts) = run(async |co, log, _| {
        let socket = socket();
        let reader = reader(co, "reader", 3, &socket, &log).await;
        turns(co, 2).await;
        for datagram in ["1", "2", "3"] {
            send(&socket, datagram);
        }
        reader.join(co).await.unwrap();
    });
    assert_eq!(counts.arms(Direction::Read), 3);
}

#[test]
fn a_socket_may_outlive_its_scheduler() {
    let socket = socket();
    for _ in 0..2 {
        let socket = socket.clone();
        let (log, _) = run(async move |co, log, _| {
            reader(co, "reader", 1, &socket, &log).await;
            turns(co, 2).await;
            send(&socket, "1");
        });
        assert_eq!(log, ["reader 1"]);
    }
}
