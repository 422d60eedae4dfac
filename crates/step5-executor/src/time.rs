//! How a future waits for a time.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use step3_sleeping_heap::TimerKey;
use trace::Reason;

use crate::core::Core;
use crate::current::{current, expect_current};

/// Returns the time by the executor's clock, which may be virtual. Outside of an executor, returns
/// the system's time.
pub fn now() -> Instant {
    current().map_or_else(Instant::now, |core| core.clock.now())
}

/// Waits for a duration from now on, and never less.
///
/// `Duration::ZERO` is one turn. `Duration::MAX`, or any other whose end no clock can show, is
/// forever.
///
/// # Cancel safety
///
/// Dropping it takes the timer back.
///
/// # Panics
///
/// Panics outside of an executor. A sleep is made before it is awaited, so write
/// `block_on(async { sleep(second).await })`. It belongs to the executor in which it is made. If
/// that is dropped first, polling the sleep panics.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     sleep(Duration::from_secs(3600)).await;
///     assert_eq!(now() - start, Duration::from_secs(3600));
/// });
/// # std::io::Result::Ok(())
/// ```
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    // A time that the clock cannot show never comes.
    Sleep::new(now().checked_add(duration))
}

/// Waits until a point in time, and never less. If it is past, waits for one turn.
///
/// Count from [`now`]. A virtual clock runs ahead of `Instant::now()`, so a deadline counted from
/// there may be long past.
///
/// # Panics
///
/// Panics outside of an executor.
#[track_caller]
pub fn sleep_until(deadline: Instant) -> Sleep {
    Sleep::new(Some(deadline))
}

/// The future returned by [`sleep`] and [`sleep_until`].
///
/// It becomes ready between two rounds, so a loop that polls it over and over in one turn never
/// ends.
#[must_use = "futures do nothing unless awaited"]
pub struct Sleep {
    /// Its executor, which it does not keep alive.
    core: Weak<Core>,
    /// `None` is forever.
    deadline: Option<Instant>,
    /// `None` before the first poll.
    timer: Option<TimerKey>,
}

impl Sleep {
    #[track_caller]
    fn new(deadline: Option<Instant>) -> Sleep {
        let core = Rc::downgrade(&expect_current());
        Sleep {
            core,
            deadline,
            timer: None,
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let core = self.core.upgrade();
        let core = core.expect("the executor of a sleep was dropped");
        if let Some(timer) = self.timer {
            match core.timers.borrow_mut().get_mut(timer) {
                // It is over: the executor has taken it out of the heap.
                None => return Poll::Ready(()),
                // The waker of the last poll counts.
                Some(waker) => waker.clone_from(cx.waker()),
            }
        } else if let Some(deadline) = self.deadline {
            let waker = cx.waker().clone();
            self.timer = Some(core.timers.borrow_mut().push(deadline, waker));
        }
        trace::waits(Reason::Sleep(self.deadline));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let (Some(timer), Some(core)) = (self.timer, self.core.upgrade()) {
            let waker = core.timers.borrow_mut().cancel(timer);
            if waker.is_some() {
                trace::gave_up(Reason::Sleep(self.deadline));
            }
        }
    }
}

/// Waits for a future, but for no longer than `limit` from now on.
///
/// The future is polled first, so it wins if it is ready in the same poll in which the time is
/// over. With `Duration::ZERO` it has one turn, and with `Duration::MAX` there is no limit.
///
/// # Errors
///
/// Returns [`Elapsed`] if the time was over first. By then the future has been dropped.
///
/// # Cancel safety
///
/// That of the future. To keep the future when the time is over, pass a `&mut` to it.
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
/// use step5_executor::{Elapsed, Executor, timeout};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let second = Duration::from_secs(1);
///     assert_eq!(timeout(second, async { 7 }).await, Ok(7));
///     assert_eq!(timeout(second, pending::<()>()).await, Err(Elapsed));
/// });
/// # std::io::Result::Ok(())
/// ```
#[track_caller]
pub fn timeout<F: Future>(
    limit: Duration,
    future: F,
) -> impl Future<Output = Result<F::Output, Elapsed>> {
    let mut sleep = sleep(limit);
    async move {
        let mut future = pin!(future);
        poll_fn(|cx| {
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
