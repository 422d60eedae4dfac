// Exercise: a metronome that does not drift.
//
// The work takes its time, and *then* this sleeps for a whole period. So each beat is a little
// later than it should be. Let it sleep until the next beat instead.

use std::time::Duration;

use step3_sleeping_heap::{Clock, Co};

/// Calls `work` `times` times: first at once, and then at each multiple of `period` after that
/// start.
///
/// A beat that is late begins as soon as it can. It does not move the beats after it.
async fn every(
    co: &Co,
    _clock: &Clock,
    period: Duration,
    times: u32,
    mut work: impl AsyncFnMut(u32),
) {
    for beat in 0..times {
        work(beat).await;
        co.sleep(period).await;
    }
}
