//! A channel between tasks of any threads and executors.

use std::sync::Arc;

use crate::channel::Channel;
use crate::{Closed, TryGetError, TryPutError};

/// Makes a channel that holds up to `capacity` items: many producers, many consumers, first in,
/// first out.
///
/// Both ends can be cloned, and each clone may be on any thread, if the items are `Send`. Waiters
/// are served first come, first served. A thread without an executor waits with `block_on`.
///
/// It closes when all clones of one end are gone. Without senders, receivers get what is left, and
/// `None` after that; without receivers, the items are dropped. It needs nothing but wakers, so it
/// works on any executor. Under a virtual clock, a thread that owes an item should hold the clock
/// ([`hold_clock`](step5_executor::hold_clock)).
///
/// # Panics
///
/// Panics if `capacity` is zero.
///
/// # Examples
///
/// ```
/// use std::thread;
/// use step5_executor::block_on;
/// use step6_toolbox::mpmc;
///
/// let (sender, receiver) = mpmc::channel(2);
/// let producer = thread::spawn(move || block_on(async {
///     for item in 0..5 {
///         sender.send(item).await.unwrap();
///     }
/// }));
/// block_on(async {
///     for item in 0..5 {
///         assert_eq!(receiver.recv().await, Some(item));
///     }
///     assert_eq!(receiver.recv().await, None);
/// });
/// producer.join().unwrap();
/// ```
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(capacity > 0, "a channel holds at least one item");
    let channel = Arc::new(Channel::new(capacity));
    let sender = Sender(Arc::new(SenderEnd(Arc::clone(&channel))));
    (sender, Receiver(Arc::new(ReceiverEnd(channel))))
}

/// The end of a [`channel`] that items go into. Clones are the same end.
pub struct Sender<T>(Arc<SenderEnd<T>>);

/// The end of a [`channel`] that items come out of. Clones are the same end, and each item goes to
/// one of them.
pub struct Receiver<T>(Arc<ReceiverEnd<T>>);

impl<T> Sender<T> {
    /// Waits for a place, and puts an item into the channel.
    ///
    /// # Errors
    ///
    /// Returns the item if the channel is closed.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, the item was not sent, and is dropped.
    pub async fn send(&self, item: T) -> Result<(), Closed<T>> {
        self.0.0.places.acquire().await;
        self.0.0.push(item).map_err(Closed)
    }

    /// Puts an item into the channel, if there is a place.
    ///
    /// # Errors
    ///
    /// Returns the item if the channel is full or closed.
    pub fn try_send(&self, item: T) -> Result<(), TryPutError<T>> {
        if !self.0.0.places.try_acquire() {
            return Err(TryPutError::Full(item));
        }
        self.0.0.push(item).map_err(TryPutError::Closed)
    }
}

impl<T> Receiver<T> {
    /// Waits for an item. Returns `None` if the channel is closed and empty.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready loses no item.
    pub async fn recv(&self) -> Option<T> {
        self.0.0.items.acquire().await;
        self.0.0.pop()
    }

    /// Takes an item, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error if the channel is empty; the error says whether it is closed, too.
    pub fn try_recv(&self) -> Result<T, TryGetError> {
        if !self.0.0.items.try_acquire() {
            return Err(TryGetError::Empty);
        }
        self.0.0.pop().ok_or(TryGetError::Closed)
    }

    /// Closes the channel: from now on senders get their items back, and what is in the channel can
    /// still be received.
    pub fn close(&self) {
        self.0.0.close();
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        Sender(Arc::clone(&self.0))
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Receiver<T> {
        Receiver(Arc::clone(&self.0))
    }
}

/// What the clones of a sender share, dropped with the last of them.
struct SenderEnd<T>(Arc<Channel<T>>);

impl<T> Drop for SenderEnd<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// What the clones of a receiver share, dropped with the last of them.
struct ReceiverEnd<T>(Arc<Channel<T>>);

impl<T> Drop for ReceiverEnd<T> {
    fn drop(&mut self) {
        self.0.close();
        // No one will receive what is left. It is dropped outside of the lock: items may hold ends
        // of channels.
        while self.0.pop().is_some() {}
    }
}
