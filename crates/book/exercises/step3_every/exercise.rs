//! Exercise: a metronome that does not drift.
//!
//! The work takes its time, and then this sleeps for a whole period. So with each beat it is a little later. Let it sleep
//! until the next beat.

use std::time::Duration;

use step3_sleeping_heap::{Clock, Co, Sleep};

/// Does `work` as many `times`: at once, and then each time that another `period` is over.
///
/// When work takes longer than a period, the next begins at once. Those after it are where they would have been.
pub(crate) async fn every(co: &Co, _clock: &Clock, period: Duration, times: u32, mut work: impl AsyncFnMut(u32)) {
    for beat in 0..times {
        work(beat).await;
        co.yield_(Sleep(period)).await;
    }
}

#[path = "test.rs"]
pub(crate) mod test;
