//! What the two ends of a channel between threads share.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sync_permits::SyncPermits;

/// A queue between threads. Like the one for a single thread it has a permit for each item, and one
/// for each free place. Items are dropped outside of the lock.
pub(crate) struct Channel<T> {
    queue: Mutex<Items<T>>,
    /// Acquired by senders, released by receivers.
    pub(crate) places: SyncPermits,
    /// Acquired by receivers, released by senders.
    pub(crate) items: SyncPermits,
}

struct Items<T> {
    list: VecDeque<T>,
    /// Whether nothing may be added any more.
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

    /// Adds an item. The caller has a permit for a place.
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

    /// Takes an item. The caller has a permit for one, but if the channel is closed, there may be
    /// none.
    pub(crate) fn pop(&self) -> Option<T> {
        let item = self.lock().list.pop_front()?;
        self.places.release();
        Some(item)
    }

    /// Closes the queue first, and then ends the waits: a receiver that is woken must find every
    /// item that was sent.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.places.close();
        self.items.close();
    }
}
