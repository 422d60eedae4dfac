//! A timer, and the key that names it.

use std::cmp::Ordering;
use std::num::NonZeroU64;

/// What a heap moves about. It is as small as can be, because a large heap costs what its memory
/// costs.
#[derive(Debug)]
pub(crate) struct Timer<T> {
    pub(crate) key: TimerKey,
    pub(crate) value: T,
}

/// Names one timer of its [`TimerHeap`](crate::TimerHeap). Keys are in the order of deadlines and,
/// if those are equal, of arrival.
///
/// In another heap it may mean any timer or none, and what that heap does with it is not specified:
/// do not mix them up.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerKey {
    /// In nanoseconds since the heap's start, or [`NEVER`].
    pub(crate) deadline: u64,
    /// Counts the timers, in steps of [`PLACES`](crate::young_timers::PLACES). The lower bits are
    /// the timer's place among the young.
    pub(crate) sequence: NonZeroU64,
}

/// The deadline that never comes: in 584 years.
pub(crate) const NEVER: u64 = u64::MAX;

impl TimerKey {
    /// Returns another instance, which only the heap may have.
    pub(crate) fn copy(&self) -> TimerKey {
        TimerKey { ..*self }
    }
}

// `BinaryHeap` has its greatest element on top, so the earlier timer is the greater.
impl<T> Ord for Timer<T> {
    fn cmp(&self, other: &Timer<T>) -> Ordering {
        other.key.cmp(&self.key)
    }
}

impl<T> PartialOrd for Timer<T> {
    fn partial_cmp(&self, other: &Timer<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Timer<T> {
    fn eq(&self, other: &Timer<T>) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Timer<T> {}
