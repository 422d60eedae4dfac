//! The outputs of two futures.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// Runs two futures at once, in the task that awaits them, and returns both outputs.
///
/// This is Python's `gather` for two. Both are polled whenever the task is woken, the first one
/// first, as in [`race`](crate::race()); each is dropped as soon as it is ready. For more than two
/// there is [`join_all`](crate::join_all()), which polls only those that were woken. It works on
/// any executor, and is `Send` when both futures and their outputs are.
///
/// # Cancel safety
///
/// Dropping it drops both futures, and an output that is there already.
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
    let (mut one, mut two) = (None, None);
    // Declared last, so that the first is dropped first.
    let mut second = pin!(Some(second));
    let mut first = pin!(Some(first));
    poll_fn(|cx| {
        poll_into(&mut one, first.as_mut(), cx);
        poll_into(&mut two, second.as_mut(), cx);
        match (&one, &two) {
            (Some(_), Some(_)) => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    one.zip(two).expect("both outputs are there")
}

/// Polls a future, unless it has ended, and stores its output. Drops the future when it is ready.
fn poll_into<F: Future>(
    output: &mut Option<F::Output>,
    mut future: Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
) {
    let polled = future.as_mut().as_pin_mut().map(|future| future.poll(cx));
    if let Some(Poll::Ready(ready)) = polled {
        future.set(None);
        *output = Some(ready);
    }
}
