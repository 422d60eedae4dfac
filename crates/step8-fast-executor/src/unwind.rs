//! Calls of user code whose panics must not stop the executor.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

/// Wakes a waker that may be of another executor. If it panics, that must not stop this one.
pub(crate) fn wake_quietly(waker: Waker) {
    quietly(|| waker.wake());
}

/// Drops a value. If it panics as it is dropped, that must not stop the executor.
pub(crate) fn drop_quietly<T>(value: T) {
    quietly(|| drop(value));
}

/// Runs something that must not stop the executor if it panics.
pub(crate) fn quietly(run: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(run)) {
        // Dropping what the panic carries might panic again, with something that does the same.
        if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            mem::forget(another);
        }
    }
}
