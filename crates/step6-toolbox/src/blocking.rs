//! Blocking work alongside the loop: in another thread, which sends its output.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::thread;

use step5_executor::{ClockHold, JoinError, try_hold_clock};

use crate::blocking_pool::{BlockingPool, QueuedJob};
use crate::oneshot;

/// Runs a closure in a thread of the pool that all share, and returns the future of its output.
///
/// It is Python's `to_thread` and `run_in_executor`. The pool has at most `min(32, cores + 4)`
/// threads, as Python's has: enough to overlap many waits, and few enough that computing work does
/// not crowd out the loop. Closures that wait for each other can use all of them up; give such work
/// a [`BlockingPool`] of its own.
///
/// See [`BlockingPool::spawn`] for when it starts, what cancels it and where it may be used.
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
    /// It starts as soon as a thread is free, without being polled, in the order of the calls. The
    /// future needs nothing but a waker, so it works on any executor, and is `Send`. In one of step
    /// 5 the virtual clock stands still until the closure has returned or the future is dropped.
    ///
    /// # Errors
    ///
    /// The future returns an error if the closure panics.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes a closure that has not started out of the queue, and drops it. One
    /// that has started cannot be stopped: it continues, and its output is dropped. The pool is as
    /// good as before in either case.
    ///
    /// # Panics
    ///
    /// Panics if there is no thread and none can be started: then the closure is dropped. The
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
            // The clock continues only once the task has been woken.
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
    /// Dropped before the hold: a closure that is cancelled is gone before time moves.
    _job: QueuedJob,
    hold: SharedHold,
}

impl<T> Future for SpawnBlocking<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        let polled = Pin::new(&mut self.output).poll(cx);
        if polled.is_pending() {
            // Where it was made there may have been no executor, or another one.
            self.hold.set(try_hold_clock());
            if self.output.is_finished() {
                // The thread has sent meanwhile, and may have released the hold before.
                self.hold.set(None);
            }
        }
        polled.map(|sent| sent.expect("a job that is not cancelled is run"))
    }
}

/// Keeps a virtual clock still, as long as a thread owes the output and the future is there: the
/// first of the two clones that is dropped releases it.
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
