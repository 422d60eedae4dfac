//! Which numbers look random, and are the same in each run?
#![allow(dead_code, reason = "each program and each test uses a part of it")]

use std::time::Duration;

/// A generator of numbers that depend only on its seed: splitmix64, by Steele, Lea and Flood (2014).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Gives a time from zero up to, but below, `span`.
    pub(crate) fn time_below(&mut self, span: Duration) -> Duration {
        // The upper half of a product is below the other factor.
        let nanoseconds = (span.as_nanos() * u128::from(self.next())) >> 64;
        Duration::from_nanos(
            u64::try_from(nanoseconds).expect("no program's span is centuries long"),
        )
    }
}
