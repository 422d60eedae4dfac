//! A set of tasks that can grow, and gives their outcomes as they end.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Context, Poll};

use step5_executor::{AbortHandle, JoinError, JoinHandle, spawn};

use crate::futures_unordered::FuturesUnordered;

/// Tasks that are spawned one by one, and whose outcomes come as they end.
///
/// In Python it takes a loop around `wait`, with a set of pending tasks; the name is tokio's.
/// Unlike a [`task_group`](crate::task_group()), it neither stops at an error nor waits at its end:
/// dropping it aborts its tasks.
///
/// # Panics
///
/// [`spawn`](Self::spawn) panics outside of an executor of step 5.
///
/// # Examples
///
/// Follows links from page to page, each in a task of its own:
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep};
/// use step6_toolbox::JoinSet;
///
/// async fn links(page: u64) -> Vec<u64> {
///     sleep(Duration::from_secs(page)).await;
///     (2 * page..=2 * page + 1).filter(|page| *page <= 7).collect()
/// }
///
/// Executor::with_virtual_time()?.block_on(async {
///     let mut tasks = JoinSet::new();
///     tasks.spawn(links(1));
///     let mut pages = 1;
///     while let Some(found) = tasks.next().await {
///         for page in found.unwrap() {
///             tasks.spawn(links(page));
///             pages += 1;
///         }
///     }
///     assert_eq!(pages, 7);
/// });
/// # std::io::Result::Ok(())
/// ```
pub struct JoinSet<T> {
    pub(crate) tasks: FuturesUnordered<JoinHandle<T>>,
    /// By the numbers of the children.
    aborts: BTreeMap<usize, AbortHandle>,
}

impl<T: 'static> JoinSet<T> {
    /// Makes a set without tasks.
    pub fn new() -> JoinSet<T> {
        JoinSet {
            tasks: FuturesUnordered::new(),
            aborts: BTreeMap::new(),
        }
    }

    /// Spawns a task, and returns a handle that can abort it.
    ///
    /// # Panics
    ///
    /// Panics outside of an executor.
    #[track_caller]
    pub fn spawn(&mut self, future: impl Future<Output = T> + 'static) -> AbortHandle {
        self.insert(spawn(future))
    }

    pub(crate) fn insert(&mut self, task: JoinHandle<T>) -> AbortHandle {
        let abort = task.abort_handle();
        let number = self.tasks.push_numbered(task);
        self.aborts.insert(number, abort.clone());
        abort
    }

    /// Waits for the next task to end, and returns its outcome. Returns `None` if there are no
    /// tasks.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses no outcome.
    pub async fn next(&mut self) -> Option<Result<T, JoinError>> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    pub(crate) fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Option<Result<T, JoinError>>> {
        self.tasks.poll_next(cx).map(|next| {
            let (number, outcome) = next?;
            self.aborts.remove(&number);
            Some(outcome)
        })
    }
}

impl<T> JoinSet<T> {
    /// Returns how many tasks there are whose outcomes were not returned yet.
    pub fn len(&self) -> usize {
        self.aborts.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.aborts.is_empty()
    }

    /// Aborts all tasks. They stay in the set until [`next`](Self::next) has returned their
    /// outcomes.
    pub fn abort_all(&self) {
        self.abort_handles().for_each(AbortHandle::abort);
    }

    pub(crate) fn abort_handles(&self) -> impl Iterator<Item = &AbortHandle> {
        self.aborts.values()
    }
}

impl<T> Drop for JoinSet<T> {
    fn drop(&mut self) {
        self.abort_all();
    }
}
