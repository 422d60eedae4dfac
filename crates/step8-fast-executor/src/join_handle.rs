//! What one task holds of another: a handle, which is the future of its output.

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use step2_round_robin::TaskId;

use crate::core::{Core, MAIN};
use crate::entered;
use crate::inbox::Message;
use crate::join_error::JoinError;
use crate::registry;
use crate::task::{Join, Run, Task};
use crate::task_key::TaskKey;

/// The future of a task's output, through which the task can also be aborted.
///
/// Dropping it detaches the task, which continues, and whose output is dropped. It may be awaited
/// in another executor of the same thread, and may outlive its own executor: then the task was
/// cancelled.
///
/// It stays on its thread; an [`AbortHandle`] may leave it.
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

impl<T: 'static> JoinHandle<T> {
    /// Spawns a task. Once the executor has begun to be dropped, it is cancelled at once.
    pub(crate) fn spawn<F>(core: &Core, name: Option<String>, future: F) -> JoinHandle<T>
    where
        F: Future<Output = T> + 'static,
    {
        let task = if core.is_closed() {
            let task = Task::new(future, 0, MAIN, None);
            task.cancel();
            task
        } else {
            core.insert(name, future)
        };
        let core = core.handle();
        JoinHandle { task, core }
    }
}

impl<T> JoinHandle<T> {
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
        let polled = self.task.poll_output(&self.core.wakers, cx);
        if polled.is_pending() {
            self.core
                .trace_wait(trace::waits, || trace::Reason::Join(self.id().0));
        }
        polled
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if self.task.detach(&self.core.wakers) {
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
        let found = entered::with_entered(|core| {
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
