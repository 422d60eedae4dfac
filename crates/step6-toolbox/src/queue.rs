//! Queues of items between tasks.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use crate::async_iterator::AsyncIterator;
use crate::permits::Permits;
use crate::queue_error::{Closed, TryGetError, TryPutError};
use crate::queue_order::{QueueOrder, SmallestFirst};
use crate::waiters::Waiters;

/// A queue of items between tasks: first in, first out. This is Python's `Queue`.
///
/// # Examples
///
/// ```
/// use step5_executor::{block_on, spawn};
/// use step6_toolbox::Queue;
///
/// block_on(async {
///     let queue = Queue::new(2);
///     let items = queue.clone();
///     let producer = spawn(async move {
///         for item in 1..=5 {
///             items.put(item).await.unwrap();
///         }
///         items.close();
///     });
///     let mut sum = 0;
///     while let Some(item) = queue.get().await {
///         sum += item;
///     }
///     assert_eq!(sum, 15);
///     producer.await.unwrap();
/// });
/// ```
pub type Queue<T> = OrderedQueue<VecDeque<T>>;

/// A queue of items between tasks: last in, first out. This is Python's `LifoQueue`.
///
/// # Examples
///
/// ```
/// use step6_toolbox::LifoQueue;
///
/// let plates = LifoQueue::unbounded();
/// for plate in [1, 2, 3] {
///     plates.try_put(plate).unwrap();
/// }
/// assert_eq!(plates.try_get(), Ok(3));
/// ```
pub type LifoQueue<T> = OrderedQueue<Vec<T>>;

/// A queue of items between tasks: the smallest leaves first, and of equal ones the one that came
/// first. This is Python's `PriorityQueue`.
///
/// A getter gets the smallest item at the time when it takes one, even if it was woken for another.
/// If the greatest should leave first, put [`Reverse`](std::cmp::Reverse).
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
pub type PriorityQueue<T> = OrderedQueue<SmallestFirst<T>>;

/// The type behind [`Queue`], [`LifoQueue`] and [`PriorityQueue`]: items in some order, and tasks
/// that wait for an item or for room.
///
/// Clones are the same queue, and each can put and get. Waiters are served first come, first
/// served, and no newcomer overtakes them: an item, or a place, is reserved for the task that was
/// woken for it.
///
/// It is for the tasks of one thread, and not `Send`. It needs nothing but wakers, so it works on
/// any executor. And it knows no executor: while there is room, or an item, putting and getting do
/// not wait, and a task that does nothing else gives the others no turn.
///
/// Dropping a handle does not close it: each handle is for both ends, so a queue cannot tell when
/// its last producer is gone. Call [`close`](Self::close) when everything has been put.
pub struct OrderedQueue<O>(Rc<Inside<O>>);

/// A permit is the right to *an* item, or to *a* place: which one is settled when it is used. So an
/// item stays in here until a task takes it along, and cannot get lost with a future that is
/// dropped.
struct Inside<O> {
    items: RefCell<O>,
    /// One for each item that is not reserved.
    available: Permits,
    /// One for each place that is neither filled nor reserved.
    room: Permits,
    capacity: Option<usize>,
    is_closed: Cell<bool>,
    /// How many items were put, and not yet reported by `task_done`.
    unfinished: Cell<usize>,
    joiners: Waiters,
}

impl<O: QueueOrder> OrderedQueue<O> {
    /// Makes a queue for up to `capacity` items, at least 1. It takes memory only as items come.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is zero. (In Python that means no limit: see
    /// [`unbounded`](Self::unbounded).)
    pub fn new(capacity: usize) -> OrderedQueue<O> {
        assert!(
            capacity > 0,
            "a queue of capacity 0 takes no item: give it at least 1, or make it `unbounded`"
        );
        OrderedQueue::with_limit(Some(capacity))
    }

    /// Makes a queue without a limit, in which putting never waits.
    pub fn unbounded() -> OrderedQueue<O> {
        OrderedQueue::with_limit(None)
    }

    fn with_limit(capacity: Option<usize>) -> OrderedQueue<O> {
        OrderedQueue(Rc::new(Inside {
            items: RefCell::default(),
            available: Permits::new(0),
            room: Permits::new(capacity.unwrap_or(usize::MAX)),
            capacity,
            is_closed: Cell::new(false),
            unfinished: Cell::new(0),
            joiners: Waiters::default(),
        }))
    }

    /// Puts an item in, and waits for room if there is none.
    ///
    /// # Errors
    ///
    /// Returns [`Closed`] with the item if the queue is closed, before this or while it waits.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready drops the item, which is not in the queue then. The place
    /// goes to the next in line.
    pub async fn put(&self, item: O::Item) -> Result<(), Closed<O::Item>> {
        if !self.0.room.try_acquire() && !self.is_closed() {
            self.0.room.wait().await;
        }
        if self.is_closed() {
            return Err(Closed(item));
        }
        self.push(item);
        Ok(())
    }

