//! Points in time: deadlines, and rhythms that begin at a certain time.

use std::future::pending;
use std::time::{Duration, Instant};

use step5_executor::{Elapsed, now, sleep_until};

use crate::race::{Either, race};

/// Waits for a future, but no longer than until a point in time.
///
/// This is [`timeout`](step5_executor::timeout) with a deadline, which several waits can share. The
/// future is polled first, so a future that is ready just in time wins.
///
/// # Errors
///
/// Returns [`Elapsed`] if the time was over first.
///
/// # Cancel safety
///
/// As for the future. To continue with the future afterwards, pass a `&mut` to it.
///
/// # Panics
///
/// Panics outside of an executor of step 5.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Elapsed, Executor, now, sleep};
/// use step6_toolbox::timeout_at;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let second = Duration::from_secs(1);
///     let deadline = now() + second * 3;
///     assert_eq!(timeout_at(deadline, sleep(second * 2)).await, Ok(()));
///     assert_eq!(timeout_at(deadline, sleep(second * 2)).await, Err(Elapsed));
///     assert_eq!(now(), deadline);
/// });
/// # std::io::Result::Ok(())
/// ```
pub async fn timeout_at<F: Future>(deadline: Instant, future: F) -> Result<F::Output, Elapsed> {
    match race(future, sleep_until(deadline)).await {
        Either::First(output) => Ok(output),
        Either::Second(()) => Err(Elapsed),
    }
}

/// Ticks in a rhythm that begins at `start`; `missed` says what happens when it is late.
///
/// Step 5's [`interval`](step5_executor::interval) begins now, and skips the ticks that it has
/// missed.
///
/// # Panics
///
/// Panics if the period is zero.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::{MissedTick, interval_at};
///
/// let ticks = async |missed| {
///     let start = now() + Duration::from_secs(10);
///     let mut interval = interval_at(start, Duration::from_secs(10), missed);
///     sleep(Duration::from_secs(35)).await;
///     let mut seconds = vec![];
///     for _ in 0..4 {
///         interval.tick().await;
///         seconds.push((now() - start).as_secs() + 10);
///     }
///     seconds
/// };
/// Executor::with_virtual_time()?.block_on(async {
///     assert_eq!(ticks(MissedTick::Burst).await, [35, 35, 35, 40]);
///     assert_eq!(ticks(MissedTick::Skip).await, [35, 40, 50, 60]);
///     assert_eq!(ticks(MissedTick::Delay).await, [35, 45, 55, 65]);
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn interval_at(start: Instant, period: Duration, missed: MissedTick) -> IntervalAt {
    assert!(!period.is_zero(), "a rhythm needs a period above zero");
    IntervalAt {
        next: Some(start),
        period,
        missed,
    }
}

/// What an interval does about the ticks that it has missed, because its caller was late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissedTick {
    /// Makes up for them at once, one after the other.
    Burst,
    /// Ticks once, at once, and then in the old rhythm.
    Skip,
    /// Ticks once, at once, and begins a new rhythm.
    Delay,
}

/// A rhythm: see [`interval_at`].
#[derive(Debug)]
pub struct IntervalAt {
    /// `None` if it is too far in the future for the clock, so that it never comes.
    next: Option<Instant>,
    period: Duration,
    missed: MissedTick,
}

impl IntervalAt {
    /// Waits for the next tick, and returns when it was due.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses no tick.
    ///
    /// # Panics
    ///
    /// Panics outside of an executor of step 5.
    pub async fn tick(&mut self) -> Instant {
        let Some(due) = self.next else {
            return pending().await;
        };
        sleep_until(due).await;
        let now = now();
        let rest = (now - due).as_nanos() % self.period.as_nanos();
        let from = match self.missed {
            MissedTick::Burst => due,
            // The last time of the rhythm that is not in the future; that is now, if it is not
            // late.
            MissedTick::Skip => now - Duration::from_nanos(rest as u64),
            MissedTick::Delay => now,
        };
        self.next = from.checked_add(self.period);
        due
    }
}
