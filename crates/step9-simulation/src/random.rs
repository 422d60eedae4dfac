//! The only source of chance: a generator that gives the same numbers for the same seed.

/// SplitMix64: a counter, and a function that mixes its bits.
///
/// It is the generator of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators"
/// (OOPSLA 2014), with the constants that Java's `SplittableRandom` has too. It works on whole
/// numbers alone, so it is the same on every machine. It is not for secrets.
///
/// # Examples
///
/// ```
/// use step9_simulation::Random;
///
/// let (mut a, mut b) = (Random::new(7), Random::new(7));
/// assert_eq!(a.next(), b.next());
/// assert!(a.below(6) < 6);
/// ```
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Makes a generator: the same one for the same seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// Returns the next number, any of 2^64.
    #[expect(
        clippy::should_implement_trait,
        reason = "it is endless, and not an iterator"
    )]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `bound`; zero if that is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The upper half of the product. All results are equally likely, but for one part in 2^64 /
        // bound.
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// Makes a generator for one part of a whole, such as one host of a network.
    ///
    /// It depends on the seed and the key alone: what the other parts draw does not change it.
    pub fn split(&self, key: u64) -> Random {
        Random(Random(self.0 ^ key).next())
    }
}
