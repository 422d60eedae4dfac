//! One task after the other, which come and go.

use std::time::Instant;

use step8_fast_executor::{block_on, spawn, yield_now};

use crate::loads::Figures;

/// Spawns tasks, a few at a time, and joins one half and detaches the other.
pub(crate) fn in_a_row(count: u64) -> Figures {
    let start = Instant::now();
    let sum = block_on(async {
        let mut sum = 0;
        for number in 0..count.div_ceil(2) {
            drop(spawn(yield_now()));
            sum += spawn(async move { number % 2 })
                .await
                .expect("it does nothing");
        }
        sum
    });
    vec![
        (sum, "is the sum of what was returned"),
        (start.elapsed().as_nanos() as u64 / count, "ns each"),
        (start.elapsed().as_millis() as u64, "ms in all"),
    ]
}
