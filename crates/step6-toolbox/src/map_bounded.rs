//! At most so many futures at once, for an input that may be endless.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::iter::Fuse;
use std::task::{Context, Poll, ready};

use crate::async_iterator::AsyncIterator;
use crate::futures_unordered::FuturesUnordered;

/// Runs a future for each input, at most `limit` of them at once, and gives the outputs as they are
/// made.
///
/// This is `map` on a pool of workers, except that the workers are futures in the task that awaits
/// the outputs. (Streams call it `buffer_unordered`.) It takes the next input only when there is
/// room for another future and an output is awaited, so the input may be endless. A future is
/// polled only when it was woken, and is dropped as soon as it is ready. To know which input an
/// output is from, let the future return that, too, or use [`map_bounded_ordered`]. Several futures
/// live at once, so none may borrow from the closure. One that needs something from it gets a
/// clone: `move |input| { let own = own.clone(); async move { .. } }`.
///
/// The futures are polled only while an output is awaited. One that was given a permit of a
/// [`Semaphore`](crate::Semaphore) or a [`Lock`](crate::Lock) keeps it meanwhile. If the loop over
/// the outputs waits for the same lock, that is a deadlock.
///
/// It works on any executor, and is `Send` when the inputs, the closure and the futures are.
///
/// # Panics
///
/// Panics if the limit is zero: nothing would ever run.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::map_bounded;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let mut squares = map_bounded(3, 1.., async |number: u64| {
///         sleep(Duration::from_secs(1)).await;
///         number * number
///     });
///     for square in [1, 4, 9, 16, 25, 36] {
///         assert_eq!(squares.next().await, Some(square));
///     }
///     assert_eq!(now() - start, Duration::from_secs(2));
/// });
/// # std::io::Result::Ok(())
/// ```
#[track_caller]
pub fn map_bounded<I, W, F>(limit: usize, inputs: I, work: W) -> MapBounded<I::IntoIter, W, F>
where
    I: IntoIterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    assert!(
        limit > 0,
        "the limit of a bounded map is at least 1: with 0 nothing would ever run"
    );
    MapBounded {
        limit,
        inputs: inputs.into_iter().fuse(),
        work,
        running: FuturesUnordered::new(),
        is_ordered: false,
        given: 0,
        waiting: BTreeMap::new(),
    }
}

/// Runs a future for each input, at most `limit` of them at once, and gives the outputs in the
/// order of the inputs.
///
/// (Streams call it `buffered`.) An output that comes before that of an earlier input has to wait
/// for it, and counts towards the `limit` until it is given. So there are never more than `limit`
/// futures and outputs together, and a slow future holds up the others once they are `limit` ahead.
/// Otherwise this is like [`map_bounded`].
///
/// # Panics
///
/// Panics if the limit is zero: nothing would ever run.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::map_bounded_ordered;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let mut naps = map_bounded_ordered(2, [3, 1, 2], async |seconds| {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     });
///     assert_eq!(naps.next().await, Some(3));
///     assert_eq!(naps.next().await, Some(1));
///     assert_eq!(now() - start, Duration::from_secs(3));
///     assert_eq!(naps.next().await, Some(2));
///     assert_eq!(now() - start, Duration::from_secs(5));
///     assert_eq!(naps.next().await, None);
/// });
/// # std::io::Result::Ok(())
/// ```
#[track_caller]
pub fn map_bounded_ordered<I, W, F>(
    limit: usize,
    inputs: I,
    work: W,
) -> MapBounded<I::IntoIter, W, F>
where
    I: IntoIterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    MapBounded {
        is_ordered: true,
        ..map_bounded(limit, inputs, work)
    }
}

/// The outputs of a bounded number of futures: see [`map_bounded`] and [`map_bounded_ordered`].
///
/// Dropping it drops the futures that are left, and then the outputs that wait.
#[must_use = "it does nothing unless its outputs are awaited"]
pub struct MapBounded<I, W, F: Future> {
    limit: usize,
    inputs: Fuse<I>,
    work: W,
    running: FuturesUnordered<F>,
    is_ordered: bool,
    /// If ordered: how many outputs were given.
    given: usize,
    /// If ordered: the outputs that wait for an earlier one, by the numbers of their inputs.
    waiting: BTreeMap<usize, F::Output>,
}

impl<I, W, F> MapBounded<I, W, F>
where
    I: Iterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    /// Waits for the next output. Returns `None` once the outputs of all inputs were given, and
    /// from then on.
    ///
    /// The futures continue only while this is awaited. Spawn what should continue meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing: the futures and the outputs stay, and the next call continues
    /// with them.
    ///
    /// # Panics
    ///
    /// Panics if the iterator, the closure or one of the futures does. That input is lost, and the
    /// next call continues with the others. If the outputs are ordered, the one that is lost is
    /// missed later: once the outputs before it were given and no future is left, all calls panic.
    pub async fn next(&mut self) -> Option<F::Output> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Option<F::Output>> {
        while self.running.len() + self.waiting.len() < self.limit
            && let Some(input) = self.inputs.next()
        {
            self.running.push((self.work)(input));
        }
        if !self.is_ordered {
            let next = ready!(self.running.poll_next(cx));
            return Poll::Ready(next.map(|(_, output)| output));
        }
        // Poll until none is ready, so that a future that was woken need not wait for the outputs
        // before its own.
        let is_over = loop {
            match self.running.poll_next(cx) {
                Poll::Ready(Some((number, output))) => self.waiting.insert(number, output),
                Poll::Ready(None) => break true,
                Poll::Pending => break false,
            };
        };
        match self.waiting.remove(&self.given) {
            Some(output) => {
                self.given += 1;
                Poll::Ready(Some(output))
            }
            None if !is_over => Poll::Pending,
            None if self.given == self.running.pushed => Poll::Ready(None),
            None => panic!("one of the futures had panicked before, so its output is missing"),
        }
    }
}

impl<I, W, F> AsyncIterator for MapBounded<I, W, F>
where
    I: Iterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    type Item = F::Output;

    fn next(&mut self) -> impl Future<Output = Option<F::Output>> {
        MapBounded::next(self)
    }
}
