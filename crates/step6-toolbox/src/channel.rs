//! What the ends of a channel between threads share.
//!
//! It is the queue of this crate again, permits for places and for items, behind one lock.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// What both ends share. Wakers are woken, and items dropped, after the lock is released.
pub(crate) struct Channel<T>(Mutex<State<T>>);

pub(crate) struct State<T> {
    queue: VecDeque<T>,
    /// For senders.
    pub(crate) places: Permits,
    /// For receivers.
    pub(crate) items: Permits,
    /// From then on permits do not count.
    is_closed: bool,
}

/// How many may continue, and a line for the others. Who has a number and is not in the line has
/// been given a permit.
pub(crate) struct Permits {
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

pub(crate) type Side<T> = fn(&mut State<T>) -> &mut Permits;

impl<T> Channel<T> {
    pub(crate) fn new(capacity: usize) -> Channel<T> {
        Channel(Mutex::new(State {
            queue: VecDeque::new(),
            places: Permits::new(capacity),
            items: Permits::new(0),
            is_closed: false,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take(&self, side: Side<T>) -> Take<'_, T> {
        Take {
            channel: self,
            side,
            number: None,
        }
    }

    pub(crate) fn try_take(&self, side: Side<T>) -> bool {
        let mut state = self.lock();
        let is_closed = state.is_closed;
        let free = &mut side(&mut state).free;
        let has_taken = *free > 0;
        *free -= usize::from(has_taken);
        has_taken || is_closed
    }

    /// With a permit for a place, puts an item into it.
    pub(crate) fn push(&self, item: T) -> Result<(), T> {
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
    pub(crate) fn pop(&self) -> Option<T> {
        let mut state = self.lock();
        let item = state.queue.pop_front();
        let sender = item.as_ref().and_then(|_| state.places.give());
        drop(state);
        sender.into_iter().for_each(Waker::wake);
        item
    }

    pub(crate) fn close(&self) {
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
pub(crate) struct Take<'a, T> {
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
