//! The timers: 16 bytes and a value each.
//!
//! Step 3 keeps a map beside its heap, and asks it of each timer whether that was cancelled. Here
//! the cancelled keys are in a second heap: once the same key is on top of both, the pair is thrown
//! away. So a timer that fires costs nothing but its place in one heap, and one that is cancelled
//! soon does not even get into it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use crate::timer_key::{NEVER, Timer, TimerKey};
use crate::young_timers::{PLACES, YoungTimers};

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
    young: YoungTimers<T>,
    timers: BinaryHeap<Timer<T>>,
    /// The keys of cancelled timers that are still in the heap. They outnumber those that wait by
    /// [`COMPACT_THRESHOLD`] at most.
    cancelled: BinaryHeap<Reverse<TimerKey>>,
    /// New values for timers in the heap, by sequence number.
    replaced: HashMap<NonZeroU64, T>,
    /// The number of the timer that was added last.
    added: u64,
    /// The key of the timer that was taken last. Keys go up, so a timer with a lower one is gone.
    passed: TimerKey,
}

/// Once the cancelled timers outnumber those that wait by more than this, the heaps are compacted.
const COMPACT_THRESHOLD: usize = 256;

impl<T> TimerHeap<T> {
    /// Makes a heap without timers, for deadlines from `start` on: earlier ones count as `start`.
    pub fn new(start: Instant) -> TimerHeap<T> {
        TimerHeap {
            start,
            young: YoungTimers::new(),
            timers: BinaryHeap::new(),
            cancelled: BinaryHeap::new(),
            replaced: HashMap::new(),
            added: 0,
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
        self.push_at(deadline, value)
    }

    /// Adds a timer, as [`push`](Self::push) does, with its deadline in nanoseconds since the
    /// start.
    #[inline]
    pub(crate) fn push_at(&mut self, deadline: u64, value: T) -> TimerKey {
        let deadline = deadline.max(self.passed.deadline);
        let place = self.young.place().unwrap_or_else(|| {
            self.take_in_young();
            0
        });
        self.added += 1;
        let sequence = NonZeroU64::new(self.added * PLACES + place).expect("one was added");
        let key = TimerKey { deadline, sequence };
        self.young.insert(Timer {
            key: key.copy(),
            value,
        });
        key
    }

    /// Puts the young timers into the heap.
    fn take_in_young(&mut self) {
        self.timers.extend(self.young.drain());
    }

    /// Takes a timer out, wherever it is. Returns whether it was still waiting.
    ///
    /// Its value may be dropped later, when its deadline has come or the heap is compacted.
    #[inline]
    pub fn cancel(&mut self, key: TimerKey) -> bool {
        if self.young.remove(&key).is_some() {
            return true;
        }
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

    /// Returns the deadline of a timer, whether it still waits or not. `None` if it is never due.
    pub fn deadline(&self, key: &TimerKey) -> Option<Instant> {
        let deadline = Some(key.deadline).filter(|deadline| *deadline != NEVER)?;
        self.start.checked_add(Duration::from_nanos(deadline))
    }

    /// Gives a timer another value, in the same place. Returns whether it was still waiting.
    pub fn replace(&mut self, key: &TimerKey, value: T) -> bool {
        if let Some(timer) = self.young.find(key) {
            timer.value = value;
            return true;
        }
        let waits = self.contains(key);
        if waits {
            self.replaced.insert(key.sequence, value);
        }
        waits
    }

    /// Returns when the next timer is due. `None` if none ever will be.
    pub fn next_deadline(&mut self) -> Option<Instant> {
        self.take_in_young();
        self.drop_cancelled();
        self.deadline(&self.timers.peek()?.key)
    }

    /// Returns whether a second timer is due by then. It may be a cancelled one.
    pub(crate) fn has_second_due(&mut self, by: Instant) -> bool {
        self.take_in_young();
        let by = self.nanoseconds(by);
        // In a heap, the second is one of the two below the first.
        let second = self.timers.as_slice().iter().skip(1).take(2);
        second.into_iter().any(|timer| timer.key.deadline <= by)
    }

    /// Takes out the first timer that is due, if there is one: each call takes the next.
    pub fn pop_due(&mut self, now: Instant) -> Option<T> {
        let now = self.nanoseconds(now);
        let is_due = |timer: &&Timer<T>| timer.key.deadline <= now && timer.key.deadline != NEVER;
        // As long as nothing is due, young and cancelled timers may stay where they are.
        if self.young.first() <= now {
            self.take_in_young();
        }
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
        self.take_in_young();
        self.compact();
        self.timers.iter().map(|timer| {
            self.replaced
                .get(&timer.key.sequence)
                .unwrap_or(&timer.value)
        })
    }

    /// Returns how many timers wait, those that are never due included.
    pub fn len(&self) -> usize {
        self.young.len() + self.timers.len() - self.cancelled.len()
    }

    /// Returns whether no timer waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many entries the heap holds: one for each timer that waits, and some for
    /// cancelled ones.
    pub fn entries(&self) -> usize {
        self.young.len() + self.timers.len()
    }

    fn take_replaced(&mut self, key: &TimerKey) -> Option<T> {
        // There are rarely any, and an empty map need not hash the number.
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

    /// Compacts the heaps if cancelled timers are the greater part: as many calls of `cancel` have
    /// paid for it.
    fn compact_if_worthwhile(&mut self) {
        if self.cancelled.len() > self.len() + COMPACT_THRESHOLD {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut timers = std::mem::take(&mut self.timers).into_vec();
        let mut cancelled = std::mem::take(&mut self.cancelled).into_vec();
        // Sort both, so that one look at each key is enough. They are nearly sorted already.
        timers.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        cancelled.sort_unstable_by(|Reverse(one), Reverse(other)| one.cmp(other));
        let mut keys = cancelled.drain(..).peekable();
        timers.retain(|timer| keys.next_if(|Reverse(key)| *key == timer.key).is_none());
        drop(keys);
        self.timers = timers.into();
        // It is empty, but keeps its memory for the next keys.
        self.cancelled = cancelled.into();
    }

    /// Returns the deadline that is a delay after now, in nanoseconds since the start; [`NEVER`] if
    /// that is more than the clock can show.
    #[inline]
    pub(crate) fn deadline_after(&self, now: Instant, delay: Duration) -> u64 {
        self.nanoseconds(now).saturating_add(nanoseconds(delay))
    }

    #[inline]
    pub(crate) fn nanoseconds(&self, deadline: Instant) -> u64 {
        nanoseconds(deadline.saturating_duration_since(self.start))
    }
}

#[inline]
fn nanoseconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::from(duration.subsec_nanos()))
}
