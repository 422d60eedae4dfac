//! What is an iterator whose next item takes time?

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// An iterator whose next item is awaited.
///
/// It is what Python's `async for` walks. Here that is a loop: `while let Some(item) =
/// items.next().await`. The future of the next item is `Send` when that of the implementing type
/// is.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep};
/// use step6_toolbox::Sequence;
///
/// struct Countdown(u64);
///
/// impl Sequence for Countdown {
///     type Item = u64;
///
///     async fn next(&mut self) -> Option<u64> {
///         sleep(Duration::from_secs(1)).await;
///         self.0 = self.0.checked_sub(1)?;
///         Some(self.0)
///     }
/// }
///
/// async fn sum(mut numbers: impl Sequence<Item = u64>) -> u64 {
///     let mut sum = 0;
///     while let Some(number) = numbers.next().await {
///         sum += number;
///     }
///     sum
/// }
///
/// assert_eq!(Executor::with_virtual_time()?.block_on(sum(Countdown(4))), 6);
/// # std::io::Result::Ok(())
/// ```
pub trait Sequence {
    /// What it gives.
    type Item;

    /// Waits for the next item. `None` at the end; the sequences of this crate then give `None`
    /// ever after.
    ///
    /// # Cancel safety
    ///
    /// The sequences of this crate lose no item when this is dropped, and continue where they were
    /// in the next call.
    fn next(&mut self) -> impl Future<Output = Option<Self::Item>>;
}

impl<S: Sequence> Sequence for &mut S {
    type Item = S::Item;

    fn next(&mut self) -> impl Future<Output = Option<S::Item>> {
        (**self).next()
    }
}

/// Makes a sequence from an async body, which gives out items through what it is passed.
///
/// It is Python's async generator. The body does not start before the first item is awaited, and
/// runs only while one is. Between items it may await anything. When it returns, or panics, the
/// sequence is at its end, after the items that are in line already. It is no task: the body runs
/// in the task that awaits the item, and needs no executor but that task's.
///
/// The sequence is `Send` when the body, its futures and the items are.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::sequence;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let mut ticks = sequence(async |out| {
///         for tick in ["tick", "tock"] {
///             sleep(Duration::from_secs(1)).await;
///             out.yield_(tick).await;
///         }
///     });
///     assert_eq!(ticks.next().await, Some("tick"));
///     assert_eq!(ticks.next().await, Some("tock"));
///     assert_eq!(now() - start, Duration::from_secs(2));
///     assert_eq!(ticks.next().await, None);
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn sequence<T, B>(body: B) -> Generated<T, impl Future<Output = ()>>
where
    B: AsyncFnOnce(&Out<T>),
{
    let out = Out {
        slot: Arc::new(Mutex::new(Slot {
            items: VecDeque::new(),
            resumed: 0,
        })),
    };
    let slot = out.slot.clone();
    Generated {
        body: Some(Box::pin(async move { body(&out).await })),
        slot,
    }
}

/// The body's end of a [`sequence`]: through it, the body gives out its items.
///
/// It is borrowed by the body, and so cannot leave it.
pub struct Out<T> {
    slot: Arc<Mutex<Slot<T>>>,
}

/// Where items are put on their way out, in order.
struct Slot<T> {
    items: VecDeque<Item<T>>,
    /// How many left the line before those that are in it.
    resumed: u64,
}

struct Item<T> {
    /// `None` once it was given out. Only the first item can be gone like that, until the next one
    /// is awaited.
    item: Option<T>,
    /// The future that waits in `yield_` for that.
    waker: Waker,
}

impl<T> Out<T> {
    /// Gives out an item; continues once the next one is awaited.
    ///
    /// A body that yields several at once, say in a [`join`](crate::join()), gives them out one
    /// after the other, in the order of the calls.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it was polled, it drops the item; after that, the item is given out in its
    /// turn all the same.
    pub async fn yield_(&self, item: T) {
        let mut item = Some(item);
        let mut place = 0;
        poll_fn(|cx| {
            // Declared before the lock, and so dropped after it.
            let mut waker = cx.waker().clone();
            let mut slot = lock(&self.slot);
            if let Some(item) = item.take() {
                place = slot.resumed + slot.items.len() as u64;
                slot.items.push_back(Item {
                    item: Some(item),
                    waker,
                });
                return Poll::Pending;
            }
            let Some(index) = place.checked_sub(slot.resumed) else {
                return Poll::Ready(());
            };
            mem::swap(&mut slot.items[index as usize].waker, &mut waker);
            Poll::Pending
        })
        .await;
    }
}

impl<T> fmt::Debug for Out<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Out")
    }
}

/// A sequence whose body is written as an `async` closure: see [`sequence`].
///
/// Dropping it drops the body where it stands.
#[must_use = "the body does not run unless its items are awaited"]
pub struct Generated<T, F> {
    /// The body, which holds the other end of the slot. `None` once it has returned or panicked.
    body: Option<Pin<Box<F>>>,
    slot: Arc<Mutex<Slot<T>>>,
}

// The body is in a box, and the items are never pinned.
impl<T, F> Unpin for Generated<T, F> {}

impl<T, F: Future<Output = ()>> Generated<T, F> {
    /// Waits for the next item. `None` when the body has returned, then and ever after.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing: the body stays where it is, and the next call continues with it.
    ///
    /// # Panics
    ///
    /// Panics if the body does, which ends the sequence.
    pub async fn next(&mut self) -> Option<T> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let resumed = lock(&self.slot).resume();
        // The body is about to be polled. Only a future that it polls with another waker, as `join`
        // does, must be told.
        if let Some(waker) = resumed.filter(|waker| !waker.will_wake(cx.waker())) {
            waker.wake();
        }
        // Out of its place while it is polled, so that after a panic it is gone.
        let polled = match self.body.take() {
            Some(mut body) => {
                let polled = body.as_mut().poll(cx);
                if polled.is_pending() {
                    self.body = Some(body);
                } else {
                    drop(body);
                }
                polled
            }
            None => Poll::Ready(()),
        };
        let item = lock(&self.slot)
            .items
            .front_mut()
            .and_then(|first| first.item.take());
        match (item, polled) {
            (Some(item), _) => Poll::Ready(Some(item)),
            (None, Poll::Pending) => Poll::Pending,
            (None, Poll::Ready(())) => Poll::Ready(None),
        }
    }
}

impl<T> Slot<T> {
    /// Takes the item that was given out off the line. Returns the waker of the one that waits to
    /// continue after it.
    fn resume(&mut self) -> Option<Waker> {
        self.items.front().filter(|first| first.item.is_none())?;
        self.resumed += 1;
        self.items.pop_front().map(|first| first.waker)
    }
}

impl<T, F: Future<Output = ()>> Sequence for Generated<T, F> {
    type Item = T;

    fn next(&mut self) -> impl Future<Output = Option<T>> {
        self.next()
    }
}

impl<T, F> fmt::Debug for Generated<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generated")
            .field("has_ended", &self.body.is_none())
            .finish()
    }
}

fn lock<T>(slot: &Mutex<Slot<T>>) -> MutexGuard<'_, Slot<T>> {
    // Nothing panics under the lock, and no user code runs there.
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
