//! Which tasks are done, and which are not yet?

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use step5_executor::{JoinError, JoinHandle, Sleep, TaskId, sleep};

use crate::children::Children;

/// Waits for tasks until the first, the first failed or the last of them is done, but at most for a
/// duration from now on.
///
/// Returns the outcomes of the tasks that are done, and the handles of the others. Those run on:
/// they can be aborted, or waited for again.
///
/// - Done tasks are in the order in which they ended; those that had ended before, first and in the
///   order of `tasks`. There may be several even with [`Until::FirstCompleted`]. Each comes with
///   its [`JoinHandle::id`], which it keeps however often it is waited for.
/// - Pending tasks are in the order of `tasks`.
/// - The limit counts from the call. `None` is none. With `Duration::ZERO` the tasks have one turn.
///   A task that ends at that very instant is done if it ended before the wait did, and otherwise
///   pending: then its handle says that it is finished.
/// - Without tasks both lists are empty at once.
///
/// It needs step 5's executor, whose handles these are, and is not `Send`, as they are not.
///
/// # Cancel safety
///
/// Dropping it drops the handles, and so detaches the tasks: they run on, but their outputs are
/// lost. To stop waiting after a time, give it a limit. To lose nothing otherwise, use
/// [`as_completed`](crate::as_completed()) of `&mut` to the handles.
///
/// # Panics
///
/// Panics outside of an executor if there is a limit, and if it is polled after it has returned its
/// output.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep, spawn};
/// use step6_toolbox::{Until, wait};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let tasks = [3, 1, 2].map(|seconds| spawn(async move {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     }));
///     let (done, pending) = wait(tasks, Until::FirstCompleted, None).await;
///     assert_eq!(done[0].1.as_ref().unwrap(), &1);
///
///     let limit = Some(Duration::from_millis(1_500));
///     let (done, pending) = wait(pending, Until::AllCompleted, limit).await;
///     assert_eq!(done[0].1.as_ref().unwrap(), &2);
///
///     pending[0].abort();
///     let (done, pending) = wait(pending, Until::AllCompleted, None).await;
///     assert!(done[0].1.as_ref().unwrap_err().is_cancelled());
///     assert!(pending.is_empty());
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn wait<T>(
    tasks: impl IntoIterator<Item = JoinHandle<T>>,
    until: Until,
    limit: Option<Duration>,
) -> Wait<T> {
    Wait {
        tasks: tasks.into_iter().map(Task).collect(),
        until,
        limit: limit.map(sleep),
        done: Some(vec![]),
        has_failed: false,
    }
}

/// What ends a [`wait`]; so does its time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// One task has ended, however.
    FirstCompleted,
    /// One task has panicked or was aborted, or all have ended.
    ///
    /// A task that returns an `Err` has not failed in this sense: it has run to its end, and that
    /// is its output.
    FirstFailure,
    /// All tasks have ended.
    AllCompleted,
}

/// The future of [`wait`].
#[must_use = "futures do nothing unless awaited"]
pub struct Wait<T> {
    tasks: Children<Task<T>>,
    until: Until,
    limit: Option<Sleep>,
    /// `None` once it was given.
    done: Option<Vec<Done<T>>>,
    /// Whether one of those that are done has no output.
    has_failed: bool,
}

/// What a task has left, and which one it was.
type Done<T> = (TaskId, Result<T, JoinError>);

/// A handle that also says which task it was.
struct Task<T>(JoinHandle<T>);

impl<T> Future for Task<T> {
    type Output = Done<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Done<T>> {
        let id = self.0.id();
        Pin::new(&mut self.0).poll(cx).map(|output| (id, output))
    }
}

// Outputs are never pinned.
impl<T> Unpin for Wait<T> {}

impl<T> Future for Wait<T> {
    type Output = (Vec<Done<T>>, Vec<JoinHandle<T>>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Wait {
            tasks,
            until,
            limit,
            done,
            has_failed,
        } = &mut *self;
        let ended = done
            .as_mut()
            .expect("a wait was polled after it had given its output");
        tasks.begin_round();
        while let Some((_, task)) = tasks.poll_next() {
            *has_failed |= task.1.is_err();
            ended.push(task);
        }
        let is_over = tasks.is_empty()
            || match until {
                Until::FirstCompleted => !ended.is_empty(),
                Until::FirstFailure => *has_failed,
                Until::AllCompleted => false,
            };
        if is_over
            || limit
                .as_mut()
                .is_some_and(|limit| Pin::new(limit).poll(cx).is_ready())
        {
            // The timer is taken back now, not only when this is dropped.
            *limit = None;
            let pending = tasks.take_rest().into_iter().map(|task| task.0).collect();
            return Poll::Ready((done.take().unwrap_or_default(), pending));
        }
        tasks.end_round(cx);
        Poll::Pending
    }
}

impl<T> fmt::Debug for Wait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Wait");
        text.field("until", &self.until)
            .field("done", &self.done.as_ref().map_or(0, Vec::len));
        text.field("pending", &self.tasks.len()).finish()
    }
}
