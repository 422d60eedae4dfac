// Hint: drop a cancelled timer when it comes to the top, and all of them at once when they are more
// than half of the heap. Then as many cancellations pay for each sweep.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

/// Timers by deadline. A timer is known by its key, which is never used again.
#[derive(Default)]
struct Timers {
    heap: BinaryHeap<Reverse<(u64, u64)>>,
    /// The keys of cancelled timers that are still in the heap.
    cancelled: HashSet<u64>,
    next_key: u64,
}

impl Timers {
    /// Adds a timer, and returns its key.
    fn push(&mut self, deadline: u64) -> u64 {
        let key = self.next_key;
        self.next_key += 1;
        self.heap.push(Reverse((deadline, key)));
        key
    }

    /// Takes out a timer that waits.
    fn cancel(&mut self, key: u64) {
        self.cancelled.insert(key);
        if self.cancelled.len() > self.heap.len() / 2 {
            let cancelled = std::mem::take(&mut self.cancelled);
            let is_waiting = |Reverse((_, key)): &Reverse<(u64, u64)>| !cancelled.contains(key);
            self.heap.retain(is_waiting);
        }
    }

    /// Returns when the next timer is due; `None` if there are no timers.
    fn next_deadline(&mut self) -> Option<u64> {
        while let Some(&Reverse((deadline, key))) = self.heap.peek() {
            if !self.cancelled.remove(&key) {
                return Some(deadline);
            }
            self.heap.pop();
        }
        None
    }

    /// Takes out the first timer that is due, and returns its key.
    fn pop_due(&mut self, now: u64) -> Option<u64> {
        while let Some(&Reverse((deadline, key))) = self.heap.peek()
            && deadline <= now
        {
            self.heap.pop();
            if !self.cancelled.remove(&key) {
                return Some(key);
            }
        }
        None
    }

    /// Returns how many entries the heap has.
    fn entries(&self) -> usize {
        self.heap.len()
    }
}
