//! The executor that runs on this thread.
#![allow(unsafe_code, reason = "the entered executor is found by a raw pointer")]

use std::cell::Cell;
use std::ptr;
use std::rc::Rc;

use crate::core::Core;

thread_local! {
    /// The executor that runs on this thread, or null. A pointer has no destructor, so a waker
    /// still works in the destructors of other thread-locals.
    static ENTERED: Cell<*const Rc<Core>> = const { Cell::new(ptr::null()) };
}

/// Runs `f` with `core` as the executor that is entered on this thread.
pub(crate) fn enter<R>(core: &Rc<Core>, f: impl FnOnce() -> R) -> R {
    struct Leave<'a> {
        core: &'a Core,
        was_entered: bool,
        before: *const Rc<Core>,
    }
    impl Drop for Leave<'_> {
        fn drop(&mut self) {
            ENTERED.set(self.before);
            self.core.is_entered.set(self.was_entered);
        }
    }
    // Puts back what was there before, even when `f` panics.
    let was_entered = core.is_entered.replace(true);
    let _leave = Leave {
        core,
        was_entered,
        before: ENTERED.replace(core),
    };
    trace::within(&core.inbox, f)
}

/// Returns whether some executor is entered on this thread.
pub(crate) fn is_entered() -> bool {
    !ENTERED.get().is_null()
}

/// Calls `f` with the executor that is entered on this thread. Returns `None` if there is none.
#[inline]
pub(crate) fn with_entered<R>(f: impl FnOnce(&Rc<Core>) -> R) -> Option<R> {
    // SAFETY: the pointer is null or was put there by an `enter` that has not returned: it runs
    // further down on this thread's stack and borrows the `Rc`, so that lives at least until `f`
    // returns, and is not changed.
    unsafe { ENTERED.get().as_ref() }.map(f)
}

/// Returns the executor that is entered on this thread. `None` if there is none.
pub(crate) fn entered() -> Option<Rc<Core>> {
    with_entered(Rc::clone)
}

/// Returns what was found. If that is nothing, no executor runs here: panics, and says what to do.
pub(crate) fn expect_entered<T>(found: Option<T>, what: &str) -> T {
    found.unwrap_or_else(|| {
        panic!(
            "{what} needs an executor: use it inside of `block_on(async {{ .. }})`, \
             or of a task that was spawned there"
        )
    })
}
