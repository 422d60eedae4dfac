//! The line of waiters that every queue and lock here is made of.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::mem;
use std::task::{Context, Poll, Waker};

/// The tasks that wait for one thing: first come, first served.
///
/// A waiter has a number, and is in the line until it is woken. **A number that is not in the line
/// was woken**: no flag says so.
#[derive(Default)]
pub(crate) struct Waiters {
    line: RefCell<BTreeMap<u64, Waker>>,
    arrivals: Cell<u64>,
}

impl Waiters {
    /// Makes a waiter, which gets in line when it is first polled.
    ///
    /// Once woken, the waiter has what it was waiting for. If it is dropped before it has
    /// [kept](Waiting::keep) that, `pass_on` gives it to another one.
    pub(crate) fn wait<F: Fn()>(&self, pass_on: F) -> Waiting<'_, F> {
        Waiting {
            waiters: self,
            number: None,
            pass_on,
        }
    }

    /// Wakes the first in line. Returns whether there was one.
    pub(crate) fn wake_first(&self) -> bool {
        let first = self.line.borrow_mut().pop_first();
        first.map(|(_, waker)| waker.wake()).is_some()
    }

    /// Wakes all in line, in order.
    pub(crate) fn wake_all(&self) {
        self.line.take().into_values().for_each(Waker::wake);
    }

    /// Returns how many are in line.
    pub(crate) fn len(&self) -> usize {
        self.line.borrow().len()
    }
}

/// A waiter, in line or woken.
pub(crate) struct Waiting<'a, F: Fn()> {
    waiters: &'a Waiters,
    /// `None` before it is in line.
    number: Option<u64>,
    pass_on: F,
}

impl<F: Fn()> Waiting<'_, F> {
    /// Waits to be woken.
    pub(crate) async fn woken(&mut self) {
        poll_fn(|cx| self.poll_woken(cx)).await;
    }

    pub(crate) fn poll_woken(&mut self, cx: &Context<'_>) -> Poll<()> {
        let Waiters { line, arrivals } = self.waiters;
        if let Some(number) = self.number
            && !line.borrow().contains_key(&number)
        {
            return Poll::Ready(());
        }
        // Clone before taking a number: if the clone panicked after that, this would have a number
        // and no place in line, and count as woken.
        let waker = cx.waker().clone();
        let number = *self
            .number
            .get_or_insert_with(|| arrivals.replace(arrivals.get() + 1));
        let old = line.borrow_mut().insert(number, waker);
        // After the borrow has ended: dropping a waker may drop a task.
        drop(old);
        trace::here(); // For pictures of the run.
        Poll::Pending
    }

    /// Keeps what it was woken for: nothing is passed on any more.
    pub(crate) fn keep(self) {
        mem::forget(self);
    }
}

impl<F: Fn()> Drop for Waiting<'_, F> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let waker = self.waiters.line.borrow_mut().remove(&number);
        if waker.is_none() {
            (self.pass_on)();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As when one timeout after another ends, while one waiter keeps waiting.
    #[test]
    fn cancelled_waiters_leave_nothing_behind() {
        let (waiters, passed_on) = (Waiters::default(), Cell::new(0));
        let wait = || {
            let mut waiting = waiters.wait(|| passed_on.set(passed_on.get() + 1));
            let cx = Context::from_waker(Waker::noop());
            assert!(waiting.poll_woken(&cx).is_pending());
            waiting
        };
        let first = wait();
        let mut last = wait();
        for _ in 0..1_000_000 {
            last = wait();
        }
        assert_eq!((waiters.len(), passed_on.get()), (2, 0));
        assert!(waiters.wake_first());
        drop(first);
        drop(last);
        assert_eq!((waiters.len(), passed_on.get()), (0, 1));
        assert!(!waiters.wake_first());
    }
}
