//! Does memory stay flat when one task after the other comes and goes?

use std::time::Instant;

use step8_fast_executor::{block_on, spawn, yield_now};

use super::Figures;
use super::memory;

/// Spawns tasks, a few at a time, and joins one half and detaches the other.
pub(crate) fn in_a_row(count: u64) -> Figures {
    let start = Instant::now();
    let (early, late, sum) = block_on(async {
        let (mut early, mut sum) = (None, 0);
        for number in 0..count.div_ceil(2) {
            drop(spawn(yield_now()));
            sum += spawn(async move { number % 2 })
                .await
                .expect("it does nothing");
            if number == count / 20 {
                early = memory::in_use();
            }
        }
        (early, memory::in_use(), sum)
    });
    let mut figures = vec![
        (sum, "is the sum of what was returned"),
        (start.elapsed().as_nanos() as u64 / count, "ns each"),
        (start.elapsed().as_millis() as u64, "ms in all"),
    ];
    if let (Some(early), Some(late)) = (early, late) {
        figures.push((early, "KiB of memory after a tenth"));
        figures.push((late, "KiB of memory at the end"));
    }
    figures
}
