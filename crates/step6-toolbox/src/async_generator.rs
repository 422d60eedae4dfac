//! Async iterators whose body is an `async` closure, with `yield_` in it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::async_iterator::AsyncIterator;

/// Makes an async iterator from an async body, which yields items through the argument that it is
/// given.
///
/// This is Python's async generator. The body does not start before the first item is awaited, and
/// runs only while one is. Between items it may await anything. When it returns, or panics, the
/// iterator is at its end. It is not a task: the body runs in the task that awaits the item, and on
/// whatever executor that task has.
///
/// The iterator is `Send` when the body, its futures and the items are.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::async_generator;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let mut ticks = async_generator(async |yielder| {
///         for tick in ["tick", "tock"] {
///             sleep(Duration::from_secs(1)).await;
///             yielder.yield_(tick).await;
///         }
///     });
///     assert_eq!(ticks.next().await, Some("tick"));
///     assert_eq!(ticks.next().await, Some("tock"));
///     assert_eq!(now() - start, Duration::from_secs(2));
///     assert_eq!(ticks.next().await, None);
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn async_generator<T, B>(body: B) -> AsyncGenerator<T, impl Future<Output = ()>>
where
    B: AsyncFnOnce(&mut Yielder<T>),
{
    let slot = Arc::new(Mutex::new(Slot {
        item: None,
        waiting: None,
    }));
    let mut yielder = Yielder {
        slot: Arc::clone(&slot),
    };
    let body = Box::pin(async move { body(&mut yielder).await });
    AsyncGenerator {
        body: Some(body),
        slot,
    }
}

/// What the body of an [`async_generator`] yields its items through.
pub struct Yielder<T> {
    slot: Arc<Mutex<Slot<T>>>,
}

/// The place of an item on its way from the body to the iterator.
struct Slot<T> {
    item: Option<T>,
    /// The waker of the `yield_` that waits.
    waiting: Option<Waker>,
}

impl<T> Yielder<T> {
    /// Yields an item, and waits until the next one is awaited. It takes `&mut self`, so there is
    /// one at a time.
    ///
    /// # Cancel safety
    ///
    /// Its first poll yields the item, and dropping it after that changes nothing: the next
    /// `yield_` waits until the item was taken. If it is dropped while it still waits for an
    /// earlier item to be taken, or before its first poll, its own item is dropped.
    pub async fn yield_(&mut self, item: T) {
        let mut item = Some(item);
        poll_fn(|cx| {
            let waker = cx.waker().clone();
            let mut slot = lock(&self.slot);
            if slot.item.is_none() {
                let Some(item) = item.take() else {
                    // The item was taken, and the body is polled because the next one is awaited.
                    return Poll::Ready(());
                };
                slot.item = Some(item);
            }
            let old = slot.waiting.replace(waker);
            drop(slot);
            drop(old);
            Poll::Pending
        })
        .await;
    }
}

/// An async iterator whose body is an `async` closure: see [`async_generator`].
///
/// Dropping it drops the body where it stands.
#[must_use = "the body does not run unless its items are awaited"]
pub struct AsyncGenerator<T, F> {
    /// `None` once the body has returned or panicked.
    body: Option<Pin<Box<F>>>,
    slot: Arc<Mutex<Slot<T>>>,
}

// The body is in a box, and no item is ever pinned.
impl<T, F> Unpin for AsyncGenerator<T, F> {}

impl<T, F: Future<Output = ()>> AsyncGenerator<T, F> {
    /// Waits for the next item. Returns `None` once the body has returned, and from then on.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing: the body stays where it is, and the next call continues with it.
    ///
    /// # Panics
    ///
    /// Panics if the body does, which ends the iterator.
    pub async fn next(&mut self) -> Option<T> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        // The body is about to be polled, so this task need not be woken. But if the body polls the
        // `yield_` with a waker of its own, as `join_all` does, that one must be.
        let waiting = lock(&self.slot).waiting.take();
        if let Some(waker) = waiting
            && !waker.will_wake(cx.waker())
        {
            waker.wake();
        }
        // Taken out for the poll, so that it is gone after a panic.
        if let Some(mut body) = self.body.take()
            && body.as_mut().poll(cx).is_pending()
        {
            self.body = Some(body);
        }
        match lock(&self.slot).item.take() {
            None if self.body.is_some() => Poll::Pending,
            item => Poll::Ready(item),
        }
    }
}

impl<T, F: Future<Output = ()>> AsyncIterator for AsyncGenerator<T, F> {
    type Item = T;

    fn next(&mut self) -> impl Future<Output = Option<T>> {
        AsyncGenerator::next(self)
    }
}

fn lock<T>(slot: &Mutex<Slot<T>>) -> MutexGuard<'_, Slot<T>> {
    // Nothing panics under the lock.
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
