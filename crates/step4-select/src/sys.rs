//! How does Rust call a C function that it has no crate for? It declares the function and its types by hand, and wraps
//! them so that no caller can break what the C side relies on.

#![allow(unsafe_code, reason = "select(2) is a C function, and this file is where the crate calls C")]

use std::{
    ffi::c_int,
    fmt, io, iter,
    num::NonZeroU64,
    os::fd::{AsRawFd, BorrowedFd},
    ptr,
    time::Duration,
};

#[cfg(not(target_pointer_width = "64"))]
compile_error!("step4-select runs on 64-bit systems only: its C declarations are written for them");

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
        FdSet { words: [0; FD_SETSIZE / WORD_BITS] }
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
    fn end(&self) -> usize {
        let last = self.words.iter().rposition(|&word| word != 0);
        last.map_or(0, |at| (at + 1) * WORD_BITS - self.words[at].leading_zeros() as usize)
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

#[cfg(target_os = "linux")]
type Microseconds = i64;
#[cfg(target_os = "macos")]
type Microseconds = i32;

/// C's `struct timeval`.
#[derive(Debug, PartialEq, Eq)]
#[repr(C)]
struct Timeval {
    seconds: i64,
    microseconds: Microseconds,
}

impl Timeval {
    /// Converts `timeout`, rounded up, so that no wait ends early and a short rest is no busy loop of zero timeouts.
    ///
    /// More than a day becomes a day, since macOS refuses more than 100,000,000 seconds.
    fn at_least(timeout: Duration) -> Timeval {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let microseconds = timeout.min(DAY).as_nanos().div_ceil(1_000);
        Timeval { seconds: (microseconds / 1_000_000) as i64, microseconds: (microseconds % 1_000_000) as Microseconds }
    }
}

mod c {
    use super::{FdSet, Timeval};
    use std::ffi::c_int;

    unsafe extern "C" {
        // On Intel Macs the plain name is the variant from before macOS 10.5.
        #[cfg_attr(all(target_os = "macos", target_arch = "x86_64"), link_name = "select$1050")]
        pub(super) fn select(
            nfds: c_int,
            read: *mut FdSet,
            write: *mut FdSet,
            except: *mut FdSet,
            timeout: *mut Timeval,
        ) -> c_int;
    }
}

/// Waits until a descriptor in `read` is readable or one in `write` is writable, and leaves only the ready ones in the
/// sets.
///
/// Returns how many are ready, 0 when `timeout` was over first. `None` waits without end. One call waits for a day at
/// most: who needs more calls again.
///
/// # Errors
///
/// `Interrupted` after a signal, and [`is_bad_descriptor`] when a set holds a number that is not open. The sets are
/// then of no use.
pub(crate) fn select(read: &mut FdSet, write: &mut FdSet, timeout: Option<Duration>) -> io::Result<usize> {
    let nfds = read.end().max(write.end()) as c_int;
    // Made anew for each call, because Linux writes the time that was left into it.
    let mut timeval = timeout.map(Timeval::at_least);
    let timeval = timeval.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
    // SAFETY: the declaration matches the C prototype. Both sets are exclusively borrowed for the call and have the
    // layout of `fd_set`. The call touches the words up to bit `nfds`, which is 1,024 at most, so it stays inside of
    // them. The third set may be null. The timeout is null or a `timeval` of this frame, and the call keeps no pointer.
    // A number in a set that is not open is an error, not undefined behaviour.
    let ready = unsafe { c::select(nfds, read, write, ptr::null_mut(), timeval) };
    usize::try_from(ready).map_err(|_| io::Error::last_os_error())
}

/// Returns whether `error` says that a number is not an open descriptor (`EBADF`).
pub(crate) fn is_bad_descriptor(error: &io::Error) -> bool {
    const EBADF: i32 = 9;
    error.raw_os_error() == Some(EBADF)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn timeval(seconds: i64, microseconds: Microseconds) -> Timeval {
        Timeval { seconds, microseconds }
    }

    #[test]
    fn a_timeout_is_rounded_up_to_whole_microseconds() {
        let converted = |nanos| Timeval::at_least(Duration::from_nanos(nanos));
        assert_eq!(converted(0), timeval(0, 0));
        assert_eq!(converted(1), timeval(0, 1));
        assert_eq!(converted(1_000), timeval(0, 1));
        assert_eq!(converted(10_900_001), timeval(0, 10_901));
        assert_eq!(converted(2_999_999_001), timeval(3, 0));
    }

    #[test]
    fn a_timeout_past_what_macos_takes_is_cut_to_a_day() {
        assert_eq!(Timeval::at_least(Duration::MAX), timeval(86_400, 0));
    }

    #[test]
    fn a_set_has_the_size_of_the_c_type() {
        assert_eq!(size_of::<FdSet>(), 128);
        assert_eq!(size_of::<Timeval>(), 16);
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
