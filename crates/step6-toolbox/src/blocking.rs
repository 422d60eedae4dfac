//! Blocking work beside the loop: in another thread, which sends its output back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread;

use step5_executor::{ClockHold, JoinError, try_hold_clock};

use crate::blocking_pool::{BlockingPool, QueuedJob};
use crate::oneshot;

/// Runs a closure in a thread of the shared pool, and returns the future of its output.
///
/// This is Python's `to_thread` and `run_in_executor`. The pool has at most `min(32, cores + 4)`
/// threads, like Python's: enough to overlap many waits, and few enough that computing work does
/// not crowd out the loop. Closures that wait for each other can use up all of them; give such work
/// a [`BlockingPool`] of its own.
///
/// See [`BlockingPool::spawn`] for when the closure starts, what cancels it, and where it may be
/// used.
///
/// # Errors
///
/// Returns an error if the closure panics.
///
/// # Panics
///
/// Panics if there is no thread and none can be started.
///
/// # Examples
///
/// ```
/// use step6_toolbox::spawn_blocking;
///
/// step5_executor::block_on(async {
///     let sum = spawn_blocking(|| (1..=1_000_000_u64).sum::<u64>());
///     assert_eq!(sum.await.unwrap(), 500_000_500_000);
///
///     let error = spawn_blocking(|| panic!("oh")).await.unwrap_err();
///     assert_eq!(error.to_string(), "the task panicked: oh");
/// });
/// ```
pub fn spawn_blocking<T, F>(closure: F) -> SpawnBlocking<T>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    static SHARED: LazyLock<BlockingPool> = LazyLock::new(|| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        BlockingPool::new(32.min(cores + 4))
    });
    SHARED.spawn(closure)
}

impl BlockingPool {
    /// Puts a closure into the queue of the pool, and returns the future of its output.
    ///
    /// The closure starts as soon as a thread is free, in the order of the calls, whether the
    /// future is polled or not. The future needs nothing but a waker, so it works on any executor,
    /// and is `Send`. In an executor of step 5, the virtual clock stands still until the closure
    /// has returned or the future is dropped.
    ///
    /// # Errors
    ///
    /// The future returns an error if the closure panics.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes a closure that has not started out of the queue, and drops it. One
    /// that has started cannot be stopped: it continues, and its output is dropped. Either way the
    /// pool is as good as before.
    ///
    /// # Panics
    ///
    /// Panics if there is no thread and none can be started; the closure is dropped then. The
    /// future panics if it is polled after it has returned its output.
    pub fn spawn<T, F>(&self, closure: F) -> SpawnBlocking<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (sender, output) = oneshot::channel();
        let hold = SharedHold(Arc::new(Mutex::new(try_hold_clock())));
        let held = hold.clone();
        let _job = self.push(Box::new(move || {
            let outcome = catch_unwind(AssertUnwindSafe(closure));
            let unsent = sender.send(outcome.map_err(JoinError::panicked));
            // The clock continues only when the task has been woken.
            drop(held);
            drop(unsent);
        }));
        SpawnBlocking { output, _job, hold }
    }
}

/// The future of the output of a closure in a [`BlockingPool`].
#[must_use = "dropping it cancels a closure that has not started: await it"]
pub struct SpawnBlocking<T> {
    output: oneshot::Receiver<Result<T, JoinError>>,
    /// Dropped before the hold: a cancelled closure is gone before time moves.
    _job: QueuedJob,
    hold: SharedHold,
}

impl<T> Future for SpawnBlocking<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        let polled = Pin::new(&mut self.output).poll(cx);
        if polled.is_pending() {
            // It may have been made outside of an executor, or in another one.
            self.hold.set(try_hold_clock());
            if self.output.is_finished() {
                // The thread may have sent meanwhile, and released the hold before this one was
                // set.
                self.hold.set(None);
            }
        }
        polled.map(|sent| sent.expect("a job that is not cancelled is run"))
    }
}

/// Keeps a virtual clock still while a thread owes an output and the future is there. There are two
/// clones, and the first to be dropped releases the hold.
#[derive(Clone)]
struct SharedHold(Arc<Mutex<Option<ClockHold>>>);

impl SharedHold {
    fn set(&self, hold: Option<ClockHold>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *held, hold);
        drop(held);
        drop(old);
    }
}

impl Drop for SharedHold {
    fn drop(&mut self) {
        self.set(None);
    }
}
