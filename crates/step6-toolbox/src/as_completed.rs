//! How do outputs arrive in the order in which they are made?

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::AsyncIterator;
use crate::children::Children;

/// Runs futures at once, in the task that awaits the outputs, and gives these one by one as they
/// are made.
///
/// The futures are polled in order at first, and then each only when it was woken, in the order of
/// the wakes: the work for an output is the same however many futures there are. Each is dropped as
/// soon as it is ready. To know whose an output is, let the future return that too.
///
/// It works on any executor, and is `Send` when the futures are.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep};
/// use step6_toolbox::as_completed;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let mut naps = as_completed([3, 1, 2].map(async |seconds| {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     }));
///     let mut sorted = vec![];
///     while let Some(seconds) = naps.next().await {
///         sorted.push(seconds);
///     }
///     assert_eq!(sorted, [1, 2, 3]);
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn as_completed<I>(futures: I) -> AsCompleted<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    AsCompleted {
        children: futures.into_iter().map(Box::pin).collect(),
    }
}

/// Gives the outputs of futures as they are made: see [`as_completed`].
///
/// Dropping it drops the futures that are left, in order.
#[must_use = "futures do nothing unless their outputs are awaited"]
pub struct AsCompleted<F> {
    children: Children<Pin<Box<F>>>,
}

impl<F: Future> AsCompleted<F> {
    /// Waits for the next output. `None` when there are no futures left, then and ever after.
    ///
    /// The futures continue only while this is awaited. Spawn what must continue meanwhile: handles
    /// are futures.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing: the futures stay, and the next call continues with them.
    ///
    /// # Panics
    ///
    /// Panics if one of the futures does. That one is gone; the next call continues with the
    /// others.
    pub async fn next(&mut self) -> Option<F::Output> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Option<F::Output>> {
        self.children.begin_round();
        if let Some((_, output)) = self.children.poll_next() {
            return Poll::Ready(Some(output));
        }
        if self.children.is_empty() {
            return Poll::Ready(None);
        }
        self.children.end_round(cx);
        Poll::Pending
    }
}

impl<F: Future> AsyncIterator for AsCompleted<F> {
    type Item = F::Output;

    fn next(&mut self) -> impl Future<Output = Option<F::Output>> {
        self.next()
    }
}

impl<F> fmt::Debug for AsCompleted<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsCompleted")
            .field("pending", &self.children.len())
            .finish()
    }
}
