//! How does blocking work run alongside the loop? In another thread, whose last act is to wake
//! its waiter.

use std::fmt;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

use step5_executor::{ClockHold, JoinError, try_hold_clock};

use crate::blocking_pool::{BlockingPool, Ticket};

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
/// Returns an error if the closure panics, or if there is no thread and none could be started.
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
    /// The future gives a panic of the closure as an error, and likewise that there is no thread
    /// and none could be started.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future takes a closure that has not started out of the queue, and drops it. One
    /// that has started cannot be stopped: it continues, and its output is dropped. The pool is as
    /// good as before in either case.
    ///
    /// # Panics
    ///
    /// Panics if the future is polled after it has returned its output.
    pub fn spawn<T, F>(&self, closure: F) -> SpawnBlocking<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let slot = Arc::new(Slot(Mutex::new(State {
            stage: Stage::Waiting(None),
            hold: try_hold_clock(),
        })));
        let filled = slot.clone();
        let ticket = self.push(Box::new(move |started| {
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                if let Err(error) = started {
                    panic!("no thread could be started for what blocks: {error}");
                }
                closure()
            }));
            filled.fill(outcome.map_err(JoinError::panicked));
        }));
        SpawnBlocking { slot, ticket }
    }
}

/// The future of the output of a closure in a [`BlockingPool`].
#[must_use = "dropping it cancels a closure that has not started: await it"]
pub struct SpawnBlocking<T> {
    slot: Arc<Slot<T>>,
    ticket: Ticket,
}

/// Where the thread leaves the output, and the task its waker.
struct Slot<T>(Mutex<State<T>>);

struct State<T> {
    stage: Stage<T>,
    /// Keeps a virtual clock still, as long as the thread owes the output.
    hold: Option<ClockHold>,
}

enum Stage<T> {
    /// The task is to be woken, if there is one yet.
    Waiting(Option<Waker>),
    Finished(Result<T, JoinError>),
    /// The output was taken.
    Empty,
}

impl<T> Slot<T> {
    /// Puts the output in, and wakes the task that waits for it.
    fn fill(&self, outcome: Result<T, JoinError>) {
        let mut state = self.lock();
        let old = mem::replace(&mut state.stage, Stage::Finished(outcome));
        let hold = state.hold.take();
        drop(state);
        if let Stage::Waiting(Some(waker)) = old {
            waker.wake();
        }
        // The clock continues only once the message that wakes the task is there.
        drop(hold);
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No user code runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Future for SpawnBlocking<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        let waker = cx.waker().clone();
        // Where it was made there may have been no executor, or another one.
        let hold = try_hold_clock();
        let mut state = self.slot.lock();
        let is_waiting = matches!(state.stage, Stage::Waiting(_));
        let hold = if is_waiting && hold.is_some() {
            mem::replace(&mut state.hold, hold)
        } else {
            hold
        };
        let next = if let Stage::Waiting(_) = state.stage {
            Stage::Waiting(Some(waker))
        } else {
            Stage::Empty
        };
        let old = mem::replace(&mut state.stage, next);
        drop(state);
        drop(hold);
        match old {
            Stage::Waiting(_) => Poll::Pending,
            Stage::Finished(outcome) => Poll::Ready(outcome),
            Stage::Empty => {
                panic!("the future of blocking work was polled after it had given its output")
            }
        }
    }
}

impl<T> Drop for SpawnBlocking<T> {
    fn drop(&mut self) {
        let mut state = self.slot.lock();
        let old = mem::replace(&mut state.stage, Stage::Empty);
        let hold = state.hold.take();
        drop(state);
        if let Stage::Waiting(_) = old {
            self.ticket.cancel();
        }
        drop(hold);
    }
}

impl<T> fmt::Debug for SpawnBlocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.slot.lock().stage {
            Stage::Waiting(_) => "SpawnBlocking(waiting)",
            Stage::Finished(_) => "SpawnBlocking(finished)",
            Stage::Empty => "SpawnBlocking(output taken)",
        })
    }
}
