//! A plain iterator over what a loop in another thread makes, through a slot between the two.

use std::future::poll_fn;
use std::io;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::thread::{self, JoinHandle};

use step5_executor::{Executor, hold_clock};

use crate::AsyncIterator;

/// Runs an async iterator in a thread of its own, and iterates over its values as they are made.
///
/// It is the bridge from a plain `for` to async code. The closure makes the iterator in the thread,
/// which is called `blocking-iter` and runs an executor of step 5, so nothing of it needs
/// to be `Send` but its values.
///
/// The thread starts at once, and is one value ahead: it makes the next one while the caller works
/// with the last, and then waits until the caller takes it. Tasks that it has spawned
/// continue meanwhile; what is left of them at its end is dropped. Dropping the iterator stops the thread
/// where it waits, and waits for the thread to end, so nothing is left of it. That takes time only
/// if a closure or task blocks.
///
/// # Panics
///
/// Panics if the thread cannot be started; and `next` continues a panic of the iterator, after the
/// values made before.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::sleep;
/// use step6_toolbox::{into_blocking_iter, async_generator};
///
/// let countdown = || {
///     async_generator(async |yielder| {
///         for number in [3, 2, 1] {
///             sleep(Duration::from_millis(1)).await;
///             yielder.yield_(number).await;
///         }
///     })
/// };
/// assert_eq!(into_blocking_iter(countdown).collect::<Vec<_>>(), [3, 2, 1]);
/// // What comes after a long time keeps nothing.
/// let slow = || async_generator(async |yielder| {
///     yielder.yield_("now").await;
///     sleep(Duration::from_secs(3600)).await;
///     yielder.yield_("later").await;
/// });
/// assert_eq!(into_blocking_iter(slow).next(), Some("now"));
/// ```
pub fn into_blocking_iter<S>(make: impl FnOnce() -> S + Send + 'static) -> BlockingIter<S::Item>
where
    S: AsyncIterator<Item: Send + 'static>,
{
    BlockingIter::on(Executor::new, make)
}

/// An iterator over what is made in another thread, made by [`into_blocking_iter`].
///
/// After `None` or a panic it stays at its end.
pub struct BlockingIter<T> {
    slot: Arc<Slot<T>>,
    /// `None` once it has been joined.
    thread: Option<JoinHandle<()>>,
}

/// What the two threads share.
struct Slot<T> {
    state: Mutex<State<T>>,
    /// Called when a value was put in, and when the thread is over.
    changed: Condvar,
}

struct State<T> {
    value: Option<T>,
    /// Whether the caller wants no more.
    is_stopped: bool,
    /// Whether the thread will make no more.
    is_over: bool,
    /// The thread's main future, which is woken when the value was taken, and in order to be
    /// stopped.
    main: Option<Waker>,
}

impl<T: Send + 'static> BlockingIter<T> {
    /// Runs an async iterator on another executor, say one with another selector or the virtual clock: see
    /// [`into_blocking_iter`].
    ///
    /// The closure makes the executor in the thread. A virtual clock stands still while a value
    /// waits to be taken.
    ///
    /// # Panics
    ///
    /// Panics as [`into_blocking_iter`] does; `next` also panics if the executor cannot be made.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use step5_executor::{Executor, sleep};
    /// use step6_toolbox::{BlockingIter, async_generator};
    ///
    /// let slow = || async_generator(async |yielder| {
    ///     sleep(Duration::from_secs(3600)).await;
    ///     yielder.yield_("an hour later").await;
    /// });
    /// let mut at_once = BlockingIter::on(Executor::with_virtual_time, slow);
    /// assert_eq!(at_once.next(), Some("an hour later"));
    /// ```
    pub fn on<S: AsyncIterator<Item = T>>(
        executor: impl FnOnce() -> io::Result<Executor> + Send + 'static,
        make: impl FnOnce() -> S + Send + 'static,
    ) -> BlockingIter<T> {
        let state = State {
            value: None,
            is_stopped: false,
            is_over: false,
            main: None,
        };
        let slot = Arc::new(Slot {
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let filled = slot.clone();
        let work = move || {
            // Dropped last, when everything else is gone, even in a panic.
            let over = Over(filled);
            let executor = executor().expect("an executor needs two descriptors");
            executor.block_on(over.0.until_stopped(over.0.fill_from(make)));
        };
        let thread = thread::Builder::new()
            .name("blocking-iter".to_owned())
            .spawn(work);
        BlockingIter {
            slot,
            thread: Some(thread.expect("no thread can be started for a blocking iterator")),
        }
    }
}

impl<T> Iterator for BlockingIter<T> {
    type Item = T;

    /// Waits for the next value. `None` at the end.
    fn next(&mut self) -> Option<T> {
        let mut state = self.slot.lock();
        while state.value.is_none() && !state.is_over {
            state = self
                .slot
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let (value, main) = (state.value.take(), state.main.take());
        drop(state);
        if value.is_none()
            && let Some(thread) = self.thread.take()
            && let Err(panic) = thread.join()
        {
            resume_unwind(panic);
        }
        if let Some(main) = main {
            main.wake();
        }
        value
    }
}

impl<T> Drop for BlockingIter<T> {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else {
            return;
        };
        let mut state = self.slot.lock();
        state.is_stopped = true;
        let main = state.main.take();
        drop(state);
        if let Some(main) = main {
            main.wake();
        }
        // A panic can no longer be reported.
        let _ = thread.join();
    }
}

impl<T> Slot<T> {
    /// Runs a future until it is ready, or the caller wants no more. Whatever the caller does wakes
    /// it.
    async fn until_stopped(&self, future: impl Future<Output = ()>) {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let mut state = self.lock();
            let is_stopped = state.is_stopped;
            let old = state.main.replace(cx.waker().clone());
            drop(state);
            drop(old);
            if is_stopped {
                Poll::Ready(())
            } else {
                future.as_mut().poll(cx)
            }
        })
        .await;
    }

    /// Puts in one value after the other, each once the one before was taken.
    async fn fill_from<S: AsyncIterator<Item = T>>(&self, make: impl FnOnce() -> S) {
        let mut items = make();
        while let Some(value) = items.next().await {
            self.lock().value = Some(value);
            self.changed.notify_one();
            let _hold = hold_clock();
            // It keeps no waker: `until_stopped`, which polls it, has left one where the caller
            // finds it.
            poll_fn(|_| {
                if self.lock().value.is_none() {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            })
            .await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No user code runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that the thread will make no more, when it is dropped.
struct Over<T>(Arc<Slot<T>>);

impl<T> Drop for Over<T> {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.changed.notify_one();
    }
}
