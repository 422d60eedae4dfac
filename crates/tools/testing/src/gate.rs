//! A gate that a task waits at, and where a test finds the waker of the task.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Lets a task wait until it is opened, and keeps the waker of the last poll. Clones are the same
/// gate.
#[derive(Clone, Default)]
pub struct Gate(Rc<Inner>);

#[derive(Default)]
struct Inner {
    is_open: Cell<bool>,
    polls: Cell<usize>,
    waker: RefCell<Option<Waker>>,
}

impl Gate {
    /// Waits until the gate is open.
    pub async fn wait(self) {
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

    /// Returns how often the wait was polled.
    pub fn polls(&self) -> usize {
        self.0.polls.get()
    }

    /// Returns the waker of the last poll.
    ///
    /// # Panics
    ///
    /// Panics if no task waits at the gate.
    pub fn waker(&self) -> Waker {
        self.0
            .waker
            .borrow()
            .clone()
            .expect("a task waits at the gate")
    }

    /// Opens the gate, and wakes the waiter.
    pub fn open(&self) {
        self.0.is_open.set(true);
        let waker = self.0.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
