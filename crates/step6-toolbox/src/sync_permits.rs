//! A count of permits, and the waiters for one, on any threads.
//!
//! This is `permits.rs` and `waiters.rs` once more, behind a lock. Those two have none, because in
//! a queue for one thread each item would pay for it.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A count of permits. Once it is closed, nothing waits here any more. Wakers are woken and dropped
/// after the lock is released.
pub(crate) struct SyncPermits(Mutex<Count>);

struct Count {
    free: usize,
    /// By the order of arrival. A number that is not in the line was woken.
    line: BTreeMap<u64, Waker>,
    arrivals: u64,
    is_closed: bool,
}

impl SyncPermits {
    pub(crate) fn new(free: usize) -> SyncPermits {
        SyncPermits(Mutex::new(Count {
            free,
            line: BTreeMap::new(),
            arrivals: 0,
            is_closed: false,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a permit, if one is free. Returns whether the caller may continue: it has a permit, or
    /// this is closed.
    pub(crate) fn try_acquire(&self) -> bool {
        self.lock().try_acquire()
    }

    /// Takes a permit, and waits if none is free, until this is closed. Dropping it passes on a
    /// permit that had come.
    pub(crate) async fn acquire(&self) {
        let mut waiting = Waiting {
            permits: self,
            number: None,
        };
        poll_fn(|cx| waiting.poll_woken(cx)).await;
        mem::forget(waiting);
    }

    /// Gives a permit to the first in line, or to the next task that comes.
    pub(crate) fn release(&self) {
        let mut count = self.lock();
        let first = count.line.pop_first();
        count.free += usize::from(first.is_none());
        drop(count);
        first.into_iter().for_each(|(_, waker)| waker.wake());
    }

    /// Ends all waits, from now on.
    pub(crate) fn close(&self) {
        let mut count = self.lock();
        count.is_closed = true;
        let line = mem::take(&mut count.line);
        drop(count);
        line.into_values().for_each(Waker::wake);
    }
}

impl Count {
    fn try_acquire(&mut self) -> bool {
        let is_free = self.free > 0;
        self.free -= usize::from(is_free);
        is_free || self.is_closed
    }
}

/// A waiter, in line or woken.
struct Waiting<'a> {
    permits: &'a SyncPermits,
    /// `None` before it is in line.
    number: Option<u64>,
}

impl Waiting<'_> {
    fn poll_woken(&mut self, cx: &Context<'_>) -> Poll<()> {
        let mut count = self.permits.lock();
        let may_continue = match self.number {
            // Under the same lock that puts it in line, so no release can come in between.
            None => count.try_acquire(),
            Some(number) => !count.line.contains_key(&number),
        };
        if may_continue {
            return Poll::Ready(());
        }
        // Clone first: with a number but no place in line, this would count as woken if the clone
        // panics.
        let waker = cx.waker().clone();
        let number = *self.number.get_or_insert(count.arrivals);
        count.arrivals = count.arrivals.max(number + 1);
        let old = count.line.insert(number, waker);
        drop(count);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let waker = self.permits.lock().line.remove(&number);
        if waker.is_none() {
            self.permits.release();
        }
    }
}
