//! How many socket operations may a task do in one turn, before others get theirs?

use std::cell::Cell;

/// The number of operations a turn that succeed without waiting.
///
/// Enough that the extra turn, some tens of nanoseconds, is nothing beside as many system calls; and few enough that
/// others wait for a fraction of a millisecond.
pub(crate) const OPERATIONS: u32 = 128;

thread_local! {
    /// What is left of the turn that runs on this thread. Beside the tasks, not in them: a socket has no other way to
    /// know whose turn it is used in, and a number that is off at worst costs a turn.
    static LEFT: Cell<u32> = const { Cell::new(OPERATIONS) };
}

/// Begins a turn with the full budget.
pub(crate) fn renew() {
    LEFT.set(OPERATIONS);
}

/// Counts an operation.
pub(crate) fn spend() {
    LEFT.set(LEFT.get().saturating_sub(1));
}

/// Returns whether the task should let others have a turn before its next operation.
pub(crate) fn is_spent() -> bool {
    LEFT.get() == 0
}
