//! What one task holds of another: a handle, which is the future of its output.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::panic;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use step2_round_robin::TaskId;

use crate::core::Core;
use crate::inbox::Message;
use crate::registry;
use crate::task::Join;
use crate::task_key::TaskKey;
use crate::waker;

/// The future of a task's output, through which the task can also be aborted.
///
/// Dropping it detaches the task, which continues, and whose output is dropped. It may be awaited
/// in another executor of the same thread, and may outlive its own executor: then the task was
/// cancelled.
///
/// # Cancel safety
///
/// Dropping the handle loses the output; dropping a `&mut` to it, say in a
/// [`timeout`](crate::timeout), loses nothing.
///
/// # Panics
///
/// Polling it after it has given its output panics.
///
/// # Examples
///
/// ```
/// step8_fast_executor::block_on(async {
///     let task = step8_fast_executor::spawn(async { 6 * 7 });
///     assert_eq!(task.await.unwrap(), 42);
///
///     let endless = step8_fast_executor::spawn(std::future::pending::<()>());
///     endless.abort();
///     assert!(endless.await.unwrap_err().is_cancelled());
/// });
/// ```
#[must_use = "dropping a handle detaches the task; say so with `drop`"]
pub struct JoinHandle<T> {
    task: Rc<dyn Join<T>>,
    core: Rc<Core>,
}

impl<T> JoinHandle<T> {
    pub(crate) fn new(task: Rc<dyn Join<T>>, core: Rc<Core>) -> JoinHandle<T> {
        JoinHandle { task, core }
    }

    /// Aborts the task: drops its future where it stands. On a finished one nothing happens.
    ///
    /// The future is dropped before this returns; or, if it is being polled, which means that it
    /// aborts itself, as soon as it next waits. If it does not wait again, it finishes as if
    /// nothing had been said.
    pub fn abort(&self) {
        self.core.abort(self.key(), self.id());
    }

    /// Returns a handle that can do nothing but abort the task, from any thread.
    pub fn abort_handle(&self) -> AbortHandle {
        AbortHandle {
            executor: self.core.executor_id,
            key: self.key(),
            id: self.id(),
        }
    }

    fn key(&self) -> TaskKey {
        self.core.key(self.task.slot(), self.id())
    }

    /// Returns whether the task has ended: by itself, by a panic or aborted.
    pub fn is_finished(&self) -> bool {
        self.task.is_finished()
    }

    /// Returns the task's place in the order of spawning.
    pub fn id(&self) -> TaskId {
        self.task.id()
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        let polled = self.task.poll_output(&self.core, cx);
        if polled.is_pending() {
            self.core
                .trace_wait(trace::waits, || trace::Reason::Join(self.id().0));
        }
        polled
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if self.task.detach(&self.core) {
            self.core
                .trace_wait(trace::gave_up, || trace::Reason::Join(self.id().0));
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle")
            .field("id", &self.id())
            .field("is_finished", &self.is_finished())
            .finish()
    }
}

/// Aborts a task, from any thread: a few numbers, which keep nothing alive.
///
/// # Examples
///
/// ```
/// step8_fast_executor::block_on(async {
///     let task = step8_fast_executor::spawn(std::future::pending::<()>());
///     let handle = task.abort_handle();
///     std::thread::spawn(move || handle.abort());
///     assert!(task.await.unwrap_err().is_cancelled());
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbortHandle {
    /// Which executor it is, because its number may be used again.
    executor: u64,
    key: TaskKey,
    id: TaskId,
}

impl AbortHandle {
    /// Aborts the task, like [`JoinHandle::abort`]. If it or its executor is gone, nothing happens.
    ///
    /// Within its own executor this takes effect at once, and on another thread in the executor's
    /// next round.
    pub fn abort(&self) {
        let found = waker::with_entered(|core| {
            let is_own = core.executor_id == self.executor;
            if is_own {
                core.abort(self.key, self.id);
            }
            is_own
        });
        if found != Some(true)
            && let Some(inbox) = registry::find(self.key)
        {
            inbox.put(Message::Abort {
                executor: self.executor,
                key: self.key,
                id: self.id,
            });
        }
    }
}

/// Why a task has no output: it panicked, or was cancelled.
#[derive(Debug)]
pub struct JoinError(Reason);

enum Reason {
    Cancelled,
    /// With a lock, so that the error is `Sync`, because most code that passes errors on asks for
    /// that; boxed once more to be small.
    Panicked(Box<Mutex<Box<dyn Any + Send>>>),
}

impl JoinError {
    /// Makes the error of a task that was cancelled.
    pub fn cancelled() -> JoinError {
        JoinError(Reason::Cancelled)
    }

