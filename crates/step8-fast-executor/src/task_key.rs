//! The name of a task in 64 bits.

/// Which task of which executor: 16 bits for the executor, 24 for its place in the table, 24 for
/// the generation there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TaskKey(u64);

impl TaskKey {
    /// The bits of a place in the table.
    pub(crate) const SLOT_BITS: u32 = 24;
    pub(crate) const GENERATION_BITS: u32 = 24;
    const MASK: u64 = (1 << Self::GENERATION_BITS) - 1;

    /// The number of no task ever: the future that an executor blocks on has slot 0, and another
    /// generation.
    pub(crate) const NONE: TaskKey = TaskKey(Self::MASK);

    /// The slot that no task has: see [`WakerSlab`](crate::waker_slab::WakerSlab).
    pub(crate) const FOREIGN: usize = (1 << Self::SLOT_BITS) - 1;

    /// Makes a number. Only the lowest bits of `generation` go into it.
    pub(crate) fn new(executor: u16, slot: u32, generation: u64) -> TaskKey {
        debug_assert!(slot < 1 << Self::SLOT_BITS);
        let place = (u64::from(executor) << Self::SLOT_BITS) | u64::from(slot);
        TaskKey((place << Self::GENERATION_BITS) | (generation & Self::MASK))
    }

    /// Makes the number of the future that an executor blocks on.
    pub(crate) fn main(executor: u16) -> TaskKey {
        TaskKey::new(executor, 0, 0)
    }

    pub(crate) fn executor(self) -> u16 {
        (self.0 >> (Self::SLOT_BITS + Self::GENERATION_BITS)) as u16
    }

    pub(crate) fn slot(self) -> usize {
        (self.0 >> Self::GENERATION_BITS) as usize & ((1 << Self::SLOT_BITS) - 1)
    }

    pub(crate) fn generation(self) -> u32 {
        (self.0 & Self::MASK) as u32
    }

    /// Returns the number as it is in a waker.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// Takes a number at its word: one that was made up names no task, or names a task, which gets
    /// a spurious wake-up.
    pub(crate) fn from_bits(bits: u64) -> TaskKey {
        TaskKey(bits)
    }
}
