//! Whose deadline is next?
//!
//! A binary heap, as in the tutorial, with the one thing that the tutorial's lacks: a timer can be cancelled. It
//! cannot be taken out from the middle of a `BinaryHeap`, so its entry stays behind and means nobody, until it comes
//! to the top or such entries are the greater part of the heap.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

/// Values that each wait for a deadline, by deadline and, if that is equal, in order of arrival.
///
/// To add, cancel or take one costs, on average, time in proportion to the logarithm of their number. Each has an entry
/// of 24 bytes, and a slot with its value. Deadlines are exact to the nanosecond.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// use step3_sleeping_heap::TimerHeap;
///
/// let now = Instant::now();
/// let (soon, later) = (now + Duration::from_secs(1), now + Duration::from_secs(2));
/// let mut heap = TimerHeap::new(now);
/// heap.push(Some(later), "c");
/// heap.push(Some(soon), "a");
/// let cancelled = heap.push(Some(soon), "b");
/// heap.push(None, "never");
///
/// assert_eq!(heap.cancel(cancelled), Some("b"));
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
    /// An entry for each timer that waits, and some for timers that are cancelled.
    heap: BinaryHeap<Entry>,
    slots: Vec<Slot<T>>,
    /// The slots without a value.
    free: Vec<u32>,
    /// How many timers there ever were: the next one's sequence number.
    pushed: u64,
}

/// What is moved about in the heap; as small as can be, since the cost of a large heap is that of its memory.
#[derive(Debug)]
struct Entry {
    /// In nanoseconds since the heap's start, or [`NEVER`].
    deadline: u64,
    sequence: u64,
    slot: u32,
}

#[derive(Debug)]
struct Slot<T> {
    /// Tells the timer that has the slot now from those that had it before.
    sequence: u64,
    value: Option<T>,
}

/// Names a timer in its [`TimerHeap`], and none that comes later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerKey {
    sequence: u64,
    slot: u32,
}

/// The deadline that does not come: in 584 years, should anybody wait.
const NEVER: u64 = u64::MAX;

/// How many entries of cancelled timers are too few to mind.
const FEW: usize = 64;

impl<T> TimerHeap<T> {
    /// Makes a heap without timers, for deadlines from `start` on: earlier ones count as `start`.
    pub fn new(start: Instant) -> TimerHeap<T> {
        TimerHeap { start, heap: BinaryHeap::new(), slots: Vec::new(), free: Vec::new(), pushed: 0 }
    }

    /// Adds a timer. With `None`, or a deadline more than 584 years after the start, it is never due.
    ///
    /// # Panics
    ///
    /// When there are more than 4,294,967,296 timers.
    pub fn push(&mut self, deadline: Option<Instant>, value: T) -> TimerKey {
        let sequence = self.pushed;
        self.pushed += 1;
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { sequence, value: None });
            u32::try_from(self.slots.len() - 1).expect("there is room for 4,294,967,296 timers at once")
        });
        self.slots[slot as usize] = Slot { sequence, value: Some(value) };
        let deadline = deadline.map_or(NEVER, |deadline| self.nanoseconds(deadline));
        self.heap.push(Entry { deadline, sequence, slot });
        TimerKey { sequence, slot }
    }

    /// Takes a timer out, wherever it is. `None` when it is gone already.
    pub fn cancel(&mut self, key: TimerKey) -> Option<T> {
        self.value(key)?;
        self.take(key.slot)
    }

    /// Returns whether a timer still waits.
    pub fn contains(&self, key: TimerKey) -> bool {
        let slot = self.slots.get(key.slot as usize);
        slot.is_some_and(|slot| slot.sequence == key.sequence && slot.value.is_some())
    }

    /// Gives a timer another value, in the same place, and returns the old one. `None` when it is gone already.
    pub fn replace(&mut self, key: TimerKey, value: T) -> Option<T> {
        self.value(key).map(|old| std::mem::replace(old, value))
    }

    /// Returns when the next timer is due. `None` when none ever will be.
    pub fn next_deadline(&mut self) -> Option<Instant> {
        self.drop_cancelled();
        let next = self.heap.peek().filter(|entry| entry.deadline != NEVER)?;
        self.start.checked_add(Duration::from_nanos(next.deadline))
    }

    /// Takes out the first timer that is due, if there is one: each call takes the next.
    pub fn pop_due(&mut self, now: Instant) -> Option<T> {
        self.drop_cancelled();
        let now = self.nanoseconds(now);
        let next = self.heap.peek().filter(|entry| entry.deadline <= now && entry.deadline != NEVER)?;
        let slot = next.slot;
        self.heap.pop();
        self.take(slot)
    }

    /// Ends all timers, and gives their values in no particular order.
    pub fn into_values(self) -> impl Iterator<Item = T> {
        self.slots.into_iter().filter_map(|slot| slot.value)
    }

    /// Returns how many timers wait, those that are never due included.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Returns whether no timer waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many entries the heap holds: one for each timer, and some for timers that are cancelled.
    pub fn entries(&self) -> usize {
        self.heap.len()
    }

    /// Removes entries of cancelled timers from the top, so that nobody wakes up for a timer that is gone.
    fn drop_cancelled(&mut self) {
        while self.heap.peek().is_some_and(|entry| !is_live(&self.slots, entry)) {
            self.heap.pop();
        }
    }

    /// Finds the value of a timer. `None` when it is gone.
    fn value(&mut self, key: TimerKey) -> Option<&mut T> {
        let slot = self.slots.get_mut(key.slot as usize)?;
        if slot.sequence == key.sequence { slot.value.as_mut() } else { None }
    }

    /// Empties a slot that has a value, and rebuilds the heap if most of its entries are of cancelled timers now.
    fn take(&mut self, slot: u32) -> Option<T> {
        self.free.push(slot);
        let value = self.slots[slot as usize].value.take();
        // Each rebuild is paid for by the cancellations before it.
        if self.heap.len() > 2 * self.len() + FEW {
            let slots = &self.slots;
            self.heap.retain(|entry| is_live(slots, entry));
        }
        value
    }

    fn nanoseconds(&self, deadline: Instant) -> u64 {
        let since = deadline.saturating_duration_since(self.start);
        since.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(since.subsec_nanos()))
    }
}

fn is_live<T>(slots: &[Slot<T>], entry: &Entry) -> bool {
    let slot = &slots[entry.slot as usize];
    slot.sequence == entry.sequence && slot.value.is_some()
}

// `BinaryHeap` has its greatest entry on top, so the earlier one is the greater.
impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> Ordering {
        (other.deadline, other.sequence).cmp(&(self.deadline, self.sequence))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}