    /// Makes the error of a task that panicked, from what its panic carries.
    pub fn panicked(payload: Box<dyn Any + Send>) -> JoinError {
        JoinError(Reason::Panicked(Box::new(Mutex::new(payload))))
    }

    /// Returns whether the task was cancelled: aborted, or dropped with its executor.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0, Reason::Cancelled)
    }

    /// Returns whether the task panicked.
    pub fn is_panic(&self) -> bool {
        matches!(self.0, Reason::Panicked(_))
    }

    /// Resumes the task's panic on this thread.
    ///
    /// # Panics
    ///
    /// Panics always: with what the task's panic carried or, if it was cancelled, with a message
    /// that says so.
    ///
    /// # Examples
    ///
    /// ```
    /// let outcome = std::panic::catch_unwind(|| step8_fast_executor::block_on(async {
    ///     let task = step8_fast_executor::spawn(async { panic!("oh") });
    ///     task.await.unwrap_or_else(|error| error.resume_unwind())
    /// }));
    /// assert_eq!(*outcome.unwrap_err().downcast_ref::<&str>().unwrap(), "oh");
    /// ```
    pub fn resume_unwind(self) -> ! {
        match self.0 {
            Reason::Panicked(payload) => panic::resume_unwind(unlocked(*payload)),
            Reason::Cancelled => {
                panic!("the task was cancelled, so there is no panic to resume")
            }
        }
    }

    /// Returns what the panic carried.
    ///
    /// # Errors
    ///
    /// Returns the error itself if the task was cancelled.
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send>, JoinError> {
        match self.0 {
            Reason::Panicked(payload) => Ok(unlocked(*payload)),
            Reason::Cancelled => Err(self),
        }
    }
}

fn unlocked(payload: Mutex<Box<dyn Any + Send>>) -> Box<dyn Any + Send> {
    payload.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reason::Panicked(payload) = &self.0 else {
            return f.write_str("the task was cancelled");
        };
        let payload = payload.lock().unwrap_or_else(PoisonError::into_inner);
        let text = payload.downcast_ref::<&str>().copied();
        match text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)) {
            Some(text) => write!(f, "the task panicked: {text}"),
            None => f.write_str("the task panicked"),
        }
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Cancelled => "Cancelled",
            Reason::Panicked(_) => "Panicked",
        })
    }
}

impl Error for JoinError {}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::task::{Poll, Waker};
    use std::{cell::Cell, thread};

    use crate::{Executor, yield_now};

    /// A key has 24 bits for its task's place in the order of spawning. Here they come round.
    #[test]
    fn stale_handle_spares_a_task_of_equal_key() {
        let executor = Executor::with_virtual_time().unwrap();
        let core = executor.core();
        let waker = Rc::new(Cell::new(None::<Waker>));
        let kept = waker.clone();
        let first = executor.spawn(poll_fn(move |cx| {
            kept.set(Some(cx.waker().clone()));
            Poll::<()>::Pending
        }));
        executor.block_on(yield_now());
        let (stale, key) = (first.abort_handle(), first.key());
        first.abort();

        core.tasks.borrow_mut().skip((1 << 24) - 1);
        let polls = Rc::new(Cell::new(0));
        let count = polls.clone();
        let task = executor.spawn(poll_fn(move |_| {
            count.set(count.get() + 1);
            Poll::<()>::Pending
        }));
        assert_eq!(task.key(), key);
        executor.block_on(async {
            yield_now().await;
            stale.abort();
            thread::spawn(move || stale.abort()).join().unwrap();
            // The waker cannot tell them apart: it wakes the wrong task, as it may.
            waker.take().unwrap().wake();
            yield_now().await;
            yield_now().await;
        });
        assert_eq!((task.is_finished(), polls.get()), (false, 2));
    }
}
