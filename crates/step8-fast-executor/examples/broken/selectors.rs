//! Selectors that return too soon, or for an event that has no waiter.

use std::io;
use std::os::fd::RawFd;
use std::time::Duration;

use step4_select::{Direction, Event, Select, Selector};
use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{sleep, timeout};

use crate::bugs::{Build, Figures};
use crate::measured::{measured, measured_on};

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Timeouts are in milliseconds, and the rest is cut off.
    RoundsDown,
    /// A task that waits to read is also armed for writing.
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
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        if self.fault == Fault::ArmsBoth {
            self.select.arm(fd, Direction::Write)?;
        }
        self.select.arm(fd, direction)
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        self.select.disarm(fd, direction);
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        let rounded = timeout.map(|timeout| Duration::from_millis(timeout.as_millis() as u64));
        let timeout = match self.fault {
            Fault::RoundsDown => rounded,
            Fault::ArmsBoth => timeout,
        };
        self.select.wait(timeout, events)?;
        if self.fault == Fault::ArmsBoth {
            // The waiter hears of it, whatever it waits for.
            for event in events {
                event.direction = Direction::Read;
            }
        }
        Ok(())
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
