//! How do two futures run at once in one task?

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use crate::Either;
use crate::children::Children;

/// Runs two futures at once, in the task that awaits it, and returns both outputs.
///
/// Each has a waker of its own and is polled only when it was woken; the first is polled first.
/// Each is dropped as soon as it is ready. It works on any executor, and is `Send` when both
/// futures and their outputs are. For more than two there is [`join_all`](crate::join_all()).
///
/// # Cancel safety
///
/// Dropping it drops both futures, the first one first, and an output that is there already.
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
/// use step6_toolbox::join;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let hello = async { sleep(Duration::from_secs(1)).await; "hello" };
///     let answer = async { sleep(Duration::from_secs(2)).await; 42 };
///     assert_eq!(join(hello, answer).await, ("hello", 42));
///     assert_eq!(now() - start, Duration::from_secs(2));
/// });
/// # std::io::Result::Ok(())
/// ```
pub async fn join<A: Future, B: Future>(first: A, second: B) -> (A::Output, B::Output) {
    // Locals are dropped in reverse: the first future must be dropped first.
    let (mut one, mut two) = (None, None);
    let second = pin!(Some(second));
    let first = pin!(Some(first));
    let mut children = Children::from_iter([Side::First(first), Side::Second(second)]);
    poll_fn(|cx| {
        children.begin_round();
        while let Some((_, output)) = children.poll_next() {
            match output {
                Either::First(output) => one = Some(output),
                Either::Second(output) => two = Some(output),
            }
        }
        if children.is_empty() {
            return Poll::Ready(());
        }
        children.end_round(cx);
        Poll::Pending
    })
    .await;
    match (one, two) {
        (Some(first), Some(second)) => (first, second),
        _ => unreachable!("both futures are over, and each has left its output"),
    }
}

/// One of two futures, pinned in the frame of [`join`], where it leaves `None` as soon as it is
/// ready.
enum Side<'a, A, B> {
    First(Pin<&'a mut Option<A>>),
    Second(Pin<&'a mut Option<B>>),
}

impl<A: Future, B: Future> Future for Side<'_, A, B> {
    type Output = Either<A::Output, B::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Either<A::Output, B::Output>> {
        match &mut *self {
            Side::First(future) => poll_and_drop(future, cx).map(Either::First),
            Side::Second(future) => poll_and_drop(future, cx).map(Either::Second),
        }
    }
}

fn poll_and_drop<F: Future>(
    future: &mut Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    let polled = future
        .as_mut()
        .as_pin_mut()
        .expect("a child that is over is not polled")
        .poll(cx);
    let output = ready!(polled);
    future.set(None);
    Poll::Ready(output)
}
