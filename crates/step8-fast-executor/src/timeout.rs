//! A time limit for a future.

use std::error::Error;
use std::fmt;
use std::pin::{Pin, pin};
use std::task::{Poll, ready};
use std::time::Duration;

use crate::time::sleep;

/// Waits for a future, but no longer than this from now on.
///
/// The future is polled first, so one that is ready in time wins, even with `Duration::ZERO`. With
/// `Duration::MAX` there is no limit.
///
/// # Errors
///
/// Returns [`Elapsed`] if the time was over first. By then the future has been dropped.
///
/// # Cancel safety
///
/// That of the future. To continue with the future afterwards, pass a `&mut` to it.
///
/// # Panics
///
/// Panics outside of an executor.
///
/// # Examples
///
/// ```
/// use std::future::pending;
/// use std::time::Duration;
/// use step8_fast_executor::{Elapsed, Executor, timeout};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let second = Duration::from_secs(1);
///     assert_eq!(timeout(second, async { 7 }).await, Ok(7));
///     assert_eq!(timeout(second, pending::<()>()).await, Err(Elapsed));
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn timeout<F: Future>(
    limit: Duration,
    future: F,
) -> impl Future<Output = Result<F::Output, Elapsed>> {
    let mut sleep = sleep(limit);
    async move {
        let mut future = pin!(future);
        std::future::poll_fn(|cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
            }
            ready!(Pin::new(&mut sleep).poll(cx));
            Poll::Ready(Err(Elapsed))
        })
        .await
    }
}

/// The error of a [`timeout`]: the time was over first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time was over first")
    }
}

impl Error for Elapsed {}
