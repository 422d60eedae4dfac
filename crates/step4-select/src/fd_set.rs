//! What is the set of descriptors that `select(2)` takes, and how is it kept from writing past its end?

use std::fmt;
use std::iter;
use std::num::NonZeroU64;
use std::os::fd::{AsRawFd, BorrowedFd};

/// How many descriptors a set has room for: the numbers from 0 to 1,023.
///
/// The limit is the C library's `fd_set`, an array of this many bits. In C a larger number writes past its end.
pub(crate) const FD_SETSIZE: usize = 1_024;

const WORD_BITS: usize = u64::BITS as usize;

/// A set of descriptors, laid out as C's `fd_set`.
///
/// Linux has an array of 64-bit words, macOS one of 32-bit words. On a little-endian machine, as every Mac is, both are
/// the same bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct FdSet {
    words: [u64; FD_SETSIZE / WORD_BITS],
}

impl FdSet {
    /// Makes an empty set.
    pub(crate) const fn new() -> FdSet {
        FdSet {
            words: [0; FD_SETSIZE / WORD_BITS],
        }
    }

    /// Returns the place of `fd` in a set, which is its number, or `None` when the set ends before it.
    pub(crate) fn place(fd: BorrowedFd<'_>) -> Option<usize> {
        let place = usize::try_from(fd.as_raw_fd()).ok()?;
        (place < FD_SETSIZE).then_some(place)
    }

    /// Adds `place`.
    ///
    /// # Panics
    ///
    /// If the set ends before it.
    pub(crate) fn insert(&mut self, place: usize) {
        self.words[place / WORD_BITS] |= 1 << (place % WORD_BITS);
    }

    /// Takes `place` out, and returns whether it was in.
    pub(crate) fn remove(&mut self, place: usize) -> bool {
        let was_in = self.contains(place);
        if was_in {
            self.words[place / WORD_BITS] &= !(1 << (place % WORD_BITS));
        }
        was_in
    }

    /// Returns whether `place` is in; what lies past the end is not.
    pub(crate) fn contains(&self, place: usize) -> bool {
        let word = self.words.get(place / WORD_BITS).unwrap_or(&0);
        word & 1 << (place % WORD_BITS) != 0
    }

    /// Returns what is in this set, in `other`, or in both.
    pub(crate) fn union(&self, other: &FdSet) -> FdSet {
        let mut union = *self;
        for (word, more) in iter::zip(&mut union.words, other.words) {
            *word |= more;
        }
        union
    }

    /// Returns the set that holds `place` if this one does, and nothing else.
    pub(crate) fn only(&self, place: usize) -> FdSet {
        let mut only = FdSet::new();
        if self.contains(place) {
            only.insert(place);
        }
        only
    }

    /// Returns the number after the highest one in the set, 0 for an empty set.
    pub(crate) fn end(&self) -> usize {
        let last = self.words.iter().rposition(|&word| word != 0);
        last.map_or(0, |at| {
            (at + 1) * WORD_BITS - self.words[at].leading_zeros() as usize
        })
    }

    /// Iterates over what is in the set, in ascending order, a word of 64 at a time.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let without_lowest = |bits: &NonZeroU64| NonZeroU64::new(bits.get() & (bits.get() - 1));
            iter::successors(NonZeroU64::new(word), without_lowest)
                .map(move |bits| at * WORD_BITS + bits.trailing_zeros() as usize)
        })
    }
}

impl fmt::Debug for FdSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_size_of_the_c_type() {
        assert_eq!(size_of::<FdSet>(), 128);
    }

    #[test]
    fn a_set_returns_in_order_what_was_put_in() {
        let mut set = FdSet::new();
        assert_eq!((set.end(), set.iter().count()), (0, 0));
        for place in [1_023, 64, 0, 63, 500] {
            set.insert(place);
        }
        assert_eq!(Vec::from_iter(set.iter()), [0, 63, 64, 500, 1_023]);
        assert_eq!(set.end(), 1_024);
        assert!(set.remove(1_023) && !set.remove(1_023));
        assert_eq!(set.end(), 501);
        assert_eq!(Vec::from_iter(set.only(63).iter()), [63]);
        assert_eq!(set.only(62), FdSet::new());
    }

    #[test]
    fn nothing_past_the_end_of_a_set_is_in_it() {
        let mut set = FdSet::new();
        set.insert(0);
        assert!(!set.contains(FD_SETSIZE) && !set.remove(FD_SETSIZE));
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn inserting_past_the_end_of_a_set_panics_instead_of_writing_there() {
        FdSet::new().insert(FD_SETSIZE);
    }
}
