//! A selector that an executor has, and that a test looks into.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::io;
use std::os::fd::BorrowedFd;
use std::rc::Rc;

use step4_select::{Direction, Event, Notifier, Selector, Token, Until};
use step5_executor::Executor;
use step7_epoll::Epoll;

/// Clones are the same selector.
#[derive(Clone)]
pub(crate) struct Shared(Rc<RefCell<Epoll>>);

impl Shared {
    pub(crate) fn executor() -> (Executor, Shared) {
        let shared = Shared(Rc::new(RefCell::new(Epoll::new().unwrap())));
        (Executor::with_selector(shared.clone()).unwrap(), shared)
    }

    pub(crate) fn calls(&self) -> u64 {
        self.0.borrow().calls()
    }

    pub(crate) fn controls(&self) -> u64 {
        self.0.borrow().controls()
    }
}

impl Selector for Shared {
    fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.0.borrow_mut().register(fd, token)
    }

    fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        self.0.borrow_mut().deregister(fd, token)
    }

    fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()> {
        self.0.borrow_mut().arm(fd, token, direction)
    }

    fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) {
        self.0.borrow_mut().disarm(fd, token, direction);
    }

    fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()> {
        self.0.borrow_mut().wait(until, events)
    }

    fn notifier(&self) -> Notifier {
        self.0.borrow().notifier()
    }
}
