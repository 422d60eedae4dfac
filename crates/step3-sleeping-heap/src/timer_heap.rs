//! A binary heap, which knows the next deadline, and whose timers can be cancelled.
//!
//! Nothing can be taken out of the middle of a heap. So the heap has keys only, and a map from key
//! to value says which of them still count. A cancelled timer leaves the map at once, and its key
//! is skipped when it comes to the top.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Instant;

/// Values with deadlines: the first deadline comes out first, and equal ones in order of arrival.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// use step3_sleeping_heap::TimerHeap;
///
/// let now = Instant::now();
/// let (soon, later) = (now + Duration::from_secs(1), now + Duration::from_secs(2));
/// let mut heap = TimerHeap::new();
/// heap.push(later, "c");
/// heap.push(soon, "a");
/// let cancelled = heap.push(soon, "b");
///
/// assert_eq!(heap.cancel(cancelled), Some("b"));
/// assert_eq!(heap.next_deadline(), Some(soon));
/// assert_eq!(heap.pop_due(now), None);
/// assert_eq!(heap.pop_due(later), Some("a"));
/// assert_eq!(heap.pop_due(later), Some("c"));
/// assert!(heap.is_empty());
/// ```
#[derive(Debug)]
pub struct TimerHeap<T> {
    /// The earliest deadline is on top. `Reverse`, because a `BinaryHeap` has the greatest there.
    deadlines: BinaryHeap<Reverse<(Instant, TimerKey)>>,
    /// The timers that still wait.
    values: BTreeMap<TimerKey, T>,
    pushed: u64,
}

/// A timer of its [`TimerHeap`]. It is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerKey(u64);

impl<T> TimerHeap<T> {
    /// Makes a heap without timers.
    pub fn new() -> TimerHeap<T> {
        TimerHeap {
            deadlines: BinaryHeap::new(),
            values: BTreeMap::new(),
            pushed: 0,
        }
    }

    /// Adds a timer.
    pub fn push(&mut self, deadline: Instant, value: T) -> TimerKey {
        let key = TimerKey(self.pushed);
        self.pushed += 1;
        self.deadlines.push(Reverse((deadline, key)));
        self.values.insert(key, value);
        key
    }

    /// Takes a timer out, and returns its value; `None` if it is gone already.
    pub fn cancel(&mut self, key: TimerKey) -> Option<T> {
        let value = self.values.remove(&key);
        // Before each sweep, at least half as many timers were cancelled as it looks at, so they
        // pay for it.
        if self.deadlines.len() > 2 * self.values.len() + 64 {
            let is_waiting =
                |Reverse((_, key)): &Reverse<(Instant, TimerKey)>| self.values.contains_key(key);
            self.deadlines.retain(is_waiting);
        }
        value
    }

    /// Returns the value of a timer; `None` if it is gone.
    pub fn get_mut(&mut self, key: TimerKey) -> Option<&mut T> {
        self.values.get_mut(&key)
    }

    /// Returns the first deadline; `None` if there are no timers.
    pub fn next_deadline(&mut self) -> Option<Instant> {
        while let Some(Reverse((deadline, key))) = self.deadlines.peek() {
            if self.values.contains_key(key) {
                return Some(*deadline);
            }
            self.deadlines.pop();
        }
        None
    }

    /// Takes out the first timer if it is due, and returns its value.
    pub fn pop_due(&mut self, now: Instant) -> Option<T> {
        while let Some(&Reverse((deadline, key))) = self.deadlines.peek()
            && deadline <= now
        {
            self.deadlines.pop();
            if let Some(value) = self.values.remove(&key) {
                return Some(value);
            }
        }
        None
    }

    /// Returns whether there are no timers.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Classic bug: Cancelled timers stay in the heap
    #[test]
    fn many_cancelled_timers_leave_a_small_heap() {
        let now = Instant::now();
        let mut heap = TimerHeap::new();
        let lasting = heap.push(now + Duration::from_secs(1), 0);
        for i in 1..=100_000 {
            let key = heap.push(now + Duration::from_secs(30), i);
            assert_eq!(heap.cancel(key), Some(i));
            assert!(heap.deadlines.len() <= 100, "{}", heap.deadlines.len());
        }
        assert_eq!(heap.cancel(lasting), Some(0));
        assert!(heap.is_empty());
    }

    /// Promise (resources): Cancelled timers do not pile up.
    #[test]
    fn cancelled_timers_never_outnumber_the_others() {
        let now = Instant::now();
        let mut heap = TimerHeap::new();
        let keys: Vec<_> = (0..10_000).map(|i| heap.push(now, i)).collect();
        for key in keys {
            heap.cancel(key);
            assert!(heap.deadlines.len() <= 2 * heap.values.len() + 64);
        }
    }

    #[test]
    fn a_few_cancelled_among_many_cost_no_sweep() {
        let now = Instant::now();
        let mut heap = TimerHeap::new();
        let keys: Vec<_> = (0..10_000).map(|i| heap.push(now, i)).collect();
        for key in &keys[..4_000] {
            heap.cancel(*key);
        }
        assert_eq!((heap.values.len(), heap.deadlines.len()), (6_000, 10_000));
    }
}
