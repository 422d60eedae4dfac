//! What one task holds of another: a handle, which is the future of its output.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::{fmt, future};

use step2_round_robin::TaskId;
use trace::Reason;

use crate::JoinError;
use crate::core;
use crate::ready::TaskWaker;

/// Where a task leaves its output, and its handle finds it.
struct Output<T> {
    result: Cell<Option<Result<T, JoinError>>>,
    is_finished: Cell<bool>,
    joiner: Cell<Option<Waker>>,
}

impl<T> Output<T> {
    fn set(&self, result: Result<T, JoinError>) {
        self.result.set(Some(result));
        self.is_finished.set(true);
        if let Some(joiner) = self.joiner.take() {
            joiner.wake();
        }
    }
}

/// The task's end of its [`Output`]. If the task is dropped before its end, it was cancelled.
struct Promise<T>(Rc<Output<T>>);

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if !self.0.is_finished.get() {
            self.0.set(Err(JoinError::cancelled()));
        }
    }
}

/// Makes what an executor keeps of a task, and the handle.
pub(crate) fn task_of<F>(
    future: F,
    task: Arc<TaskWaker>,
) -> (Pin<Box<dyn Future<Output = ()>>>, JoinHandle<F::Output>)
where
    F: Future + 'static,
    F::Output: 'static,
{
    let id = task.id;
    let output = Rc::new(Output {
        result: Cell::new(None),
        is_finished: Cell::new(false),
        joiner: Cell::new(None),
    });
    let promise = Promise(Rc::clone(&output));
    let body = async move {
        let result = without_panic(future).await;
        match result {
            Ok(_) => trace::finished(id.0),
            Err(_) => trace::panicked(id.0),
        }
        promise.0.set(result);
    };
    (Box::pin(body), JoinHandle { output, task })
}

/// Polls a future, and makes an error of its panic.
pub(crate) async fn without_panic<F: Future>(future: F) -> Result<F::Output, JoinError> {
    let mut future = pin!(future);
    future::poll_fn(|cx| {
        // What the future shares with others may be half changed, as after a panic in a thread.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(polled) => polled.map(Ok),
            Err(payload) => Poll::Ready(Err(JoinError::panicked(payload))),
        }
    })
    .await
}

/// The future of a task's output, through which the task can also be aborted.
///
/// Dropping it detaches the task, which continues, and whose output is dropped.
///
/// # Cancel safety
///
/// Dropping the handle loses the output; dropping a `&mut` to it, say in a [`timeout`](crate::timeout), loses nothing.
///
/// # Panics
///
/// Panics if it is polled after it has returned the output.
///
/// # Examples
///
/// ```
/// step5_executor::block_on(async {
///     let task = step5_executor::spawn(async { 6 * 7 });
///     assert_eq!(task.await.unwrap(), 42);
///
///     let endless = step5_executor::spawn(std::future::pending::<()>());
///     endless.abort();
///     assert!(endless.await.unwrap_err().is_cancelled());
/// });
/// ```
pub struct JoinHandle<T> {
    output: Rc<Output<T>>,
    task: Arc<TaskWaker>,
}

impl<T> JoinHandle<T> {
    /// Aborts the task: drops its future where it stands. If the task has ended, nothing happens.
    ///
    /// Inside of its executor that happens before this returns, or, if the task aborts itself, when it is next pending.
    /// From outside it happens in the executor's next round.
    pub fn abort(&self) {
        self.abort_handle().abort();
    }

    /// Returns a handle that can do nothing but abort the task, from any thread.
    pub fn abort_handle(&self) -> AbortHandle {
        AbortHandle {
            task: Arc::clone(&self.task),
        }
    }

    /// Returns whether the task has ended: by itself, by a panic or aborted.
    pub fn is_finished(&self) -> bool {
        self.output.is_finished.get()
    }

    /// Returns the task's place in the order of spawning.
    pub fn id(&self) -> TaskId {
        self.task.id
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        if let Some(result) = self.output.result.take() {
            return Poll::Ready(result);
        }
        assert!(
            !self.is_finished(),
            "a handle was polled after it has returned the output"
        );
        self.output.joiner.set(Some(cx.waker().clone()));
        trace::waits(Reason::Join(self.task.id.0));
        Poll::Pending
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if self.output.joiner.take().is_some() {
            trace::gave_up(Reason::Join(self.task.id.0));
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

/// Aborts a task, from any thread. It keeps nothing of the task alive.
///
/// # Examples
///
/// ```
/// step5_executor::block_on(async {
///     let task = step5_executor::spawn(std::future::pending::<()>());
///     let handle = task.abort_handle();
///     std::thread::spawn(move || handle.abort());
///     assert!(task.await.unwrap_err().is_cancelled());
/// });
/// ```
#[derive(Clone)]
pub struct AbortHandle {
    task: Arc<TaskWaker>,
}

impl AbortHandle {
    /// Aborts the task, like [`JoinHandle::abort`]. If it or its executor is gone, nothing happens.
    pub fn abort(&self) {
        self.task.set_aborted();
        match core::current() {
            Some(core) if Arc::ptr_eq(&core.ready, &self.task.queue) => core.abort(self.task.id),
            _ => self.task.wake_by_ref(),
        }
    }
}
