//! How many socket operations may a task do in one turn, before others get theirs?

use std::cell::Cell;

/// How many operations may succeed without waiting in one turn.
///
/// Enough that the extra turn, some tens of nanoseconds, is nothing next to that many system calls; and few enough
/// that others wait for only a fraction of a millisecond.
pub(crate) const OPERATIONS: u32 = 128;

thread_local! {
    /// What is left for the turn that runs on this thread. It is kept outside the tasks, because a socket has no other
    /// way to know in whose turn it is used; and a number that is off costs a turn at worst.
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
