//! How do many futures run at once in one task, and who gives their outputs in order?

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::children::Children;

/// Runs futures at once, in the task that awaits it, and returns their outputs in the order of the
/// futures.
///
/// It is Python's `gather`. The futures are polled in order at first, and then each only when it
/// was woken: the work depends on the wakes, not on how many futures there are. Each is dropped as
/// soon as it is ready. Without futures it is ready at once. It works on any executor, and is
/// `Send` when the futures and their outputs are.
///
/// # Cancel safety
///
/// Dropping it drops the futures that are not ready, in order, and then the outputs that are there.
/// To keep what can continue by itself, such as tasks, give it `&mut` to their handles.
///
/// # Panics
///
/// Panics if one of the futures does, and if it is polled after it has returned the outputs.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::join_all;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let naps = [3, 1, 2].map(async |seconds| {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     });
///     assert_eq!(join_all(naps).await, [3, 1, 2]);
///     assert_eq!(now() - start, Duration::from_secs(3));
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn join_all<I>(futures: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    let children: Children<_> = futures.into_iter().map(Box::pin).collect();
    let outputs = Outputs::new(children.len());
    JoinAll { children, outputs }
}

/// The future of [`join_all`].
#[must_use = "futures do nothing unless awaited"]
pub struct JoinAll<F: Future> {
    // Dropped in the order in which they are written here.
    children: Children<Pin<Box<F>>>,
    outputs: Outputs<F::Output>,
}

// The futures are in boxes, and the outputs are never pinned.
impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<F::Output>> {
        assert!(
            !self.children.has_panicked(),
            "one of the futures had panicked before, so its output is missing"
        );
        self.children.begin_round();
        while let Some((place, output)) = self.children.poll_next() {
            self.outputs.put(place, output);
        }
        if self.children.is_empty() {
            return Poll::Ready(self.outputs.take());
        }
        self.children.end_round(cx);
        Poll::Pending
    }
}

impl<F: Future> fmt::Debug for JoinAll<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinAll")
            .field("pending", &self.children.len())
            .finish()
    }
}

/// Runs futures of results at once, and returns their values in the order of the futures, or the
/// first error.
///
/// The first error is the first in time. It drops the futures that are not ready, in order, and the
/// values that are there, before it is returned. Otherwise it is like [`join_all`].
///
/// # Errors
///
/// Returns the error of the future that failed first.
///
/// # Cancel safety
///
/// That of [`join_all`].
///
/// # Panics
///
/// Panics as [`join_all`] does.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::try_join_all;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let halves = [(3, 8), (2, 5), (1, 6)].map(async |(seconds, number)| {
///         sleep(Duration::from_secs(seconds)).await;
///         if number % 2 == 0 { Ok(number / 2) } else { Err(format!("{number} is odd")) }
///     });
///     assert_eq!(try_join_all(halves).await, Err("5 is odd".to_string()));
///     assert_eq!(now() - start, Duration::from_secs(2));
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn try_join_all<I, T, E>(futures: I) -> TryJoinAll<I::Item, T>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let children: Children<_> = futures.into_iter().map(Box::pin).collect();
    let outputs = Outputs::new(children.len());
    TryJoinAll { children, outputs }
}

/// The future of [`try_join_all`].
#[must_use = "futures do nothing unless awaited"]
pub struct TryJoinAll<F, T> {
    children: Children<Pin<Box<F>>>,
    outputs: Outputs<T>,
}

// As above.
impl<F, T> Unpin for TryJoinAll<F, T> {}

impl<F: Future<Output = Result<T, E>>, T, E> Future for TryJoinAll<F, T> {
    type Output = Result<Vec<T>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Vec<T>, E>> {
        assert!(
            !self.children.has_panicked(),
            "one of the futures had panicked before, so its output is missing"
        );
        self.children.begin_round();
        while let Some((place, output)) = self.children.poll_next() {
            match output {
                Ok(value) => self.outputs.put(place, value),
                Err(error) => {
                    drop(mem::take(&mut self.children));
                    drop(mem::take(&mut self.outputs));
                    return Poll::Ready(Err(error));
                }
            }
        }
        if self.children.is_empty() {
            return Poll::Ready(Ok(self.outputs.take()));
        }
        self.children.end_round(cx);
        Poll::Pending
    }
}

impl<F, T> fmt::Debug for TryJoinAll<F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryJoinAll")
            .field("pending", &self.children.len())
            .finish()
    }
}

/// A place for each output. `None` once they were given.
struct Outputs<T>(Option<Vec<Option<T>>>);

impl<T> Outputs<T> {
    fn new(count: usize) -> Outputs<T> {
        Outputs(Some((0..count).map(|_| None).collect()))
    }

    fn put(&mut self, place: usize, output: T) {
        if let Some(outputs) = &mut self.0 {
            outputs[place] = Some(output);
        }
    }

    fn take(&mut self) -> Vec<T> {
        let outputs = self
            .0
            .take()
            .expect("a future of many was polled after it had given its output");
        outputs
            .into_iter()
            .map(|output| output.expect("a future that is over has left its output"))
            .collect()
    }
}

impl<T> Default for Outputs<T> {
    fn default() -> Outputs<T> {
        Outputs(None)
    }
}
