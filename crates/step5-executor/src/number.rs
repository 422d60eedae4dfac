//! How is a task named in 64 bits?

/// Which task of which executor: 16 bits for the executor, 24 for its place in the table, 24 for the generation there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TaskNumber(u64);

impl TaskNumber {
    /// The bits of a place in the table.
    pub(crate) const SLOT_BITS: u32 = 24;
    const GENERATION_BITS: u32 = 24;

    /// Makes a number. Only the lowest bits of `generation` go into it.
    pub(crate) fn new(executor: u16, slot: u32, generation: u64) -> TaskNumber {
        debug_assert!(slot < 1 << Self::SLOT_BITS);
        let generation = generation & ((1 << Self::GENERATION_BITS) - 1);
        let place = u64::from(executor) << Self::SLOT_BITS | u64::from(slot);
        TaskNumber(place << Self::GENERATION_BITS | generation)
    }

    pub(crate) fn executor(self) -> u16 {
        (self.0 >> (Self::SLOT_BITS + Self::GENERATION_BITS)) as u16
    }

    pub(crate) fn slot(self) -> u32 {
        (self.0 >> Self::GENERATION_BITS) as u32 & ((1 << Self::SLOT_BITS) - 1)
    }

    /// Returns the number as it is in a waker.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// Takes a number for what it says: one that was made up names no task, or one that it wakes for nothing.
    pub(crate) fn from_bits(bits: u64) -> TaskNumber {
        TaskNumber(bits)
    }
}
