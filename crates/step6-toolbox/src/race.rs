//! The output of the first of two futures.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Runs two futures at once, in the task that awaits them, and returns the output of the one that
/// is ready first.
///
/// Both are polled whenever the task is woken, the first one first: if both are ready in the same
/// poll, the first wins. That needs no allocation, but a wake of one costs a spurious poll of the
/// other. When the output is returned, both futures have been dropped. It works on any executor,
/// and is `Send` when both futures are. For more than two there is [`race_all`](crate::race_all()),
/// and for a race against time there is [`timeout`](step5_executor::timeout).
///
/// In Python it takes a `wait` with `FIRST_COMPLETED`, and then a `cancel` of the losers.
///
/// # Cancel safety
///
/// Dropping it drops both futures. What the loser has done is lost, unless it is cancel safe, or
/// was passed as a `&mut` to a future that is pinned elsewhere.
///
/// # Panics
///
/// Panics if one of the futures does; the other is dropped.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::{Either, race};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let hare = async { sleep(Duration::from_secs(3600)).await; "hare" };
///     let tortoise = async { sleep(Duration::from_secs(60)).await; 4 };
///     assert_eq!(race(hare, tortoise).await, Either::Second(4));
///     assert_eq!(now() - start, Duration::from_secs(60));
/// });
/// # std::io::Result::Ok(())
/// ```
pub async fn race<A: Future, B: Future>(first: A, second: B) -> Either<A::Output, B::Output> {
    // Declared last, so that the first is dropped first.
    let mut second = pin!(second);
    let mut first = pin!(first);
    poll_fn(|cx| match first.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Either::First(output)),
        Poll::Pending => second.as_mut().poll(cx).map(Either::Second),
    })
    .await
}

/// One of two, such as the output of the winner of a [`race`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Either<A, B> {
    /// That of the first.
    First(A),
    /// That of the second.
    Second(B),
}
