//! Numbers that look random, and are the same in each run.

use std::time::Duration;

/// SplitMix64, of Steele, Lea and Flood: numbers that depend only on their seed.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a time from zero up to, but below, `span`.
    pub(crate) fn time_below(&mut self, span: Duration) -> Duration {
        // The upper half of a product is below the other factor.
        let nanoseconds = (span.as_nanos() * u128::from(self.next())) >> 64;
        let nanoseconds = u64::try_from(nanoseconds);
        Duration::from_nanos(nanoseconds.expect("no span here is centuries long"))
    }
}
