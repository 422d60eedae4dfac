//! Which of several tasks are done, and which are pending.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use step5_executor::{JoinError, JoinHandle, TaskId, sleep};

use crate::futures_unordered::FuturesUnordered;

/// Waits for tasks until one is done, or one has failed, or all are done, as `until` says; but no
/// longer than for `limit`.
///
/// This is Python's `wait`. Returns the outcomes of the tasks that are done, and the handles of the
/// others. Those run on: they can be aborted, or waited for again.
///
/// - Done tasks are in the order in which they ended; first come those that had ended before the
///   call, in the order of `tasks`. There may be several even with [`Until::FirstCompleted`]. Each
///   comes with its [`JoinHandle::id`], which stays the same however often it is waited for.
/// - Pending tasks are in the order of `tasks`.
/// - The limit counts from the call; `None` is no limit. With `Duration::ZERO` the tasks have one
///   turn. A task that ends at the very instant of the limit is done if it ended before the wait
///   did. Otherwise it is pending, and its handle says that it is finished.
/// - Without tasks it is ready at once, with two empty lists.
///
/// It needs step 5's executor, since it takes its handles, and is not `Send`, as they are not.
///
/// # Cancel safety
///
/// Dropping it drops the handles, which detaches the tasks: they run on, but their outputs are
/// lost. To stop waiting after a time, give it a limit. To lose nothing in other cases, use
/// [`as_completed`](crate::as_completed()) with `&mut` references to the handles.
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
) -> impl Future<Output = (Vec<Done<T>>, Vec<JoinHandle<T>>)> {
    let mut tasks: Vec<_> = tasks.into_iter().collect();
    let mut limit = limit.map(sleep);
    async move {
        let (mut done, mut numbers) = (vec![], BTreeSet::new());
        let named = async |task: &mut JoinHandle<T>| (task.id(), task.await);
        let mut running: FuturesUnordered<_> = tasks.iter_mut().map(named).collect();
        poll_fn(|cx| {
            while let Poll::Ready(Some((number, task))) = running.poll_next(cx) {
                numbers.insert(number);
                done.push(task);
            }
            let is_over = running.is_empty()
                || match until {
                    Until::FirstCompleted => !done.is_empty(),
                    Until::FirstFailure => done.iter().any(|(_, outcome)| outcome.is_err()),
                    Until::AllCompleted => false,
                };
            match &mut limit {
                _ if is_over => Poll::Ready(()),
                Some(limit) => Pin::new(limit).poll(cx),
                None => Poll::Pending,
            }
        })
        .await;
        drop(running);
        let tasks = tasks.into_iter().enumerate();
        let pending = tasks.filter(|(number, _)| !numbers.contains(number));
        (done, pending.map(|(_, task)| task).collect())
    }
}

/// What ends a [`wait`], apart from its time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// One task has ended, in whatever way.
    FirstCompleted,
    /// One task has panicked or was aborted, or all have ended.
    ///
    /// A task that returns an `Err` has not failed in this sense: it ran to its end, and the `Err`
    /// is its output.
    FirstFailure,
    /// All tasks have ended.
    AllCompleted,
}

/// The id of a task that is done, and its outcome.
type Done<T> = (TaskId, Result<T, JoinError>);
