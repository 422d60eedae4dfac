//! The waker: four functions and a number.
//!
//! The number says which task of which executor it wakes. So cloning it copies it, dropping it does
//! nothing, and waking looks the task up: there is no count of references, nothing to allocate, and
//! on the executor's own thread nothing atomic. A waker that is kept for too long finds another
//! generation in its task's place and does nothing. At worst its number has come round again, which
//! is a spurious wake-up: every future must bear that anyway.
#![allow(
    unsafe_code,
    reason = "a waker is made of raw functions, and the entered executor is found by a raw pointer"
)]

use std::cell::Cell;
use std::ptr;
use std::rc::Rc;
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::core::Core;
use crate::registry;
use crate::task_key::TaskKey;

#[cfg(not(target_pointer_width = "64"))]
compile_error!("step8-fast-executor runs on 64-bit systems only: a waker is a number of 64 bits");

impl TaskKey {
    /// Returns a waker that wakes this task.
    pub(crate) fn waker(self) -> Waker {
        // SAFETY: the functions of the table keep the contract of `RawWaker`: they take any key,
        // valid or not, from any thread, and the key owns nothing that could be freed twice or used
        // after it was freed.
        unsafe { Waker::from_raw(self.raw()) }
    }

    /// Returns which task a waker wakes. `None` for a foreign waker.
    pub(crate) fn of_waker(waker: &Waker) -> Option<TaskKey> {
        ptr::eq(waker.vtable(), &VTABLE).then(|| TaskKey::of(waker.data()))
    }

    fn raw(self) -> RawWaker {
        RawWaker::new(ptr::without_provenance(self.bits() as usize), &VTABLE)
    }

    fn of(data: *const ()) -> TaskKey {
        TaskKey::from_bits(data.addr() as u64)
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |data| TaskKey::of(data).raw(),
    |data| wake(TaskKey::of(data)),
    |data| wake(TaskKey::of(data)),
    |_| {},
);

/// Wakes a task: directly if its executor is the one that is entered on this thread, and otherwise
/// through its inbox.
fn wake(key: TaskKey) {
    let found = with_entered(|core| {
        let is_own = core.has_number(key.executor());
        if is_own {
            core.wake(key);
        }
        is_own
    });
    if found != Some(true) {
        registry::wake(key);
    }
}

thread_local! {
    /// The executor that runs on this thread, or null. It needs no destructor, so a waker may be
    /// used in the destructors of other thread-locals.
    static ENTERED: Cell<*const Core> = const { Cell::new(ptr::null()) };
}

/// Runs `f` with `core` as the executor that is entered on this thread.
pub(crate) fn enter<R>(core: &Rc<Core>, f: impl FnOnce() -> R) -> R {
    struct Leave<'a> {
        core: &'a Core,
        was_entered: bool,
        before: *const Core,
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
        before: ENTERED.replace(Rc::as_ptr(core)),
    };
    f()
}

/// Returns whether some executor is entered on this thread.
pub(crate) fn is_entered() -> bool {
    !ENTERED.get().is_null()
}

/// Hands the executor that is entered on this thread to `f`. `None` when there is none.
pub(crate) fn with_entered<R>(f: impl FnOnce(&Core) -> R) -> Option<R> {
    // SAFETY: the pointer is null or was put there by an `enter` that has not returned: it runs
    // further down on this thread's stack and borrows an `Rc` of the same core, so the core lives
    // at least until `f` returns. The core is only ever shared, never borrowed mutably.
    unsafe { ENTERED.get().as_ref() }.map(f)
}

/// Returns the executor that is entered on this thread. `None` when there is none.
pub(crate) fn entered() -> Option<Rc<Core>> {
    with_entered(Core::handle)
}
