//! A count of permits, and the line of the tasks that wait for one.

use std::cell::Cell;

use crate::waiters::Waiters;

/// A count of permits, and the waiters for one.
///
/// A lock has one permit. A queue has one for each item, for its getters, and one for each free
/// place, for its putters. A permit that is released goes to the first in line, and is reserved for
/// that waiter from then on. So no newcomer overtakes, and **while a permit is free, there are no
/// waiters**.
pub(crate) struct Permits {
    free: Cell<usize>,
    waiters: Waiters,
}

impl Permits {
    pub(crate) fn new(count: usize) -> Permits {
        Permits {
            free: Cell::new(count),
            waiters: Waiters::default(),
        }
    }

    /// Returns how many are free, and not reserved for a waiter.
    pub(crate) fn free(&self) -> usize {
        self.free.get()
    }

    /// Takes a permit, if one is free. Returns whether it did.
    pub(crate) fn try_acquire(&self) -> bool {
        let free = self.free.get();
        self.free.set(free.saturating_sub(1));
        free > 0
    }

    /// Takes a permit, and waits if none is free. Dropping it passes on a permit that had come.
    pub(crate) async fn acquire(&self) {
        if !self.try_acquire() {
            self.wait().await;
        }
    }

    /// Waits for a permit, when none is free.
    pub(crate) async fn wait(&self) {
        let mut waiting = self.waiters.wait(|| self.release(1));
        waiting.woken().await;
        waiting.keep();
    }

    /// Releases permits, old or new: to the waiters first, and the rest are free.
    pub(crate) fn release(&self, count: usize) {
        let given = (0..count).take_while(|_| self.waiters.wake_first()).count();
        self.free.set(self.free.get().saturating_add(count - given));
    }

    /// Ends all waits, without a permit for each: the waiters must look whether there is one.
    pub(crate) fn wake_all(&self) {
        self.waiters.wake_all();
    }
}
