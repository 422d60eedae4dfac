//! Tasks that do not outlive the block that spawns them: it waits for them, or aborts them.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};

use step5_executor::{AbortHandle, JoinError, spawn};

use crate::join_set::JoinSet;
use crate::oneshot;

/// Runs a body that may spawn tasks into a group, and waits until the body and all of the tasks
/// have ended.
///
/// This is Python's `TaskGroup`. The first failure, of a task or of the body, cancels all the rest.
/// That happens when this future is next polled, before the body could continue. When this returns,
/// the future of every task has been dropped. An aborted task is not a failure.
///
/// The body gets the group by value. Clones of it may go into the tasks, which can then spawn into
/// the group as well; it waits for those, too. It needs the executor of step 5 and is not `Send`.
///
/// # Errors
///
/// Returns every `Err` that a task or the body has returned, in the order in which they ended. The
/// first is the one that cancelled the rest. There are more if others had ended by then.
///
/// # Panics
///
/// A panic of a task is a failure like any other. The first panic continues here when all tasks
/// have ended, and then the errors are lost. A panic of the body aborts the tasks.
///
/// # Cancel safety
///
/// Dropping it drops the body, and then the tasks in the order of spawning, all before the drop
/// returns. There are two exceptions. A task that is being polled meanwhile, because it causes the
/// drop, ends at its next `.await` that is pending. And if the drop happens where the executor does
/// not run, the tasks end at the beginning of its next round.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::task_group;
///
/// async fn after(seconds: u64, outcome: Result<u64, String>) -> Result<u64, String> {
///     sleep(Duration::from_secs(seconds)).await;
///     outcome
/// }
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let sum = task_group(async |group| {
///         let (one, two) = (group.spawn(after(1, Ok(1))), group.spawn(after(2, Ok(2))));
///         Ok(one.await.unwrap() + two.await.unwrap())
///     });
///     assert_eq!(sum.await, Ok(3));
///     assert_eq!(now() - start, Duration::from_secs(2));
///
///     let fails = task_group(async |group| {
///         group.spawn(after(1, Err("oh".to_owned())));
///         after(3600, Ok(0)).await
///     });
///     assert_eq!(fails.await, Err(vec!["oh".to_owned()]));
///     assert_eq!(now() - start, Duration::from_secs(3));
/// });
/// # std::io::Result::Ok(())
/// ```
pub async fn task_group<T, E: 'static>(
    body: impl AsyncFnOnce(TaskGroup<E>) -> Result<T, E>,
) -> Result<T, Vec<E>> {
    let group = TaskGroup(Rc::new(Inside {
        tasks: RefCell::new(JoinSet::new()),
        is_closed: Cell::new(false),
        waker: Cell::new(None),
    }));
    // Made before the body, so that it is dropped after it.
    let scope = Scope(Rc::clone(&group.0));
    let inside = &scope.0;
    let mut body = pin!(Some(body(group)));
    let mut output = None;
    let mut failures = Failures {
        errors: vec![],
        panic: None,
    };
    poll_fn(|cx| {
        // While this is polled, a task that the body spawns need not wake it.
        drop(inside.waker.take());
        // Before the body is polled: it must not continue once a task has failed.
        failures.collect(inside, cx);
        if failures.are_there() {
            inside.close();
            body.set(None);
        }
        if let Some(Poll::Ready(result)) = body.as_mut().as_pin_mut().map(|body| body.poll(cx)) {
            match result {
                Ok(value) => output = Some(value),
                Err(error) => {
                    failures.errors.push(error);
                    inside.close();
                }
            }
            body.set(None);
        }
        // And after it, for the tasks that it has spawned or aborted.
        if failures.collect(inside, cx) && body.is_none() {
            return Poll::Ready(());
        }
        inside.waker.set(Some(cx.waker().clone()));
        Poll::Pending
    })
    .await;
    if let Some(payload) = failures.panic {
        resume_unwind(payload);
    }
    match output {
        Some(output) if failures.errors.is_empty() => Ok(output),
        _ => Err(failures.errors),
    }
}

/// How the tasks and the body have failed.
struct Failures<E> {
    errors: Vec<E>,
    /// The payload of the first panic.
    panic: Option<Box<dyn Any + Send>>,
}

impl<E: 'static> Failures<E> {
    /// Collects the failures of the tasks that have ended. Returns whether all tasks have.
    fn collect(&mut self, inside: &Inside<E>, cx: &Context<'_>) -> bool {
        loop {
            // Dropping a waker may spawn into the group, so it must not happen during the borrow
            // below.
            let waker = inside.tasks.borrow_mut().tasks.take_waker();
            drop(waker);
            let polled = inside.tasks.borrow_mut().poll_next(cx);
            match polled {
                Poll::Pending => return false,
                Poll::Ready(None) => return true,
                Poll::Ready(Some(Ok(Ok(())))) => {}
                Poll::Ready(Some(Ok(Err(error)))) => self.errors.push(error),
                Poll::Ready(Some(Err(error))) => {
                    // An aborted task has no payload.
                    self.panic = self.panic.take().or(error.try_into_panic().ok());
                }
            }
        }
    }

    fn are_there(&self) -> bool {
        !self.errors.is_empty() || self.panic.is_some()
    }
}

