//! A plain iterator over what a loop in another thread makes.

use std::io;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use step5_executor::{Executor, hold_clock};

use crate::async_iterator::AsyncIterator;
use crate::race::race;
use crate::{mpmc, oneshot};

/// Runs an async iterator in a thread of its own, and iterates over its values as they are made.
///
/// This is the bridge from a plain `for` to async code. The closure makes the async iterator in the
/// thread, which is called `blocking-iter` and runs an executor of step 5. So only its values need
/// to be `Send`.
///
/// The thread starts at once, and is one value ahead: it makes the next one while the caller works
/// with the last, and then waits until that is taken. Tasks that it has spawned continue meanwhile;
/// what is left of them at its end is dropped. Dropping the iterator stops the thread where it
/// waits, and waits for it to end, so nothing of it is left. That takes time only if a closure or
/// task blocks.
///
/// # Panics
///
/// Panics if the thread cannot be started. `next` continues a panic of the async iterator, after
/// the values that were made before it.
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

/// An iterator over what is made in another thread: see [`into_blocking_iter`].
///
/// After `None` or a panic it stays at its end.
pub struct BlockingIter<T> {
    values: mpsc::Receiver<T>,
    /// Tells the thread that its last value was taken.
    taken: mpmc::Sender<()>,
    /// Dropping it stops the thread.
    stop: Option<oneshot::Receiver<()>>,
    /// `None` once it has been joined.
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> BlockingIter<T> {
    /// Runs an async iterator on an executor of your choice, such as one with another selector or
    /// the virtual clock: see [`into_blocking_iter`].
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
        let (value, values) = mpsc::channel();
        let (taken, takes) = mpmc::channel(1);
        let (mut stopped, stop) = oneshot::channel();
        let work = move || {
            let executor = executor().expect("an executor needs two descriptors");
            let fill = async {
                let mut items = make();
                while let Some(item) = items.next().await {
                    // If the iterator has been dropped, the race is over.
                    _ = value.send(item);
                    let _hold = hold_clock();
                    takes.recv().await;
                }
            };
            executor.block_on(race(stopped.closed(), fill));
            // `value` is dropped last: the iterator ends when all else is gone.
        };
        let thread = thread::Builder::new()
            .name("blocking-iter".to_owned())
            .spawn(work);
        BlockingIter {
            values,
            taken,
            stop: Some(stop),
            thread: Some(thread.expect("no thread can be started for a blocking iterator")),
        }
    }
}

impl<T> Iterator for BlockingIter<T> {
    type Item = T;

    /// Waits for the next value. Returns `None` at the end.
    fn next(&mut self) -> Option<T> {
        if let Ok(value) = self.values.recv() {
            _ = self.taken.try_send(());
            return Some(value);
        }
        if let Some(thread) = self.thread.take()
            && let Err(payload) = thread.join()
        {
            resume_unwind(payload);
        }
        None
    }
}

impl<T> Drop for BlockingIter<T> {
    fn drop(&mut self) {
        self.stop = None;
        // A panic can no longer be reported.
        self.thread.take().map(JoinHandle::join);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::fs;
    use std::time::Duration;

    use testing::watchdog::within_a_minute;

    use crate::async_generator;

    /// Returns how many threads of blocking iterators there are, or `None` if the system does not
    /// tell.
    fn count() -> Option<usize> {
        let tasks = fs::read_dir("/proc/self/task").ok()?;
        let names =
            tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok());
        Some(
            names
                .filter(|name| name.trim_end() == "blocking-iter")
                .count(),
        )
    }

    /// The count is that of the process, so no other test in here may use a blocking iterator.
    #[test]
    fn its_thread_is_gone_when_it_is() {
        within_a_minute(|| {
            let mut iterator = into_blocking_iter(|| {
                async_generator(async |yielder| {
                    yielder.yield_(1).await;
                    step5_executor::sleep(Duration::from_secs(3_600)).await;
                })
            });
            assert_eq!(iterator.next(), Some(1));
            assert!(count().is_none_or(|threads| threads == 1));
            drop(iterator);
            assert!(count().is_none_or(|threads| threads == 0));
        });
    }
}
