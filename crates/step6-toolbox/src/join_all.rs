//! The outputs of many futures, in the order of the futures.

use std::future::poll_fn;

use crate::futures_unordered::FuturesUnordered;

/// Runs futures at once, in the task that awaits them, and returns their outputs in the order of
/// the futures.
///
/// This is Python's `gather`. All futures are polled once, in order; after that, each is polled
/// only when it was woken, so the work depends on the wakes, and not on the number of futures. Each
/// is dropped as soon as it is ready. Without futures it is ready at once. It works on any
/// executor, and is `Send` when the futures and their outputs are.
///
/// # Cancel safety
///
/// Dropping it drops the futures that are not ready, in order, and then the outputs that are there.
/// To keep what can continue by itself, such as tasks, pass `&mut` references to their handles.
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
pub fn join_all<I>(futures: I) -> impl Future<Output = Vec<<I::Item as Future>::Output>>
where
    I: IntoIterator,
    I::Item: Future,
{
    // Outside of the future, so that it holds the children only, and is `Send` if they are.
    let children: FuturesUnordered<_> = futures.into_iter().collect();
    async move {
        let mut outputs: Vec<_> = (0..children.len()).map(|_| None).collect();
        // Declared last, so that the futures are dropped first.
        let mut children = children;
        while let Some((number, output)) = poll_fn(|cx| children.poll_next(cx)).await {
            outputs[number] = Some(output);
        }
        outputs.into_iter().flatten().collect()
    }
}

/// Runs futures of results at once, and returns their values in the order of the futures, or the
/// first error.
///
/// The first error is the first in time. Before it is returned, the futures that are not ready are
/// dropped, and then the values that are there. Otherwise this is like [`join_all`].
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
pub fn try_join_all<I, T, E>(futures: I) -> impl Future<Output = Result<Vec<T>, E>>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let children: FuturesUnordered<_> = futures.into_iter().collect();
    async move {
        let mut values: Vec<_> = (0..children.len()).map(|_| None).collect();
        // Declared last, so that the futures are dropped first.
        let mut children = children;
        while let Some((number, output)) = poll_fn(|cx| children.poll_next(cx)).await {
            values[number] = Some(output?);
        }
        Ok(values.into_iter().flatten().collect())
    }
}
