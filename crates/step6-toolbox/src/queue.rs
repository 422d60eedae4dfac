//! How do tasks pass items on, and wait for room or for an item?

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::async_iterator::AsyncIterator;
use crate::buffer::{Buffer, Storage};
use crate::queue_errors::{Closed, TryGetError, TryPutError};
use crate::waiters::Place;

/// A queue of items between tasks: first in, first out.
///
/// Clones are the same queue, and each can put and get. Those who wait are served first come, first
/// served, and no newcomer overtakes them: an item, or a place, is reserved for the task that was
/// woken for it.
///
/// Not `Send`: it is for the tasks of one thread. It needs nothing but wakers, so it works on any
/// executor. It knows nothing of the executor either: while there is room, or an item, putting and
/// getting do not wait, and a task that does only that gives the others no turn.
///
/// Dropping a handle does not close it, because each handle is for both ends: call
/// [`close`](Self::close) when everything has been put.
///
/// # Cancel safety
///
/// Neither [`put`](Self::put) nor [`get`](Self::get) is ever half done. Until it is ready it has
/// done nothing, and if it is dropped after it was woken, the next in line is woken.
///
/// # Panics
///
/// A waker of another executor may panic when it is woken. The put or get that woke it then passes
/// that on; an item that was to be taken is dropped, and no other task suffers.
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
pub struct Queue<T>(Rc<Buffer<Fifo<T>>>);

impl<T> Queue<T> {
    /// Makes a queue that holds up to `capacity` items, at least 1. Memory is taken as items come.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is zero.
    pub fn new(capacity: usize) -> Queue<T> {
        Queue(Rc::new(Buffer::new(Some(capacity), Fifo::default())))
    }

    /// Makes a queue without a limit, in which putting never waits.
    pub fn unbounded() -> Queue<T> {
        Queue(Rc::new(Buffer::new(None, Fifo::default())))
    }

    /// Puts an item at the end, and waits for room if there is none.
    ///
    /// # Errors
    ///
    /// Returns [`Closed`] with the item if the queue is closed, before this or while it waits.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready drops the item, which is not in the queue, and passes its
    /// permit on.
    ///
    /// # Panics
    ///
    /// Panics if it is polled after it was ready.
    pub fn put(&self, item: T) -> Put<'_, Fifo<T>> {
        Put {
            buffer: &self.0,
            place: Place::default(),
            item: Some(item),
        }
    }

    /// Takes the item in front, and waits for one if there is none. `None` when the queue is closed
    /// and drained.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready takes no item, and passes its permit on.
    pub fn get(&self) -> Get<'_, Fifo<T>> {
        Get {
            buffer: &self.0,
            place: Place::default(),
        }
    }

    /// Puts an item at the end, if there is room.
    ///
    /// # Errors
    ///
    /// Returns [`TryPutError`] with the item if there is no room for a newcomer, or the queue is
    /// closed.
    pub fn try_put(&self, item: T) -> Result<(), TryPutError<T>> {
        self.0.try_put(item)
    }

    /// Takes the item in front, if there is one.
    ///
    /// # Errors
    ///
    /// Returns [`TryGetError`] if there is none for a newcomer, or there never will be.
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

/// The order of a [`Queue`]: first in, first out. It appears in the types of the queue's futures.
pub struct Fifo<T>(VecDeque<T>);

impl<T> Storage for Fifo<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.0.push_back(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.0.pop_front()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// The future of [`Queue::put`] and [`PriorityQueue::put`](crate::PriorityQueue::put).
#[must_use = "futures do nothing unless awaited"]
pub struct Put<'a, S: Storage> {
    pub(crate) buffer: &'a Buffer<S>,
    pub(crate) place: Place,
    /// `None` once it is ready.
    pub(crate) item: Option<S::Item>,
}

/// The future of [`Queue::get`] and [`PriorityQueue::get`](crate::PriorityQueue::get).
#[must_use = "futures do nothing unless awaited"]
pub struct Get<'a, S: Storage> {
    pub(crate) buffer: &'a Buffer<S>,
    pub(crate) place: Place,
}

/// The item is moved, and never pinned.
impl<S: Storage> Unpin for Put<'_, S> {}

impl<S: Storage> Future for Put<'_, S> {
    type Output = Result<(), Closed<S::Item>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let put = self.get_mut();
        put.buffer.poll_put(&mut put.place, &mut put.item, cx)
    }
}

impl<S: Storage> Future for Get<'_, S> {
    type Output = Option<S::Item>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let get = self.get_mut();
        get.buffer.poll_get(&mut get.place, cx)
    }
}

impl<S: Storage> Drop for Put<'_, S> {
    fn drop(&mut self) {
        self.buffer.leave_put(&mut self.place);
    }
}

impl<S: Storage> Drop for Get<'_, S> {
    fn drop(&mut self) {
        self.buffer.leave_get(&mut self.place);
    }
}

/// Gives the items until the queue is closed and drained.
impl<T> AsyncIterator for Queue<T> {
    type Item = T;

    fn next(&mut self) -> impl Future<Output = Option<T>> {
        self.get()
    }
}

impl<T> Default for Fifo<T> {
    fn default() -> Fifo<T> {
        Fifo(VecDeque::new())
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Queue<T> {
        Queue(self.0.clone())
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("Queue", f)
    }
}

impl<S: Storage> fmt::Debug for Put<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Put")
            .field("is_ready", &self.item.is_none())
            .finish_non_exhaustive()
    }
}

impl<S: Storage> fmt::Debug for Get<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Get").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Fifo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fifo")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
