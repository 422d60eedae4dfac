//! A channel between tasks of any threads and executors.
//!
//! It is the queue of this crate again, permits for places and for items, behind one lock.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::{Closed, TryGetError, TryPutError};

/// Makes a channel that holds up to `capacity` items: many producers, many consumers, first in,
/// first out.
///
/// Both ends can be cloned, and each clone may be on any thread, if the items are `Send`; waiters
/// are served first come, first served. A thread without an executor waits by `block_on`.
///
/// It closes when all clones of one end are gone. Then receivers get what is left, and `None` after
/// that; with the last receiver the items go, too. It needs nothing but wakers, so it works on any
/// executor. Under a virtual clock, let a thread that owes an item hold the clock
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
    let channel = Arc::new(Channel(Mutex::new(State {
        queue: VecDeque::new(),
        places: Permits::new(capacity),
        items: Permits::new(0),
        is_closed: false,
    })));
    let sender = Sender(Arc::new(SenderEnd(Arc::clone(&channel))));
    (sender, Receiver(Arc::new(ReceiverEnd(channel))))
}

/// The end of a [`channel`] that items go into. Clones are the same end.
pub struct Sender<T>(Arc<SenderEnd<T>>);

/// The end of a [`channel`] that items come out of. Clones are the same end: each item goes to one.
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
        self.0.0.take(|state| &mut state.places).await;
        self.0.0.push(item).map_err(Closed)
    }

    /// Puts an item into the channel, if there is a place.
    ///
    /// # Errors
    ///
    /// Returns the item if the channel is full or closed.
    pub fn try_send(&self, item: T) -> Result<(), TryPutError<T>> {
        if !self.0.0.try_take(|state| &mut state.places) {
            return Err(TryPutError::Full(item));
        }
        self.0.0.push(item).map_err(TryPutError::Closed)
    }
}

impl<T> Receiver<T> {
    /// Waits for an item; `None` if the channel is closed and empty.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it is ready, no item is lost.
    pub async fn recv(&self) -> Option<T> {
        self.0.0.take(|state| &mut state.items).await;
        self.0.0.pop()
    }

    /// Takes an item, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error if the channel is empty, which says whether it is closed, too.
    pub fn try_recv(&self) -> Result<T, TryGetError> {
        if !self.0.0.try_take(|state| &mut state.items) {
            return Err(TryGetError::Empty);
        }
        self.0.0.pop().ok_or(TryGetError::Closed)
    }

    /// Closes the channel: what is sent from now on comes back, and what is there can be received.
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

/// What the clones of a sender share. It is dropped with the last of them.
struct SenderEnd<T>(Arc<Channel<T>>);

impl<T> Drop for SenderEnd<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// What the clones of a receiver share. It is dropped with the last of them.
struct ReceiverEnd<T>(Arc<Channel<T>>);

impl<T> Drop for ReceiverEnd<T> {
    fn drop(&mut self) {
        self.0.close();
        let rest = mem::take(&mut self.0.lock().queue);
        drop(rest);
    }
}

/// What both ends share. Wakers are woken, and items dropped, after the lock is released.
struct Channel<T>(Mutex<State<T>>);

struct State<T> {
    queue: VecDeque<T>,
    /// For senders.
    places: Permits,
    /// For receivers.
    items: Permits,
    /// From then on permits do not count.
    is_closed: bool,
}

/// How many may continue, and a line for the others. Who has a number and is not in the line has
/// been given a permit.
struct Permits {
    free: usize,
    line: BTreeMap<u64, Waker>,
    came: u64,
}

impl Permits {
    fn new(free: usize) -> Permits {
        let (line, came) = (BTreeMap::new(), 0);
        Permits { free, line, came }
    }

    /// Gives a permit to the first in line, whose waker it returns, or to the next that comes.
    #[must_use = "the waiter is to be woken"]
    fn give(&mut self) -> Option<Waker> {
        let first = self.line.pop_first();
        self.free += usize::from(first.is_none());
        first.map(|(_, waker)| waker)
    }
}

type Side<T> = fn(&mut State<T>) -> &mut Permits;

impl<T> Channel<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, side: Side<T>) -> Take<'_, T> {
        Take {
            channel: self,
            side,
            number: None,
        }
    }

    fn try_take(&self, side: Side<T>) -> bool {
        let mut state = self.lock();
        let is_closed = state.is_closed;
        let free = &mut side(&mut state).free;
        let has_taken = *free > 0;
        *free -= usize::from(has_taken);
        has_taken || is_closed
    }

    /// With a permit for a place, puts an item into it.
    fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(item);
        }
        state.queue.push_back(item);
        let receiver = state.items.give();
        drop(state);
        receiver.into_iter().for_each(Waker::wake);
        Ok(())
    }

    /// With a permit for an item, takes one. If the channel is closed, there may be none.
    fn pop(&self) -> Option<T> {
        let mut state = self.lock();
        let item = state.queue.pop_front();
        let sender = item.as_ref().and_then(|_| state.places.give());
        drop(state);
        sender.into_iter().for_each(Waker::wake);
        item
    }

    fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        let senders = mem::take(&mut state.places.line);
        let receivers = mem::take(&mut state.items.line);
        drop(state);
        let waiters = senders.into_values().chain(receivers.into_values());
        waiters.for_each(Waker::wake);
    }
}

/// Waits for a permit and takes it, or for the channel to be closed.
struct Take<'a, T> {
    channel: &'a Channel<T>,
    side: Side<T>,
    /// Its place in the order of coming, if it had to wait.
    number: Option<u64>,
}

impl<T> Future for Take<'_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let channel = self.channel;
        let mut state = channel.lock();
        let is_closed = state.is_closed;
        let permits = (self.side)(&mut state);
        match self.number {
            _ if is_closed => {}
            None if permits.free > 0 => permits.free -= 1,
            Some(number) if !permits.line.contains_key(&number) => {}
            _ => {
                // The place in the line stays, but the waker of the last poll counts.
                let number = *self.number.get_or_insert(permits.came);
                permits.came = permits.came.max(number + 1);
                let old = permits.line.insert(number, cx.waker().clone());
                drop(state);
                drop(old);
                return Poll::Pending;
            }
        }
        drop(state);
        self.number = None;
        Poll::Ready(())
    }
}

impl<T> Drop for Take<'_, T> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let mut state = self.channel.lock();
        let permits = (self.side)(&mut state);
        // It leaves the line, or passes the permit on that it was given.
        let waker = permits.line.remove(&number);
        let next = waker.is_none().then(|| permits.give()).flatten();
        drop(state);
        drop(waker);
        next.into_iter().for_each(Waker::wake);
    }
}
