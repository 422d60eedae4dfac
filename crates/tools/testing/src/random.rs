//! Random numbers that are the same each time. How many a test takes is in the environment: without
//! that, it is a short test.

use std::env;

/// SplitMix64, of Steele, Lea and Flood.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Makes a sequence, the same one for the same seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// Returns a number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// Returns the number in a variable of the environment, or `usual` if it is not set.
///
/// # Panics
///
/// Panics if the variable is not a number.
pub fn number(name: &str, usual: u64) -> u64 {
    env::var(name).map_or(usual, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not {text:?}"))
    })
}
