//! How does the smallest item come out first?

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fmt;
use std::rc::Rc;

use crate::async_iterator::AsyncIterator;
use crate::buffer::{Buffer, Storage};
use crate::queue::{Get, Put};
use crate::queue_errors::{TryGetError, TryPutError};
use crate::waiters::Place;

/// A queue of items between tasks, of which the smallest leaves first; of equal ones, the one that
/// came first.
///
/// In everything else it is a [`Queue`](crate::Queue): clones are the same queue, those who wait
/// are served first come, first served, `close` drains. Which item a getter gets is settled when it
/// takes one: it is the smallest at that time, even if the getter was woken for another one. For
/// the greatest first, put [`Reverse`](std::cmp::Reverse).
///
/// Not `Send`: it is for the tasks of one thread. It needs nothing but wakers, so it works on any
/// executor.
///
/// # Cancel safety
///
/// As for [`Queue`](crate::Queue): what is dropped before it is ready has done nothing, and passes
/// its permit on.
///
/// # Panics
///
/// Putting and getting compare items. If a comparison panics, so do they, and a comparison that
/// uses the queue panics. The queue can still be used then, but an item that was being taken may be
/// gone, and those in the queue may be in the wrong order.
///
/// # Examples
///
/// ```
/// use step6_toolbox::PriorityQueue;
///
/// step5_executor::block_on(async {
///     let jobs = PriorityQueue::unbounded();
///     for job in [(2, "sweep"), (1, "cook"), (2, "dust")] {
///         jobs.put(job).await.unwrap();
///     }
///     jobs.close();
///     let mut order = vec![];
///     while let Some((_, job)) = jobs.get().await {
///         order.push(job);
///     }
///     assert_eq!(order, ["cook", "dust", "sweep"]);
/// });
/// ```
pub struct PriorityQueue<T: Ord>(Rc<Buffer<SmallestFirst<T>>>);

impl<T: Ord> PriorityQueue<T> {
    /// Makes a queue that holds up to `capacity` items, at least 1. Memory is taken as items come.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is zero.
    pub fn new(capacity: usize) -> PriorityQueue<T> {
        PriorityQueue(Rc::new(Buffer::new(
            Some(capacity),
            SmallestFirst::default(),
        )))
    }

    /// Makes a queue without a limit, in which putting never waits.
    pub fn unbounded() -> PriorityQueue<T> {
        PriorityQueue(Rc::new(Buffer::new(None, SmallestFirst::default())))
    }

    /// Puts an item in, and waits for room if there is none. See [`Queue::put`](crate::Queue::put).
    ///
    /// # Errors
    ///
    /// Returns [`Closed`](crate::Closed) with the item if the queue is closed, before this or while
    /// it waits.
    pub fn put(&self, item: T) -> Put<'_, SmallestFirst<T>> {
        Put {
            buffer: &self.0,
            place: Place::default(),
            item: Some(item),
        }
    }

    /// Takes the smallest item, and waits for one if there is none. `None` when the queue is closed
    /// and drained. See [`Queue::get`](crate::Queue::get).
    pub fn get(&self) -> Get<'_, SmallestFirst<T>> {
        Get {
            buffer: &self.0,
            place: Place::default(),
        }
    }

    /// Puts an item in, if there is room.
    ///
    /// # Errors
    ///
    /// Returns [`TryPutError`] with the item if there is no room for a newcomer, or the queue is
    /// closed.
    pub fn try_put(&self, item: T) -> Result<(), TryPutError<T>> {
        self.0.try_put(item)
    }

    /// Takes the smallest item, if there is one.
    ///
    /// # Errors
    ///
    /// Returns [`TryGetError`] if there is none for a newcomer, or there never will be.
    pub fn try_get(&self) -> Result<T, TryGetError> {
        self.0.try_get()
    }

    /// Lets no more items in. Those who wait to put have theirs back; what is here can still be
    /// got. Doing so again does nothing.
    pub fn close(&self) {
        self.0.close();
    }

    /// Returns whether the queue was closed.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    /// Returns how many items are here, with those that are reserved for a task that was woken.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether no item is here.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many items it can hold. `None` is without a limit.
    pub fn capacity(&self) -> Option<usize> {
        self.0.capacity()
    }
}

/// Gives the items, the smallest first, until the queue is closed and drained.
impl<T: Ord> AsyncIterator for PriorityQueue<T> {
    type Item = T;

    fn next(&mut self) -> impl Future<Output = Option<T>> {
        self.get()
    }
}

impl<T: Ord> Clone for PriorityQueue<T> {
    fn clone(&self) -> PriorityQueue<T> {
        PriorityQueue(self.0.clone())
    }
}

impl<T: Ord> fmt::Debug for PriorityQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("PriorityQueue", f)
    }
}

/// The order of a [`PriorityQueue`]: a heap that keeps the order of arrival among equals. It
/// appears in the types of the queue's futures.
pub struct SmallestFirst<T> {
    entries: BinaryHeap<Entry<T>>,
    /// How many ever came.
    arrivals: u64,
}

struct Entry<T> {
    item: T,
    arrival: u64,
}

impl<T: Ord> Storage for SmallestFirst<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.arrivals += 1;
        self.entries.push(Entry {
            item,
            arrival: self.arrivals,
        });
    }

    fn pop(&mut self) -> Option<T> {
        self.entries.pop().map(|entry| entry.item)
    }

    fn len(&self) -> usize {
        self.entries.len()
    }
}

impl<T: Ord> Default for SmallestFirst<T> {
    fn default() -> SmallestFirst<T> {
        SmallestFirst {
            entries: BinaryHeap::new(),
            arrivals: 0,
        }
    }
}

/// Turned round, because std's heap gives the greatest.
impl<T: Ord> Ord for Entry<T> {
    fn cmp(&self, other: &Entry<T>) -> Ordering {
        other
            .item
            .cmp(&self.item)
            .then_with(|| other.arrival.cmp(&self.arrival))
    }
}

impl<T: Ord> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Entry<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> PartialEq for Entry<T> {
    fn eq(&self, other: &Entry<T>) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Ord> Eq for Entry<T> {}

impl<T: Ord> fmt::Debug for SmallestFirst<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmallestFirst")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
