//! The queue of the tasks that are ready: a ring.
#![allow(
    unsafe_code,
    reason = "the compiler is told that a place is inside of the ring"
)]

use std::hint;

/// The slots of the tasks that are ready, first in, first out.
///
/// A slot is in it at most once, so the ring is as large as the table of slots, and never full. Its
/// size is a power of two: the place of an entry is its number, less the upper bits.
#[derive(Debug)]
pub(crate) struct ReadyRing {
    slots: Box<[u32]>,
    /// How many entries there ever were, and how many of them were taken. Both wrap around.
    pushed: u32,
    popped: u32,
    /// The first entry of the next round.
    round_end: u32,
}

impl ReadyRing {
    /// Makes a ring for one slot.
    pub(crate) fn new() -> ReadyRing {
        ReadyRing {
            slots: Box::new([0]),
            pushed: 0,
            popped: 0,
            round_end: 0,
        }
    }

    /// Makes room for this many entries.
    #[inline]
    pub(crate) fn reserve(&mut self, slots: usize) {
        if slots > self.slots.len() {
            self.grow(slots);
        }
    }

    #[cold]
    fn grow(&mut self, slots: usize) {
        let mut larger = vec![0; slots.next_power_of_two()].into_boxed_slice();
        let mut entry = self.popped;
        while entry != self.pushed {
            larger[entry as usize & (larger.len() - 1)] = self.slots[self.place(entry)];
            entry = entry.wrapping_add(1);
        }
        self.slots = larger;
    }

    #[inline]
    fn place(&self, entry: u32) -> usize {
        let place = entry as usize & (self.slots.len() - 1);
        // SAFETY: `new` and `grow` make the length a power of two, so `place` has only those bits
        // of `entry` that are below it.
        unsafe { hint::assert_unchecked(place < self.slots.len()) };
        place
    }

    /// Adds a slot at the back. There is room for it: see [`reserve`](Self::reserve).
    #[inline]
    pub(crate) fn push(&mut self, slot: u32) {
        let place = self.place(self.pushed);
        self.slots[place] = slot;
        self.pushed = self.pushed.wrapping_add(1);
    }

    /// Takes the slot in front. `None` if the round is over.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<u32> {
        if self.popped == self.round_end {
            return None;
        }
        let slot = self.slots[self.place(self.popped)];
        self.popped = self.popped.wrapping_add(1);
        Some(slot)
    }

    /// Begins a round, of the entries that are here now.
    #[inline]
    pub(crate) fn begin_round(&mut self) {
        self.round_end = self.pushed;
    }

    /// Returns how many entries there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.pushed.wrapping_sub(self.popped) as usize
    }

    /// Keeps the entries for which `is_kept` holds, between two rounds.
    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(u32) -> bool) {
        for _ in 0..self.len() {
            let slot = self.slots[self.place(self.popped)];
            self.popped = self.popped.wrapping_add(1);
            if is_kept(slot) {
                self.push(slot);
            }
        }
        self.begin_round();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pop_all(ring: &mut ReadyRing) -> Vec<u32> {
        ring.begin_round();
        std::iter::from_fn(|| ring.pop()).collect()
    }

    #[test]
    fn first_in_first_out_while_it_grows() {
        let mut ring = ReadyRing::new();
        let mut expected = std::collections::VecDeque::new();
        for slot in 0..1_000 {
            ring.reserve(slot as usize + 1);
            ring.push(slot);
            expected.push_back(slot);
            if slot % 3 == 0 {
                ring.begin_round();
                assert_eq!(ring.pop(), expected.pop_front());
            }
        }
        assert_eq!(ring.len(), expected.len());
        assert_eq!(pop_all(&mut ring), Vec::from(expected));
    }

    #[test]
    fn a_round_ends_before_what_was_pushed_in_it() {
        let mut ring = ReadyRing::new();
        ring.reserve(4);
        ring.push(1);
        ring.begin_round();
        ring.push(2);
        assert_eq!((ring.pop(), ring.pop(), ring.len()), (Some(1), None, 1));
        assert_eq!(pop_all(&mut ring), [2]);
    }

    #[test]
    fn numbers_come_round() {
        let mut ring = ReadyRing::new();
        ring.reserve(4);
        let last = u32::MAX - 1;
        (ring.pushed, ring.popped, ring.round_end) = (last, last, last);
        (0..4).for_each(|slot| ring.push(slot));
        assert_eq!(ring.len(), 4);
        assert_eq!(pop_all(&mut ring), [0, 1, 2, 3]);
    }

    #[test]
    fn what_is_retained_keeps_its_order() {
        let mut ring = ReadyRing::new();
        ring.reserve(100);
        (0..100).for_each(|slot| ring.push(slot));
        ring.retain(|slot| slot % 10 == 3);
        assert_eq!(ring.len(), 10);
        assert_eq!(
            pop_all(&mut ring),
            (0..10).map(|i| 10 * i + 3).collect::<Vec<_>>()
        );
    }
}
