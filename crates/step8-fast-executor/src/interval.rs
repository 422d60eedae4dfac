//! Ticks in a fixed rhythm.

use std::time::{Duration, Instant};

use crate::entered::{self, expect_entered};
use crate::time::{now, sleep_until};

/// Ticks in a fixed rhythm: now, and then after each period.
///
/// A caller that is late by less than a period gets its tick at once. One that is later has missed
/// it, and waits for the next tick of the rhythm. So there is never a burst of ticks, and the
/// rhythm does not drift.
///
/// # Panics
///
/// Panics outside of an executor, and if the period is zero.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step8_fast_executor::{Executor, interval, now, sleep};
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
pub fn interval(period: Duration) -> Interval {
    assert!(
        !period.is_zero(),
        "the period of an interval is more than zero"
    );
    Interval {
        period,
        next: Some(
            expect_entered(entered::entered(), "an interval")
                .clock
                .now(),
        ),
    }
}

/// A fixed rhythm, returned by [`interval`].
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
    /// Dropping it loses no tick.
    pub async fn tick(&mut self) -> Instant {
        let Some(mut due) = self.next else {
            return std::future::pending().await;
        };
        let current = now();
        let late = current.saturating_duration_since(due);
        if late >= self.period {
            // The first tick that is not past. If more periods were missed than can be counted, the
            // rhythm begins anew.
            let periods = u32::try_from(late.as_nanos().div_ceil(self.period.as_nanos()));
            let missed = periods.ok().and_then(|n| self.period.checked_mul(n));
            due = missed
                .and_then(|missed| due.checked_add(missed))
                .unwrap_or(current);
        }
        // If this is dropped while it waits, the next call continues with this tick and not with
        // the one before.
        self.next = Some(due);
        if due > current {
            sleep_until(due).await;
        }
        self.next = due.checked_add(self.period);
        due
    }
}
