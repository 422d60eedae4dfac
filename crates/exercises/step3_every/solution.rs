// Hint: remember when the next beat is due, and sleep for what is left until then.

use std::time::Duration;

use step3_sleeping_heap::{Clock, Co};

/// Calls `work` `times` times: first at once, and then at each multiple of `period` after that
/// start.
///
/// A beat that is late begins as soon as it can. It does not move the beats after it.
async fn every(
    co: &Co,
    clock: &Clock,
    period: Duration,
    times: u32,
    mut work: impl AsyncFnMut(u32),
) {
    let mut next = clock.now();
    for beat in 0..times {
        work(beat).await;
        next += period;
        co.sleep(next.saturating_duration_since(clock.now())).await;
    }
}
