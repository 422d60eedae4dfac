//! What if cloning a waker does something? A waker of std's makes cannot, so this one is made of raw functions.
#![allow(
    unsafe_code,
    reason = "only a raw waker runs code of ours when it is cloned"
)]

use std::cell::RefCell;
use std::ptr;
use std::task::{RawWaker, RawWakerVTable, Waker};

thread_local!(static ACTION: RefCell<Option<Box<dyn FnOnce()>>> = RefCell::default());

/// Makes a waker that runs this, once, when it is cloned. There is one at a time on a thread.
pub(crate) fn waker(action: impl FnOnce() + 'static) -> Waker {
    ACTION.set(Some(Box::new(action)));
    // SAFETY: the functions keep the contract of `RawWaker`: they take any pointer from any thread, look at none, and own
    // nothing. The action is of the thread that clones, and stays there.
    unsafe { Waker::from_raw(RAW) }
}

const RAW: RawWaker = RawWaker::new(ptr::null(), &VTABLE);

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |_| {
        let action = ACTION.take();
        if let Some(action) = action {
            action();
        }
        RAW
    },
    |_| {},
    |_| {},
    |_| {},
);
