//! Ticks in a fixed rhythm.

use std::time::{Duration, Instant};

use crate::current::expect_current;
use crate::time::{now, sleep_until};

/// Ticks in a fixed rhythm: now, and then after each period.
///
/// A caller that is late by less than a period gets the tick at once. If it is later than that, the
/// tick is missed, and the caller gets the next one of the rhythm. So there is never a burst of
/// ticks, and the rhythm does not drift.
///
/// # Panics
///
/// Panics outside of an executor, and if the period is zero.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, interval, now, sleep};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let mut interval = interval(Duration::from_secs(10));
///     assert_eq!(interval.tick().await, start);
///     assert_eq!(interval.tick().await, start + Duration::from_secs(10));
///     sleep(Duration::from_secs(25)).await;
///     assert_eq!(interval.tick().await, start + Duration::from_secs(40));
/// });
/// # std::io::Result::Ok(())
/// ```
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    assert!(
        !period.is_zero(),
        "the period of an interval is more than zero"
    );
    let core = expect_current();
    let next = Some(core.clock.now());
    Interval { period, next }
}

/// The ticks made by [`interval`].
#[derive(Debug)]
pub struct Interval {
    period: Duration,
    /// `None` if the clock cannot show it: then it never comes.
    next: Option<Instant>,
}

impl Interval {
    /// Waits for the next tick, and returns when it was due.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no tick is lost.
    pub async fn tick(&mut self) -> Instant {
        let Some(mut due) = self.next else {
            return std::future::pending().await;
        };
        let current = now();
        let late = current.saturating_duration_since(due);
        if late >= self.period {
            // The first tick of the rhythm that is not past. If too many were missed to be counted,
            // the rhythm begins anew.
            let periods = u32::try_from(late.as_nanos().div_ceil(self.period.as_nanos()));
            let missed = periods.ok().and_then(|n| self.period.checked_mul(n));
            due = missed
                .and_then(|missed| due.checked_add(missed))
                .unwrap_or(current);
        }
        // Store it before the wait: if this is dropped, the next call waits for the same tick.
        self.next = Some(due);
        if due > current {
            sleep_until(due).await;
        }
        self.next = due.checked_add(self.period);
        due
    }
}
