//! A selector that counts what a scheduler asks of it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::rc::Rc;

use step4_select::{Direction, Event, Notifier, Select, Selector, Token, Until};

/// What was counted. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Counts(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    waits: Vec<Until>,
    registered: Vec<RawFd>,
    armed: Vec<(RawFd, Direction)>,
    disarmed: usize,
    at_next_wait: Option<Box<dyn FnOnce()>>,
}

impl Counts {
    /// All waits so far.
    pub(crate) fn waits(&self) -> Vec<Until> {
        self.0.borrow().waits.clone()
    }

    /// How many waits came back at once.
    pub(crate) fn zero_waits(&self) -> usize {
        self.0
            .borrow()
            .waits
            .iter()
            .filter(|until| **until == Until::Now)
            .count()
    }

    /// Has something done when the next wait begins.
    pub(crate) fn at_next_wait(&self, action: impl FnOnce() + 'static) {
        self.0.borrow_mut().at_next_wait = Some(Box::new(action));
    }

    /// How often something was disarmed.
    pub(crate) fn disarmed(&self) -> usize {
        self.0.borrow().disarmed
    }

    /// How many sockets are registered now.
    pub(crate) fn registered(&self) -> usize {
        self.0.borrow().registered.len()
    }

    /// How often a direction was armed.
    pub(crate) fn armed(&self, direction: Direction) -> usize {
        self.0
            .borrow()
            .armed
            .iter()
            .filter(|armed| armed.1 == direction)
            .count()
    }
}

pub(crate) struct Counting {
    select: Select,
    counts: Counts,
}

impl Counting {
    pub(crate) fn new() -> (Counting, Counts) {
        let counts = Counts::default();
        (
            Counting {
                select: Select::new().unwrap(),
                counts: counts.clone(),
            },
            counts,
        )
    }
}

impl Selector for Counting {
    fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.select.register(fd, token)?;
        self.counts.0.borrow_mut().registered.push(fd.as_raw_fd());
        Ok(())
    }

    fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.counts
            .0
            .borrow_mut()
            .registered
            .retain(|known| *known != fd.as_raw_fd());
        self.select.deregister(fd, token)
    }

    fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()> {
        self.counts
            .0
            .borrow_mut()
            .armed
            .push((fd.as_raw_fd(), direction));
        self.select.arm(fd, token, direction)
    }

    fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) {
        self.counts.0.borrow_mut().disarmed += 1;
        self.select.disarm(fd, token, direction);
    }

    fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()> {
        self.counts.0.borrow_mut().waits.push(until);
        let action = self.counts.0.borrow_mut().at_next_wait.take();
        if let Some(action) = action {
            action();
        }
        self.select.wait(until, events)
    }

    fn notifier(&self) -> Notifier {
        self.select.notifier()
    }
}
