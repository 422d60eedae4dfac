//! How a task is spawned, and the handle that the spawner gets: the future of the task's output.

use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Poll, Wake, Waker};

use step2_round_robin::TaskId;
use trace::Reason;

use crate::JoinError;
use crate::core::Core;
use crate::current::current;
use crate::ready::TaskWaker;
use crate::tasks::Task;

/// Where a task leaves its output for its handle.
struct Output<T> {
    result: Cell<Option<Result<T, JoinError>>>,
    joiner: Cell<Option<Waker>>,
}

/// The task's end of its output. If it is dropped without a result, the task was cancelled.
struct Promise<T>(Rc<Output<T>>);

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        let result = self.0.result.take();
        let result = result.unwrap_or_else(|| Err(JoinError::cancelled()));
        self.0.result.set(Some(result));
        self.0.joiner.take().into_iter().for_each(Waker::wake);
    }
}

impl Core {
    /// Spawns a task, which goes to the back of the ready queue.
    pub(crate) fn spawn<T: 'static>(
        &self,
        name: &str,
        future: impl Future<Output = T> + 'static,
    ) -> JoinHandle<T> {
        let id = TaskId(self.spawned.get() + 1);
        self.spawned.set(id.0);
        trace::spawned(id.0, name);
        let (result, joiner) = (Cell::new(None), Cell::new(None));
        let output = Rc::new(Output { result, joiner });
        let promise = Promise(Rc::clone(&output));
        let body = async move {
            let result = catch_panic(future).await;
            match result {
                Ok(_) => trace::finished(id.0),
                Err(_) => trace::panicked(id.0),
            }
            promise.0.result.set(Some(result));
        };
        // From here on the future is on the heap and never moves: it is pinned.
        let body = Some(Box::pin(body) as _);
        let row = self.tasks.borrow_mut().insert(Task { id, body });
        let task = TaskWaker::new(id, row, &self.ready);
        task.wake_by_ref();
        let task = AbortHandle { task };
        JoinHandle { output, task }
    }
}

/// Runs a future, and makes an error of its panic.
async fn catch_panic<T>(future: impl Future<Output = T>) -> Result<T, JoinError> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        // As after a panic in a thread, shared data may be half changed.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(polled) => polled.map(Ok),
            Err(payload) => Poll::Ready(Err(JoinError::panicked(payload))),
        }
    })
    .await
}

/// The future of a task's output. It can also abort the task.
///
/// Dropping it detaches the task: the task continues, and its output is dropped.
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
    task: AbortHandle,
}

impl<T> JoinHandle<T> {
    /// Aborts the task: drops its future where it stands. If the task has ended, nothing happens.
    ///
    /// Inside the task's executor that happens before this returns, or, if the task aborts itself,
    /// when it is next pending. From outside it happens in the executor's next round.
    pub fn abort(&self) {
        self.task.abort();
    }

    /// Returns a handle that can only abort the task, but from any thread.
    pub fn abort_handle(&self) -> AbortHandle {
        self.task.clone()
    }

    /// Returns whether the task has ended: by itself, by a panic, or by an abort.
    pub fn is_finished(&self) -> bool {
        // The task has dropped its end.
        Rc::strong_count(&self.output) == 1
    }

    /// Returns the task's place in the order of spawning.
    pub fn id(&self) -> TaskId {
        self.task.task.id
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        if let Some(result) = self.output.result.take() {
            return Poll::Ready(result);
        }
        assert!(!self.is_finished(), "a handle returns the output once");
        self.output.joiner.set(Some(cx.waker().clone()));
        trace::waits(Reason::Join(self.id().0));
        Poll::Pending
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if self.output.joiner.take().is_some() {
            trace::gave_up(Reason::Join(self.id().0));
        }
    }
}

/// Aborts a task, from any thread. It does not keep the task's future or output alive.
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
        self.task.is_aborted.store(true, SeqCst);
        match current() {
            Some(core) if Arc::ptr_eq(&core.ready, &self.task.queue) => core.abort(&self.task),
            _ => self.task.wake_by_ref(),
        }
    }
}
