//! How does a pool of at most N futures work through an input that may be endless?

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::AsyncIterator;
use crate::children::Children;

/// Runs a future for each input, at most `limit` of them at once, and gives the outputs as they are
/// made.
///
/// It is `map` on a pool of workers, which are futures in the task that awaits the outputs. It
/// takes the next input only when there is room for its future and an output is awaited, so
/// the input may be endless. Each future is polled only when it was woken, and is dropped as soon
/// as it is ready. To know whose an output is, let the future return that too, or use
/// [`map_bounded_ordered`]. Because several futures live at once, none may borrow from the closure
/// itself: one that owns something is written `move |input| { let own = own.clone(); async move {
/// .. } }`.
///
/// It works on any executor, and is `Send` when the inputs, the function and the futures are.
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
    MapBounded {
        pool: Pool::new(limit, inputs.into_iter(), work),
    }
}

/// Runs a future for each input, at most `limit` of them at once, and gives the outputs in the
/// order of the inputs.
///
/// An output that is there before that of an earlier input waits for it, and counts as one of the
/// `limit` until it is given: so there are never more than `limit` futures and outputs together,
/// and a slow future holds the others up once it is `limit` behind. Otherwise it is like
/// [`map_bounded`].
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
) -> MapBoundedOrdered<I::IntoIter, W, F>
where
    I: IntoIterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    let pool = Pool::new(limit, inputs.into_iter(), work);
    MapBoundedOrdered {
        pool,
        places: vec![],
        given: 0,
        outputs: VecDeque::new(),
    }
}

/// Gives the outputs of a bounded number of futures as they are made: see [`map_bounded`].
///
/// Dropping it drops the futures that are left.
#[must_use = "it does nothing unless its outputs are awaited"]
pub struct MapBounded<I, W, F> {
    pool: Pool<I, W, F>,
}

impl<I, W, F> MapBounded<I, W, F>
where
    I: Iterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    /// Waits for the next output. `None` when all outputs of all inputs were given, then and ever
    /// after.
    ///
    /// The futures continue only while this is awaited. Spawn what must continue meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing: the futures stay, and the next call continues with them.
    ///
    /// # Panics
    ///
    /// Panics if the iterator, the function or one of the futures does. That input is lost; the
    /// next call continues with the others.
    pub async fn next(&mut self) -> Option<F::Output> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Option<F::Output>> {
        // Begun before newcomers start, so that those that were woken are polled first.
        self.pool.children.begin_round();
        while self.pool.children.len() < self.pool.limit && self.pool.start().is_some() {}
        if let Some((_, output)) = self.pool.children.poll_next() {
            return Poll::Ready(Some(output));
        }
        if self.pool.children.is_empty() {
            return Poll::Ready(None);
        }
        self.pool.children.end_round(cx);
        Poll::Pending
    }
}

/// Gives the outputs of a bounded number of futures in the order of the inputs: see
/// [`map_bounded_ordered`].
///
/// Dropping it drops the futures that are left, and then the outputs that wait.
#[must_use = "it does nothing unless its outputs are awaited"]
pub struct MapBoundedOrdered<I, W, F: Future> {
    pool: Pool<I, W, F>,
    /// Which input, counted from the first of all, the child in each slot works on.
    places: Vec<usize>,
    /// How many outputs were given.
    given: usize,
    /// What there is, if anything yet, for each input from the first one whose output was not
    /// given.
    outputs: VecDeque<Option<F::Output>>,
}

impl<I, W, F> MapBoundedOrdered<I, W, F>
where
    I: Iterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    /// Waits for the output of the next input. `None` when those of all inputs were given, then and
    /// ever after.
    ///
    /// The futures continue only while this is awaited. Spawn what must continue meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing: the futures and the outputs stay, and the next call continues
    /// with them.
    ///
    /// # Panics
    ///
    /// Panics if the iterator or the function does: that input is lost, and the next call continues
    /// with the others. When one of the futures does: the output of its input will not come, so
    /// every later call panics too.
    pub async fn next(&mut self) -> Option<F::Output> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Option<F::Output>> {
        let MapBoundedOrdered {
            pool,
            places,
            given,
            outputs,
        } = self;
        assert!(
            !pool.children.has_panicked(),
            "one of the futures had panicked before, so its output is missing"
        );
        while outputs.len() < pool.limit
            && let Some(slot) = pool.start()
        {
            places.resize(places.len().max(slot + 1), 0);
            places[slot] = *given + outputs.len();
            outputs.push_back(None);
        }
        // All of them, so that none has to wait to be polled until the consumer has taken what is
        // there.
        pool.children.begin_round();
        while let Some((slot, output)) = pool.children.poll_next() {
            outputs[places[slot] - *given] = Some(output);
        }
        match outputs.pop_front() {
            None => Poll::Ready(None),
            Some(Some(output)) => {
                *given += 1;
                Poll::Ready(Some(output))
            }
            Some(None) => {
                outputs.push_front(None);
                pool.children.end_round(cx);
                Poll::Pending
            }
        }
    }
}

/// What the two have in common: inputs, and the futures that work on them.
struct Pool<I, W, F> {
    limit: usize,
    /// `None` once it has ended.
    inputs: Option<I>,
    work: W,
    children: Children<Pin<Box<F>>>,
}

impl<I, W, F> Pool<I, W, F>
where
    I: Iterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    #[track_caller]
    fn new(limit: usize, inputs: I, work: W) -> Pool<I, W, F> {
        assert!(
            limit > 0,
            "the limit of a bounded map is at least 1: with 0 nothing would ever run"
        );
        Pool {
            limit,
            inputs: Some(inputs),
            work,
            children: Children::default(),
        }
    }

    /// Makes the future of the next input. Returns its slot, or `None` when there is no input left.
    fn start(&mut self) -> Option<usize> {
        let Some(input) = self.inputs.as_mut()?.next() else {
            self.inputs = None;
            return None;
        };
        let future = (self.work)(input);
        Some(self.children.push(Box::pin(future)))
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
        self.next()
    }
}

impl<I, W, F> AsyncIterator for MapBoundedOrdered<I, W, F>
where
    I: Iterator,
    W: FnMut(I::Item) -> F,
    F: Future,
{
    type Item = F::Output;

    fn next(&mut self) -> impl Future<Output = Option<F::Output>> {
        self.next()
    }
}

impl<I, W, F> fmt::Debug for MapBounded<I, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pool {
            limit, children, ..
        } = &self.pool;
        f.debug_struct("MapBounded")
            .field("limit", limit)
            .field("running", &children.len())
            .finish()
    }
}

impl<I, W, F: Future> fmt::Debug for MapBoundedOrdered<I, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pool {
            limit, children, ..
        } = &self.pool;
        let waiting = self.outputs.iter().flatten().count();
        let mut text = f.debug_struct("MapBoundedOrdered");
        text.field("limit", limit)
            .field("running", &children.len())
            .field("waiting", &waiting)
            .finish()
    }
}