/// A group to spawn tasks into, for the body of a [`task_group`].
///
/// Clones are the same group. Failures of its tasks are returned by [`task_group`](task_group()),
/// all together.
pub struct TaskGroup<E>(Rc<Inside<E>>);

impl<E: 'static> TaskGroup<E> {
    /// Spawns a task into the group, which waits for it. If the task returns an `Err` or panics,
    /// the whole group fails.
    ///
    /// Once the group has failed or has ended, the task is cancelled at once.
    ///
    /// # Panics
    ///
    /// Panics outside of the executor of step 5.
    pub fn spawn<T, F>(&self, future: F) -> GroupTask<T>
    where
        T: 'static,
        F: Future<Output = Result<T, E>> + 'static,
    {
        let (sender, output) = oneshot::channel();
        let task = spawn(async move {
            let value = drop_at_end(future).await?;
            // The output of a task that is not awaited is dropped.
            _ = sender.send(value);
            Ok(())
        });
        let abort = task.abort_handle();
        if self.0.is_closed.get() {
            abort.abort();
        } else {
            self.0.tasks.borrow_mut().insert(task);
            // If a task spawned it, the group does not know its handle yet, and must be polled.
            self.0.waker.take().into_iter().for_each(Waker::wake);
        }
        GroupTask { output, abort }
    }
}

/// Runs a future, and drops it as soon as it has ended. If it panics, and again while it is
/// dropped, the second panic is lost: during the first one, it would abort the program.
async fn drop_at_end<F: Future>(future: F) -> F::Output {
    let mut future = Box::pin(future);
    let poll = |cx: &mut Context<'_>| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        polled.map_or_else(|panic| Poll::Ready(Err(panic)), |polled| polled.map(Ok))
    };
    let polled = poll_fn(poll).await;
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(future)));
    let output = polled.and_then(|output| dropped.map(|()| output));
    output.unwrap_or_else(|panic| resume_unwind(panic))
}

/// The future of the output of a task in a [`TaskGroup`].
///
/// Dropping it does not affect the task, for which the group waits all the same. If the task fails,
/// a waiter inside the group is cancelled with the group, and gets nothing. A waiter outside of it
/// gets the error of a cancelled task, because the failure itself goes to the group.
///
/// # Cancel safety
///
/// Dropping it loses the output; dropping a `&mut` to it loses nothing.
pub struct GroupTask<T> {
    output: oneshot::Receiver<T>,
    abort: AbortHandle,
}

impl<T> GroupTask<T> {
    /// Aborts the task, and only the task: that is not a failure of the group.
    pub fn abort(&self) {
        self.abort.abort();
    }
}

impl<T> Future for GroupTask<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        let output = ready!(Pin::new(&mut self.output).poll(cx));
        Poll::Ready(output.map_err(|_| JoinError::cancelled()))
    }
}

struct Inside<E> {
    /// The tasks that have not ended, or whose end has not been seen yet.
    tasks: RefCell<JoinSet<Result<(), E>>>,
    /// Whether the group has failed or ended, so that new tasks are aborted.
    is_closed: Cell<bool>,
    /// The waker of the task that awaits the group. `None` while it is polled.
    waker: Cell<Option<Waker>>,
}

impl<E: 'static> Inside<E> {
    /// Aborts all tasks. Their destructors may spawn into the group, so the borrow ends before.
    fn close(&self) {
        self.is_closed.set(true);
        let tasks: Vec<_> = self.tasks.borrow().abort_handles().cloned().collect();
        tasks.iter().for_each(AbortHandle::abort);
    }
}

/// Aborts what is left of a group when its future is dropped, ready or not.
struct Scope<E: 'static>(Rc<Inside<E>>);

impl<E> Drop for Scope<E> {
    fn drop(&mut self) {
        self.0.close();
        // An error that was not collected may own a clone of the group, which would then never be
        // freed.
        let tasks = self.0.tasks.replace(JoinSet::new());
        drop((tasks, self.0.waker.take()));
    }
}

impl<E> Clone for TaskGroup<E> {
    fn clone(&self) -> TaskGroup<E> {
        TaskGroup(Rc::clone(&self.0))
    }
}
