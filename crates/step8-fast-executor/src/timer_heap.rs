//! The timers, in 16 bytes and a value each.
//!
//! The heap of step 3 looks up in a map whether a timer was cancelled. This one has a second heap,
//! of the keys of those that were: when the same key comes to the top of both heaps, the two have
//! met and are gone. So a timer that fires costs nothing but its place in one heap.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

/// Values that each wait for a deadline, by deadline and, if that is equal, in order of arrival.
///
/// Adding, cancelling or taking one costs, on average, time in proportion to the logarithm of their
/// number. Each takes 16 bytes plus its value. Deadlines are exact to the nanosecond.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// use step8_fast_executor::TimerHeap;
///
/// let now = Instant::now();
/// let (soon, later) = (now + Duration::from_secs(1), now + Duration::from_secs(2));
/// let mut heap = TimerHeap::new(now);
/// heap.push(Some(later), "c");
/// heap.push(Some(soon), "a");
/// let cancelled = heap.push(Some(soon), "b");
/// heap.push(None, "never");
///
/// assert!(heap.cancel(cancelled));
/// assert_eq!(heap.next_deadline(), Some(soon));
/// assert_eq!(heap.pop_due(now), None);
/// assert_eq!(heap.pop_due(later), Some("a"));
/// assert_eq!(heap.pop_due(later), Some("c"));
/// assert_eq!(heap.pop_due(later), None);
/// assert_eq!(heap.len(), 1);
/// ```
#[derive(Debug)]
pub struct TimerHeap<T> {
    start: Instant,
    timers: BinaryHeap<Timer<T>>,
    /// The keys of cancelled timers that are still in the heap: at most [`COMPACT_THRESHOLD`] more
    /// than there are timers that wait.
    cancelled: BinaryHeap<Reverse<TimerKey>>,
    /// Other values for timers that are in the heap, by sequence number.
    replaced: HashMap<NonZeroU64, T>,
    /// The next timer's sequence number.
    next: NonZeroU64,
    /// The key of the timer that was taken last. Keys go up, so a timer with a lower one is gone.
    passed: TimerKey,
}

/// What is moved about in the heap; as small as can be, because the cost of a large heap is that of
/// its memory.
#[derive(Debug)]
struct Timer<T> {
    key: TimerKey,
    value: T,
}

/// Names one timer of its [`TimerHeap`]. Keys are in the order of deadlines and, if those are
/// equal, of arrival.
///
/// In another heap it may mean any timer or none, and what that heap does with it is not specified:
/// keep keys apart.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimerKey {
    /// In nanoseconds since the heap's start, or [`NEVER`].
    deadline: u64,
    sequence: NonZeroU64,
}

/// The deadline that never comes: in 584 years.
const NEVER: u64 = u64::MAX;

/// More cancelled timers than that, beyond those that wait, are taken out together.
const COMPACT_THRESHOLD: usize = 256;

impl<T> TimerHeap<T> {
    /// Makes a heap without timers, for deadlines from `start` on: earlier ones count as `start`.
    pub fn new(start: Instant) -> TimerHeap<T> {
        TimerHeap {
            start,
            timers: BinaryHeap::new(),
            cancelled: BinaryHeap::new(),
            replaced: HashMap::new(),
            next: NonZeroU64::MIN.saturating_add(1),
            passed: TimerKey {
                deadline: 0,
                sequence: NonZeroU64::MIN,
            },
        }
    }

    /// Adds a timer. With `None`, or a deadline more than 584 years after the start, it is never
    /// due.
    ///
    /// A deadline before that of the timer taken last is moved up to it: such a timer is due at
    /// once anyway.
    pub fn push(&mut self, deadline: Option<Instant>, value: T) -> TimerKey {
        let deadline = deadline.map_or(NEVER, |deadline| self.nanoseconds(deadline));
        let (deadline, sequence) = (deadline.max(self.passed.deadline), self.next);
        // Counting through 64 bits takes centuries.
        self.next = sequence.saturating_add(1);
        self.timers.push(Timer {
            key: TimerKey { deadline, sequence },
            value,
        });
        TimerKey { deadline, sequence }
    }

