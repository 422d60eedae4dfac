//! Which executor runs on this thread.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::rc::Rc;

use crate::core::Core;

thread_local! {
    /// Without a destructor, so it can be used while other thread-locals are destroyed.
    static CURRENT: ManuallyDrop<RefCell<Option<Rc<Core>>>> =
        const { ManuallyDrop::new(RefCell::new(None)) };
}

/// Returns the executor that runs on this thread, if there is one.
pub(crate) fn current() -> Option<Rc<Core>> {
    CURRENT.with(|current| current.borrow().clone())
}

/// Returns the executor that runs on this thread.
#[track_caller]
pub(crate) fn expect_current() -> Rc<Core> {
    current().expect("there is no executor here: use this inside of `block_on(async { .. })`")
}

/// Makes an executor the one that runs on this thread, for as long as `f` runs.
pub(crate) fn enter<R>(core: &Rc<Core>, f: impl FnOnce() -> R) -> R {
    let _restored = Restored(CURRENT.with(|current| current.replace(Some(Rc::clone(core)))));
    trace::within(&core.ready, f)
}

/// Restores the executor from before, even after a panic.
struct Restored(Option<Rc<Core>>);

impl Drop for Restored {
    fn drop(&mut self) {
        CURRENT.with(|current| current.replace(self.0.take()));
    }
}
