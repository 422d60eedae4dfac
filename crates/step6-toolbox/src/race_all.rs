//! The first of many futures.

use std::future::poll_fn;

use crate::FuturesUnordered;

/// Runs futures at once, in the task that awaits them, and returns the place and the output of the
/// one that is ready first.
///
/// If several are ready, the one that is polled first wins: in the first poll they are polled in
/// order, later in the order of their wakes. The others are dropped. It works on any executor, and
/// is `Send` when the futures are.
///
/// # Cancel safety
///
/// Dropping it drops the futures. To continue with the losers, pass `&mut` references to futures
/// that are pinned elsewhere, such as handles.
///
/// # Panics
///
/// Panics if there are no futures, or if one of them panics.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep};
/// use step6_toolbox::race_all;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let naps = [3, 1, 2].map(|seconds| sleep(Duration::from_secs(seconds)));
///     assert_eq!(race_all(naps).await, (1, ()));
/// });
/// # std::io::Result::Ok(())
/// ```
///
/// A loop that handles whatever comes first, which other libraries write with `select!`, is a
/// `match` on what the winner returns. What must survive a lost race is made before the loop, and
/// lent to each race:
///
/// ```
/// use std::pin::{Pin, pin};
/// use std::time::Duration;
/// use step5_executor::{Executor, interval, sleep};
/// use step6_toolbox::{Queue, race_all};
///
/// enum Happened { Tick, Job(Option<u32>), End }
///
/// Executor::with_virtual_time()?.block_on(async {
///     let jobs = Queue::new(2);
///     let mut ticks = interval(Duration::from_secs(1));
///     let mut end = pin!(sleep(Duration::from_millis(2_500)));
///     jobs.try_put(7).unwrap();
///
///     let (mut ticked, mut done) = (0, vec![]);
///     loop {
///         let events: [Pin<Box<dyn Future<Output = Happened>>>; 3] = [
///             Box::pin(async { end.as_mut().await; Happened::End }),
///             Box::pin(async { Happened::Job(jobs.get().await) }),
///             Box::pin(async { ticks.tick().await; Happened::Tick }),
///         ];
///         match race_all(events).await.1 {
///             Happened::Tick => ticked += 1,
///             Happened::Job(job) => done.extend(job),
///             Happened::End => break,
///         }
///     }
///     assert_eq!((ticked, done), (3, vec![7]));
/// });
/// # std::io::Result::Ok(())
/// ```
pub async fn race_all<F: Future>(futures: impl IntoIterator<Item = F>) -> (usize, F::Output) {
    let mut futures: FuturesUnordered<F> = futures.into_iter().collect();
    let first = poll_fn(|cx| futures.poll_next(cx)).await;
    first.expect("a race of no futures has no winner")
}
