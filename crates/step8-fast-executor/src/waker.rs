//! What is a waker? Four functions and a number.
//!
//! The number says which task of which executor it wakes. So cloning it copies it, dropping it does nothing, and
//! waking looks the task up: there is no count of references, nothing to allocate, and on the executor's own thread
//! nothing atomic. A waker that is kept for too long finds another generation in its task's place and does nothing. At
//! worst its number has come round again, which wakes a task once for nothing: every future must bear that anyway.
#![allow(
    unsafe_code,
    reason = "a waker is made of raw functions, and the entered executor is found by a raw pointer"
)]

use std::cell::Cell;
use std::ptr;
use std::rc::Rc;
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::core::Core;
use crate::number::TaskNumber;
use crate::registry;

#[cfg(not(target_pointer_width = "64"))]
compile_error!("step8-fast-executor runs on 64-bit systems only: a waker is a number of 64 bits");

impl TaskNumber {
    /// Returns a waker that wakes this task.
    pub(crate) fn waker(self) -> Waker {
        // SAFETY: the functions of the table keep the contract of `RawWaker`: they take any number, valid or not, from
        // any thread, and the number owns nothing that could be freed twice or used after it was freed.
        unsafe { Waker::from_raw(self.raw()) }
    }

    /// Returns which task a waker wakes. `None` when it is from elsewhere.
    pub(crate) fn of_waker(waker: &Waker) -> Option<TaskNumber> {
        ptr::eq(waker.vtable(), &VTABLE).then(|| TaskNumber::of(waker.data()))
    }

    fn raw(self) -> RawWaker {
        RawWaker::new(ptr::without_provenance(self.bits() as usize), &VTABLE)
    }

    fn of(data: *const ()) -> TaskNumber {
        TaskNumber::from_bits(data.addr() as u64)
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |data| TaskNumber::of(data).raw(),
    |data| wake(TaskNumber::of(data)),
    |data| wake(TaskNumber::of(data)),
    |_| {},
);

/// Wakes a task: directly if its executor is the one that is entered on this thread, and otherwise through its inbox.
fn wake(number: TaskNumber) {
    let found = with_entered(|core| {
        let is_own = core.has_number(number.executor());
        if is_own {
            core.wake(number);
        }
        is_own
    });
    if found != Some(true) {
        registry::wake(number);
    }
}

thread_local! {
    /// The executor that runs on this thread, or null. It needs no destructor, so a waker may be used in the
    /// destructors of other thread-locals.
    static ENTERED: Cell<*const Core> = const { Cell::new(ptr::null()) };
}

/// Runs `inside` with `core` as the executor that is entered on this thread.
pub(crate) fn enter<R>(core: &Rc<Core>, inside: impl FnOnce() -> R) -> R {
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
    // Puts back what was there before, even when `inside` panics.
    let was_entered = core.is_entered.replace(true);
    let _leave = Leave {
        core,
        was_entered,
        before: ENTERED.replace(Rc::as_ptr(core)),
    };
    inside()
}

/// Returns whether some executor is entered on this thread.
pub(crate) fn is_entered() -> bool {
    !ENTERED.get().is_null()
}

/// Hands the executor that is entered on this thread to `use_it`. `None` when there is none.
pub(crate) fn with_entered<R>(use_it: impl FnOnce(&Core) -> R) -> Option<R> {
    // SAFETY: the pointer is null or was put there by an `enter` that has not returned: it runs further down on this
    // thread's stack and borrows an `Rc` of the same core, so the core lives at least until `use_it` returns. The core is
    // only ever shared, never borrowed mutably.
    unsafe { ENTERED.get().as_ref() }.map(use_it)
}

/// Returns the executor that is entered on this thread. `None` when there is none.
pub(crate) fn entered() -> Option<Rc<Core>> {
    with_entered(Core::handle)
}
