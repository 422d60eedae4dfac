//! The name of a task in 64 bits.

/// Names one task of one executor. From the highest bit down: 24 bits for the task's slot, 15 for
/// the executor, 24 for the generation, which tells the tasks of a slot apart, and a zero, for
/// which the table has a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TaskKey(u64);

impl TaskKey {
    pub(crate) const SLOT_BITS: u32 = 24;
    pub(crate) const EXECUTOR_BITS: u32 = 15;
    const GENERATION_BITS: u32 = 24;

    /// Where the parts begin.
    const SLOT: u32 = 64 - Self::SLOT_BITS;
    const EXECUTOR: u32 = Self::SLOT - Self::EXECUTOR_BITS;
    const GENERATION: u32 = Self::EXECUTOR - Self::GENERATION_BITS;

    /// Names no task. Slot 0 is always the main future's, whose generation is 0 and not this one.
    pub(crate) const NONE: TaskKey = TaskKey(Self::LAST_GENERATION << Self::GENERATION);

    const LAST_GENERATION: u64 = (1 << Self::GENERATION_BITS) - 1;

    /// The slot that no task has: see [`WakerSlab`](crate::waker_slab::WakerSlab).
    pub(crate) const FOREIGN: usize = (1 << Self::SLOT_BITS) - 1;

    /// Makes a key. Only the lowest bits of `generation` go into it.
    #[inline]
    pub(crate) fn new(executor: u16, slot: u32, generation: u64) -> TaskKey {
        debug_assert!(slot < 1 << Self::SLOT_BITS && executor < 1 << Self::EXECUTOR_BITS);
        TaskKey(
            u64::from(slot) << Self::SLOT
                | u64::from(executor) << Self::EXECUTOR
                | (generation & Self::LAST_GENERATION) << Self::GENERATION,
        )
    }

    /// Makes the key of the main future, which an executor blocks on.
    pub(crate) fn main(executor: u16) -> TaskKey {
        TaskKey::new(executor, 0, 0)
    }

    pub(crate) fn executor(self) -> u16 {
        (self.0 >> Self::EXECUTOR) as u16 & ((1 << Self::EXECUTOR_BITS) - 1)
    }

    #[inline]
    pub(crate) fn slot(self) -> usize {
        (self.0 >> Self::SLOT) as usize
    }

    pub(crate) fn generation(self) -> u32 {
        (self.0 >> Self::GENERATION & Self::LAST_GENERATION) as u32
    }

    /// Returns the key as it is in a waker.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// Returns the key that a waker has.
    pub(crate) fn from_bits(bits: u64) -> TaskKey {
        TaskKey(bits)
    }
}
