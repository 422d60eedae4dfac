//! How many may continue, and who has the next permit?

use std::cell::Cell;
use std::task::{Context, Poll, ready};

use crate::waiters::{Called, Place, Waiters, wake_all};

/// A count of permits, and those who wait for one.
///
/// A lock has one permit; a queue has one for each item, for its getters, and one for each free
/// place, for its putters. A permit that is given back goes to the one that waits longest, and is
/// reserved for it from then on. So no newcomer overtakes, and **while a permit is free, there are
/// no waiters**.
pub(crate) struct Permits {
    free: Cell<usize>,
    pub(crate) waiters: Waiters,
}

impl Permits {
    pub(crate) fn new(count: usize) -> Permits {
        Permits {
            free: Cell::new(count),
            waiters: Waiters::default(),
        }
    }

    /// Returns how many are free, that is, for newcomers.
    pub(crate) fn free(&self) -> usize {
        self.free.get()
    }

    /// Takes a permit, if one is free. Returns whether it did.
    pub(crate) fn try_take(&self) -> bool {
        let free = self.free.get();
        self.free.set(free.saturating_sub(1));
        free > 0
    }

    /// Waits for a permit and takes it.
    pub(crate) fn poll_take(&self, place: &mut Place, cx: &mut Context<'_>) -> Poll<()> {
        let called = ready!(
            self.waiters
                .poll(place, cx, || self.try_take().then_some(Called::Permit))
        );
        debug_assert_eq!(
            called,
            Called::Permit,
            "a line for permits dismisses no waiter"
        );
        Poll::Ready(())
    }

    /// Gives one permit back, or a new one: to the first in line, or to the next that comes.
    pub(crate) fn give(&self) {
        if !self.waiters.call_first() {
            // One of so many is not missed, and this must not panic, because it runs in `drop`s.
            self.free.set(self.free.get().saturating_add(1));
        }
    }

    /// Gives this many, like [`give`](Self::give). All are given before the first waiter is woken.
    ///
    /// # Panics
    ///
    /// Panics if there would be more than `usize::MAX`.
    pub(crate) fn give_many(&self, count: usize) {
        let left = count.saturating_sub(self.waiters.len());
        let free = self
            .free
            .get()
            .checked_add(left)
            .expect("there can be at most usize::MAX permits");
        self.free.set(free);
        wake_all(self.waiters.call(count, Called::Permit));
    }

    /// Stops waiting, if it does. A permit that had come already goes to the next.
    #[inline]
    pub(crate) fn leave(&self, place: &mut Place) {
        if self.waiters.leave(place) == Some(Called::Permit) {
            self.give();
        }
    }
}
