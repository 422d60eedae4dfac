// Exercise: a timer that was cancelled wakes no task, and does not stay.
//
// Here `pop_due` skips cancelled timers, which is good. But `next_deadline` does not, so the
// scheduler wakes up at the deadline of a timer that is gone. And until then that timer takes up
// room. Programs set a time limit for each request, and nearly always cancel it, so it is a lot of
// room.
//
// Let `next_deadline` return only that of a timer that still waits, and let the heap never have
// more than 100 entries beyond twice the number of timers that wait.

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
    }

    /// Returns when the next timer is due; `None` if there are no timers.
    fn next_deadline(&mut self) -> Option<u64> {
        let Reverse((deadline, _)) = self.heap.peek()?;
        Some(*deadline)
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