    /// Takes a timer out, wherever it is. Returns whether it was still waiting.
    ///
    /// Its value is dropped later, when its deadline has come or the heap is compacted.
    pub fn cancel(&mut self, key: TimerKey) -> bool {
        let waits = self.contains(&key);
        if waits {
            self.take_replaced(&key);
            self.cancelled.push(Reverse(key));
            self.compact_if_worthwhile();
        }
        waits
    }

    /// Returns whether a timer still waits.
    pub fn contains(&self, key: &TimerKey) -> bool {
        *key > self.passed
    }

    /// Returns the deadline of a timer, whether it still waits or not. `None` when it is never due.
    pub fn deadline(&self, key: &TimerKey) -> Option<Instant> {
        let deadline = Some(key.deadline).filter(|deadline| *deadline != NEVER)?;
        self.start.checked_add(Duration::from_nanos(deadline))
    }

    /// Gives a timer another value, in the same place. Returns whether it was still waiting.
    pub fn replace(&mut self, key: &TimerKey, value: T) -> bool {
        let waits = self.contains(key);
        if waits {
            self.replaced.insert(key.sequence, value);
        }
        waits
    }

    /// Returns when the next timer is due. `None` when none ever will be.
    pub fn next_deadline(&mut self) -> Option<Instant> {
        self.drop_cancelled();
        self.deadline(&self.timers.peek()?.key)
    }

    /// Takes out the first timer that is due, if there is one: each call takes the next.
    pub fn pop_due(&mut self, now: Instant) -> Option<T> {
        let now = self.nanoseconds(now);
        let is_due = |timer: &&Timer<T>| timer.key.deadline <= now && timer.key.deadline != NEVER;
        // As long as nothing is due, cancelled timers may stay.
        self.timers.peek().filter(is_due)?;
        self.drop_cancelled();
        self.timers.peek().filter(is_due)?;
        let Timer { key, value } = self.timers.pop()?;
        let replaced = self.take_replaced(&key);
        self.passed = key;
        self.compact_if_worthwhile();
        Some(replaced.unwrap_or(value))
    }

    /// Returns the values of all timers that wait, in no particular order.
    pub fn values(&mut self) -> impl Iterator<Item = &T> {
        self.compact();
        self.timers.iter().map(|timer| {
            self.replaced
                .get(&timer.key.sequence)
                .unwrap_or(&timer.value)
        })
    }

    /// Returns how many timers wait, those that are never due included.
    pub fn len(&self) -> usize {
        self.timers.len() - self.cancelled.len()
    }

    /// Returns whether no timer waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many entries the heap holds: one for each timer that waits, and some for
    /// cancelled ones.
    pub fn entries(&self) -> usize {
        self.timers.len()
    }

    fn take_replaced(&mut self, key: &TimerKey) -> Option<T> {
        // Mostly there are none, so the number need not be hashed.
        if self.replaced.is_empty() {
            None
        } else {
            self.replaced.remove(&key.sequence)
        }
    }

    /// Removes cancelled timers from the top, so that the executor does not wake up for a timer
    /// that is gone.
    fn drop_cancelled(&mut self) {
        while let (Some(Reverse(key)), Some(timer)) = (self.cancelled.peek(), self.timers.peek())
            && *key == timer.key
        {
            self.cancelled.pop();
            self.timers.pop();
        }
    }

    /// Removes all cancelled timers if they are the greater part: their cancellations have paid for
    /// it.
    fn compact_if_worthwhile(&mut self) {
        if self.cancelled.len() > self.len() + COMPACT_THRESHOLD {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut timers = std::mem::take(&mut self.timers).into_vec();
        let mut cancelled = std::mem::take(&mut self.cancelled).into_vec();
        // Both in the same order, so that one look at each key is enough. Mostly they are nearly in
        // order already.
        timers.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        cancelled.sort_unstable_by(|Reverse(one), Reverse(other)| one.cmp(other));
        let mut keys = cancelled.drain(..).peekable();
        timers.retain(|timer| keys.next_if(|Reverse(key)| *key == timer.key).is_none());
        drop(keys);
        self.timers = timers.into();
        // It is empty, but keeps its memory for the next keys.
        self.cancelled = cancelled.into();
    }

    fn nanoseconds(&self, deadline: Instant) -> u64 {
        let since = deadline.saturating_duration_since(self.start);
        since
            .as_secs()
            .saturating_mul(1_000_000_000)
            .saturating_add(u64::from(since.subsec_nanos()))
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
