//! A solution: it knows when the next beat is, and sleeps for what is left until then.

use std::time::Duration;

use step3_sleeping_heap::{Clock, Co, Sleep};

/// Does `work` as many `times`: at once, and then each time that another `period` is over.
///
/// When work takes longer than a period, the next begins at once. Those after it are where they would have been.
pub(crate) async fn every(co: &Co, clock: &Clock, period: Duration, times: u32, mut work: impl AsyncFnMut(u32)) {
    let mut next = clock.now();
    for beat in 0..times {
        work(beat).await;
        next += period;
        co.yield_(Sleep(next.saturating_duration_since(clock.now()))).await;
    }
}

#[path = "test.rs"]
pub(crate) mod test;