    /// Takes the next item, and waits for one if there is none. Returns `None` when the queue is
    /// closed and empty.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready takes no item. The one that was reserved for it goes to the
    /// next in line.
    pub async fn get(&self) -> Option<O::Item> {
        if !self.0.available.try_acquire() && !self.is_drained() {
            self.0.available.wait().await;
        }
        self.pop()
    }

    /// Puts an item in, if there is room.
    ///
    /// # Errors
    ///
    /// Returns [`TryPutError`] with the item if there is no room for a newcomer, or the queue is
    /// closed.
    pub fn try_put(&self, item: O::Item) -> Result<(), TryPutError<O::Item>> {
        if self.is_closed() {
            return Err(TryPutError::Closed(item));
        }
        if !self.0.room.try_acquire() {
            return Err(TryPutError::Full(item));
        }
        self.push(item);
        Ok(())
    }

    /// Takes the next item, if there is one.
    ///
    /// # Errors
    ///
    /// Returns [`TryGetError`] if there is no item for a newcomer, or there never will be one.
    ///
    /// # Examples
    ///
    /// ```
    /// use step6_toolbox::{Queue, TryGetError, TryPutError};
    ///
    /// let queue = Queue::new(1);
    /// assert_eq!(queue.try_put('a'), Ok(()));
    /// assert_eq!(queue.try_put('b'), Err(TryPutError::Full('b')));
    /// queue.close();
    /// assert_eq!(queue.try_get(), Ok('a'));
    /// assert_eq!(queue.try_get(), Err(TryGetError::Closed));
    /// ```
    pub fn try_get(&self) -> Result<O::Item, TryGetError> {
        if self.0.available.try_acquire()
            && let Some(item) = self.pop()
        {
            return Ok(item);
        }
        Err(if self.is_drained() {
            TryGetError::Closed
        } else {
            TryGetError::Empty
        })
    }

    /// Reports that the work on an item is done: see [`join`](Self::join).
    ///
    /// # Panics
    ///
    /// Panics if it is called more often than items were put.
    pub fn task_done(&self) {
        let unfinished = self.0.unfinished.get().checked_sub(1);
        self.0
            .unfinished
            .set(unfinished.expect("`task_done` was called more often than items were put"));
        if unfinished == Some(0) {
            self.0.joiners.wake_all();
        }
    }

    /// Waits until [`task_done`](Self::task_done) was called for each item that was put.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use step5_executor::{block_on, spawn};
    /// use step6_toolbox::Queue;
    ///
    /// block_on(async {
    ///     let queue = Queue::unbounded();
    ///     for job in ["wash", "dry"] {
    ///         queue.try_put(job).unwrap();
    ///     }
    ///     let jobs = queue.clone();
    ///     let worker = spawn(async move {
    ///         while let Some(_job) = jobs.get().await {
    ///             jobs.task_done();
    ///         }
    ///     });
    ///     queue.join().await;
    ///     assert!(queue.is_empty());
    ///     worker.abort();
    /// });
    /// ```
    pub async fn join(&self) {
        if self.0.unfinished.get() > 0 {
            // All are woken together, so there is nothing to pass on.
            self.0.joiners.wait(|| ()).woken().await;
        }
    }

    /// Closes the queue, so that no more items come in. Those that wait for room get their items
    /// back; the items that are in the queue can still be taken. Closing it twice does nothing
    /// more.
    pub fn close(&self) {
        self.0.is_closed.set(true);
        // Each of these finds the queue closed.
        self.0.room.wake_all();
        self.dismiss_getters();
    }

    /// Returns whether the queue was closed.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed.get()
    }

    /// Returns how many items are in the queue, including those that are reserved for a task that
    /// was woken.
    pub fn len(&self) -> usize {
        self.0.items.borrow().count()
    }

    /// Returns whether the queue is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many items it can hold, or `None` if there is no limit.
    pub fn capacity(&self) -> Option<usize> {
        self.0.capacity
    }

    /// Returns whether there are no items, and never will be.
    fn is_drained(&self) -> bool {
        self.is_closed() && self.is_empty()
    }

    /// Ends the wait of all getters if the queue is drained. They had waited in case a task that
    /// has an item reserved for it would be dropped.
    fn dismiss_getters(&self) {
        if self.is_drained() {
            self.0.available.wake_all();
        }
    }

    /// Adds an item. The caller has a permit for a place.
    fn push(&self, item: O::Item) {
        self.0.items.borrow_mut().push(item);
        self.0.unfinished.set(self.0.unfinished.get() + 1);
        self.0.available.release(1);
    }

    /// Takes an item. The caller has a permit for one, but if the queue is closed, there may be
    /// none.
    fn pop(&self) -> Option<O::Item> {
        let item = self.0.items.borrow_mut().pop()?;
        self.0.room.release(1);
        self.dismiss_getters();
        Some(item)
    }
}

/// Gives the items until the queue is closed and empty.
impl<O: QueueOrder> AsyncIterator for OrderedQueue<O> {
    type Item = O::Item;

    fn next(&mut self) -> impl Future<Output = Option<O::Item>> {
        self.get()
    }
}

impl<O> Clone for OrderedQueue<O> {
    fn clone(&self) -> OrderedQueue<O> {
        OrderedQueue(Rc::clone(&self.0))
    }
}
