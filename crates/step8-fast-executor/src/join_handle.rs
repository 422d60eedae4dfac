//! The handle of a task, which is the future of the task's output.
#![allow(
    unsafe_code,
    reason = "the handle gives its half of the task up as it is dropped"
)]

use std::fmt;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use step2_round_robin::TaskId;

use crate::abort_handle::AbortHandle;
use crate::core::{Core, MAIN};
use crate::join_error::JoinError;
use crate::task::{Output, Task};
use crate::task_key::TaskKey;

/// The future of a task's output, through which the task can also be aborted.
///
/// Dropping the handle detaches the task: the task continues, and its output is dropped. The handle
/// may be awaited in another executor of the same thread. It may also outlive its own executor,
/// which cancels the task as it is dropped.
///
/// The handle stays on its thread. An [`AbortHandle`] may leave it.
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
    /// Given up as the handle is dropped.
    output: ManuallyDrop<Output<T>>,
    core: Rc<Core>,
}

/// What is pinned is the task, not its handle.
impl<T> Unpin for JoinHandle<T> {}

impl<T: 'static> JoinHandle<T> {
    /// Spawns a task. If the executor is being dropped, the task is cancelled at once.
    #[inline]
    pub(crate) fn spawn<F>(core: &Rc<Core>, name: Option<String>, future: F) -> JoinHandle<T>
    where
        F: Future<Output = T> + 'static,
    {
        let output = if core.is_closed() {
            let (task, output) = Task::new(&core.pool, future, 0, MAIN);
            task.cancel();
            task.settle(&core.pool);
            output
        } else {
            core.insert(name, future)
        };
        JoinHandle {
            output: ManuallyDrop::new(output),
            core: core.clone(),
        }
    }
}

impl<T> JoinHandle<T> {
    /// Aborts the task: drops its future where it stands. To a finished task nothing happens.
    ///
    /// The future is dropped before this returns. Only a task that aborts itself lives on, to the
    /// next wait that is pending, and is dropped there. If there is none, it finishes as if nothing
    /// had happened.
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
        self.core.key(self.output.slot(), self.id())
    }

    /// Returns whether the task has ended: by itself, by a panic or aborted.
    pub fn is_finished(&self) -> bool {
        self.output.is_finished()
    }

    /// Returns the task's place in the order of spawning.
    pub fn id(&self) -> TaskId {
        self.output.id()
    }
}

impl<T> JoinHandle<T> {
    /// Stores whom to wake. Returns whether there is something to wait for.
    #[cold]
    #[inline(never)]
    fn wait(&self, cx: &Context<'_>) -> bool {
        let JoinHandle { output, core } = self;
        if !core.is_key_of(output.joiner(), cx.waker()) {
            let joiner = core.key_of(cx.waker());
            // Cloning a waker runs user code, which may abort this handle's task.
            if output.is_finished() {
                core.wakers.forget(joiner);
                return false;
            }
            core.wakers.forget(output.set_joiner(joiner));
        }
        self.core
            .trace_wait(trace::waits, || trace::Reason::Join(self.id().0));
        true
    }

    /// Drops the output if it is there, and otherwise forgets whom to wake.
    #[inline(never)]
    fn abandon(&self) {
        if self.is_finished() {
            drop(self.output.take());
        } else {
            let joiner = self.output.set_joiner(TaskKey::NONE);
            self.core.wakers.forget(joiner);
            self.core
                .trace_wait(trace::gave_up, || trace::Reason::Join(self.id().0));
            // Dropping a waker runs user code, which may abort this handle's task.
            drop(self.output.take());
        }
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        if !self.is_finished() && self.wait(cx) {
            return Poll::Pending;
        }
        let output = self.output.take();
        Poll::Ready(output.expect("a join handle was polled after it had given its output"))
    }
}

impl<T> Drop for JoinHandle<T> {
    #[inline]
    fn drop(&mut self) {
        struct Detach<'a, T>(&'a mut JoinHandle<T>);
        impl<T> Drop for Detach<'_, T> {
            fn drop(&mut self) {
                // SAFETY: the handle is being dropped, and this is the last use of the field.
                let output = unsafe { ManuallyDrop::take(&mut self.0.output) };
                output.detach(&self.0.core.pool);
            }
        }
        // Detach even if the drop of the output panics.
        let detach = Detach(self);
        let output = &detach.0.output;
        if !output.is_taken() && (output.is_finished() || output.joiner() != TaskKey::NONE) {
            detach.0.abandon();
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

        core.tasks.skip((1 << 24) - 1);
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
