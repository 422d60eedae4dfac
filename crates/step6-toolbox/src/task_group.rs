//! How does no task outlive the block that spawned it? The block waits for all of them, and aborts
//! them if it cannot.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use step5_executor::{AbortHandle, JoinError, JoinHandle, spawn};

/// Runs a body that may spawn tasks into a group, and waits until the body and all of them have
/// ended.
///
/// It is Python's `TaskGroup`. The first failure, of a task or of the body, cancels all the rest:
/// the other tasks are dropped at once and the body as soon as this future is polled, which is
/// before it could continue. When this returns, the future of every task has been dropped. An
/// aborted task is not a failure.
///
/// The body is given the group by value. Clones of it may go into the tasks, which then spawn into
/// it too; the group waits for those as well. It needs the executor of step 5 and is not `Send`.
///
/// # Errors
///
/// Returns the first `Err` that a task or the body returns. Failures after it are dropped.
///
/// # Panics
///
/// A panic of a task is a failure like any other, and continues here once all tasks have ended. A
/// panic of the body aborts the tasks.
///
/// # Cancel safety
///
/// Dropping it drops the body and then, in the order of spawning, the tasks, all before the drop
/// returns. Only a task that is being polled meanwhile, because it causes the drop, ends when it
/// next waits; and if the drop happens where the tasks' executor does not run, they end at the
/// beginning of its next round.
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
///     assert_eq!(fails.await, Err("oh".to_owned()));
///     assert_eq!(now() - start, Duration::from_secs(3));
/// });
/// # std::io::Result::Ok(())
/// ```
pub async fn task_group<T, E: 'static>(
    body: impl AsyncFnOnce(TaskGroup<E>) -> Result<T, E>,
) -> Result<T, E> {
    let group = TaskGroup {
        shared: Rc::default(),
    };
    // Made before the body starts, so that it is dropped after it.
    let scope = Scope(group.shared.clone());
    let shared = &scope.0;
    let mut body = pin!(Some(body(group)));
    let mut output = None;
    poll_fn(|cx| {
        shared.parent.set(Some(cx.waker().clone()));
        if shared.stage.get() == Stage::Body
            && let Some(Poll::Ready(result)) = body.as_mut().as_pin_mut().map(|body| body.poll(cx))
        {
            shared.stage.set(Stage::Tasks);
            match result {
                Ok(value) => output = Some(value),
                Err(error) => shared.fail(Failure::Error(error)),
            }
        }
        if shared.stage.get() != Stage::Body {
            body.set(None);
        }
        // What runs when the body is dropped may spawn as well, so check after that.
        if body.is_none() && shared.tasks.borrow().is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    match shared.failure.take() {
        Some(Failure::Error(error)) => Err(error),
        Some(Failure::Panic(payload)) => resume_unwind(payload),
        None => Ok(output.expect("a body that has not failed has an output")),
    }
}

/// A group to spawn tasks into, which the body of a [`task_group`] is given. Clones are the same
/// group.
pub struct TaskGroup<E> {
    shared: Rc<Shared<E>>,
}

impl<E: 'static> TaskGroup<E> {
    /// Spawns a task into the group, which waits for it. `Err` and a panic are a failure of the
    /// whole group.
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
        let number = self.shared.spawned.get();
        self.shared.spawned.set(number + 1);
        let member = Member {
            number,
            shared: self.shared.clone(),
        };
        let handle = spawn(run(future, member));
        if self.shared.stage.get() == Stage::Closed {
            handle.abort();
        }
        // An executor that is being dropped has cancelled the task already.
        if !handle.is_finished() {
            self.shared
                .tasks
                .borrow_mut()
                .insert(number, handle.abort_handle());
        }
        GroupTask { handle }
    }
}

/// The future of the output of a task in a [`TaskGroup`].
///
/// Dropping it does nothing: the group waits for the task all the same. When the task fails, a
/// waiter in the group gets nothing from here, because it is cancelled; a waiter outside of
/// it learns that the task was cancelled, because the failure goes to the group.
///
/// # Cancel safety
///
/// Dropping it loses the output; dropping a `&mut` to it loses nothing.
pub struct GroupTask<T> {
    handle: JoinHandle<T>,
}

