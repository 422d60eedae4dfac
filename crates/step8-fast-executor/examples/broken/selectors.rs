//! What do selectors do wrong? They come back too soon, and for things that nobody waits for.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use step4_select::{Direction, Event, Notifier, Select, Selector, Token, Until};
use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{sleep, timeout};

use super::measured::{measured, measured_on};
use super::{Build, Figures};

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Timeouts are in milliseconds, and the rest is cut off.
    RoundsDown,
    /// Whoever waits to read waits to write, too.
    ArmsBoth,
}

/// The right selector, with a fault built around it.
struct Faulty {
    select: Select,
    fault: Fault,
}

impl Faulty {
    fn new(fault: Fault) -> Faulty {
        Faulty {
            select: Select::new().expect("a few descriptors are left"),
            fault,
        }
    }
}

impl Selector for Faulty {
    fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.select.register(fd, token)
    }

    fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.select.deregister(fd, token)
    }

    fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()> {
        if self.fault == Fault::ArmsBoth {
            self.select.arm(fd, token, Direction::Write)?;
        }
        self.select.arm(fd, token, direction)
    }

    fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) {
        self.select.disarm(fd, token, direction);
    }

    fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()> {
        let until = match until {
            Until::Deadline(deadline) if self.fault == Fault::RoundsDown => {
                let left = deadline.saturating_duration_since(Instant::now());
                match left.as_millis() as u64 {
                    0 => Until::Now,
                    ms => Until::Deadline(Instant::now() + Duration::from_millis(ms)),
                }
            }
            until => until,
        };
        self.select.wait(until, events)?;
        if self.fault == Fault::ArmsBoth {
            // It says so to whoever waits, for either direction.
            events.iter_mut().for_each(|event| event.readable = true);
        }
        Ok(())
    }

    fn notifier(&self) -> Notifier {
        self.select.notifier()
    }
}

pub(crate) fn timer_rounded_down(build: Build) -> Figures {
    let main = async {
        for _ in 0..50 {
            sleep(Duration::from_micros(1_900)).await;
        }
    };
    match build {
        Build::Broken => measured_on(Faulty::new(Fault::RoundsDown), main),
        Build::Right => measured(main),
    }
}

pub(crate) fn write_interest_held(build: Build) -> Figures {
    let main = async {
        let socket = UdpSocket::bind("127.0.0.1:0".parse().expect("this is an address"))
            .expect("a port is free");
        _ = timeout(Duration::from_millis(100), socket.recv_from(&mut [0; 16])).await;
    };
    match build {
        Build::Broken => measured_on(Faulty::new(Fault::ArmsBoth), main),
        Build::Right => measured(main),
    }
}
