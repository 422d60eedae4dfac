//! Calls of user code whose panics must not stop the executor.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

/// Wakes a waker, and drops its panic: the waker may be another executor's, and must not stop this
/// one.
pub(crate) fn wake_quietly(waker: Waker) {
    quietly(|| waker.wake());
}

/// Drops a value, and the panic of that drop, if any: it must not stop the executor.
pub(crate) fn drop_quietly<T>(value: T) {
    quietly(|| drop(value));
}

/// Runs user code whose panic must not stop the executor, and drops that panic.
pub(crate) fn quietly(run: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(run)) {
        // The drop of the payload may panic too, with a payload of the same kind. There it ends.
        if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(another);
        }
    }
}