impl<T> GroupTask<T> {
    /// Aborts the task alone, like [`JoinHandle::abort`]: that is no failure.
    pub fn abort(&self) {
        self.handle.abort();
    }

    /// Returns whether the task has ended.
    pub fn is_finished(&self) -> bool {
        self.handle.is_finished()
    }
}

impl<T> Future for GroupTask<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        Pin::new(&mut self.handle).poll(cx)
    }
}

struct Shared<E> {
    stage: Cell<Stage>,
    /// Those that have not ended, in the order of spawning.
    tasks: RefCell<BTreeMap<u64, AbortHandle>>,
    spawned: Cell<u64>,
    /// The first failure, until the group returns it.
    failure: Cell<Option<Failure<E>>>,
    /// Who is to be woken when the last task has ended, after the body or after a failure.
    parent: Cell<Option<Waker>>,
}

/// How far a group has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The body runs.
    Body,
    /// The body is over, and the tasks run.
    Tasks,
    /// It has failed or ended: all tasks have been aborted, and new ones are at once.
    Closed,
}

enum Failure<E> {
    Error(E),
    Panic(Box<dyn Any + Send>),
}

impl<E> Shared<E> {
    /// Keeps the first failure, and aborts all tasks.
    fn fail(&self, failure: Failure<E>) {
        if self.stage.get() != Stage::Closed {
            self.failure.set(Some(failure));
            self.close();
        }
    }

    fn close(&self) {
        self.stage.set(Stage::Closed);
        // Their guards run now, and take them out of the map.
        let tasks: Vec<_> = self.tasks.borrow().values().cloned().collect();
        tasks.iter().for_each(AbortHandle::abort);
    }
}

/// Aborts what is left of a group when its future is dropped, ready or not.
struct Scope<E>(Rc<Shared<E>>);

impl<E> Drop for Scope<E> {
    fn drop(&mut self) {
        self.0.parent.take();
        self.0.close();
        // The failure may own a clone of the group, which would never be freed.
        self.0.failure.take();
    }
}

/// Runs a task. One that fails has no output, and is aborted with the rest.
async fn run<T, E>(future: impl Future<Output = Result<T, E>>, member: Member<E>) -> T {
    let failure = match catch_panic(future).await {
        Ok(Ok(output)) => return output,
        Ok(Err(error)) => Failure::Error(error),
        Err(payload) => Failure::Panic(payload),
    };
    member.shared.fail(failure);
    pending().await
}

/// A task's place in the group, which it leaves when it is dropped. The task drops it last.
struct Member<E> {
    number: u64,
    shared: Rc<Shared<E>>,
}

impl<E> Drop for Member<E> {
    fn drop(&mut self) {
        let is_last = {
            let mut tasks = self.shared.tasks.borrow_mut();
            tasks.remove(&self.number);
            tasks.is_empty()
        };
        if is_last
            && self.shared.stage.get() != Stage::Body
            && let Some(parent) = self.shared.parent.take()
        {
            parent.wake();
        }
    }
}

/// Runs a future until it is ready or panics, and drops it then.
async fn catch_panic<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = pin!(Some(future));
    poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| {
            let polled = future
                .as_mut()
                .as_pin_mut()
                .map_or(Poll::Pending, |future| future.poll(cx));
            if polled.is_ready() {
                // Here, because that may panic too.
                future.set(None);
            }
            polled
        }));
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(payload) => Poll::Ready(Err(payload)),
        }
    })
    .await
}

impl<E> Default for Shared<E> {
    fn default() -> Shared<E> {
        Shared {
            stage: Cell::new(Stage::Body),
            tasks: RefCell::default(),
            spawned: Cell::new(0),
            failure: Cell::new(None),
            parent: Cell::new(None),
        }
    }
}

impl<E> Clone for TaskGroup<E> {
    fn clone(&self) -> TaskGroup<E> {
        TaskGroup {
            shared: self.shared.clone(),
        }
    }
}

impl<T> fmt::Debug for GroupTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupTask")
            .field("id", &self.handle.id())
            .field("is_finished", &self.is_finished())
            .finish()
    }
}

impl<E> fmt::Debug for TaskGroup<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskGroup")
            .field("tasks", &self.shared.tasks.borrow().len())
            .finish_non_exhaustive()
    }
}
