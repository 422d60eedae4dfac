//! What the ends of a channel between threads share.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sync_permits::SyncPermits;

/// A queue between threads: as in the one of a single thread, a permit for each item, and one for
/// each free place. Items are dropped outside of the lock.
pub(crate) struct Channel<T> {
    queue: Mutex<Items<T>>,
    /// For senders.
    pub(crate) places: SyncPermits,
    /// For receivers.
    pub(crate) items: SyncPermits,
}

struct Items<T> {
    list: VecDeque<T>,
    /// Nothing is added from then on.
    is_closed: bool,
}

impl<T> Channel<T> {
    pub(crate) fn new(capacity: usize) -> Channel<T> {
        Channel {
            queue: Mutex::new(Items {
                list: VecDeque::new(),
                is_closed: false,
            }),
            places: SyncPermits::new(capacity),
            items: SyncPermits::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Items<T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// With a permit for a place, puts an item into it.
    pub(crate) fn push(&self, item: T) -> Result<(), T> {
        let mut queue = self.lock();
        if queue.is_closed {
            return Err(item);
        }
        queue.list.push_back(item);
        drop(queue);
        self.items.release();
        Ok(())
    }

    /// With a permit for an item, takes one. If the channel is closed, there may be none.
    pub(crate) fn pop(&self) -> Option<T> {
        let item = self.lock().list.pop_front()?;
        self.places.release();
        Some(item)
    }

    /// First ends the items, and then the waits: a receiver that does not wait must find the last
    /// item.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.places.close();
        self.items.close();
    }
}
