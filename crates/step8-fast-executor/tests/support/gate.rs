//! How does a test get at the waker of a task? It lets the task wait at a gate, which keeps it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Keeps whoever waits at it until it is opened, and keeps the waker of the last poll. Clones are the same gate.
#[derive(Clone, Default)]
pub(crate) struct Gate(Rc<Inner>);

#[derive(Default)]
struct Inner {
    is_open: Cell<bool>,
    polls: Cell<usize>,
    waker: RefCell<Option<Waker>>,
}

impl Gate {
    /// Waits until the gate is open.
    pub(crate) async fn wait(self) {
        poll_fn(|cx| {
            self.0.polls.set(self.0.polls.get() + 1);
            if self.0.is_open.get() {
                return Poll::Ready(());
            }
            self.0.waker.replace(Some(cx.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// How often the wait was polled.
    pub(crate) fn polls(&self) -> usize {
        self.0.polls.get()
    }

    /// The waker of the last poll.
    pub(crate) fn waker(&self) -> Waker {
        self.0
            .waker
            .borrow()
            .clone()
            .expect("somebody waits at the gate")
    }

    /// Opens the gate, and wakes whoever waits.
    pub(crate) fn open(&self) {
        self.0.is_open.set(true);
        let waker = self.0.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
