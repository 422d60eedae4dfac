//! The waker: four functions and a number.
//!
//! The number names one task of one executor. So a clone is a copy, a drop does nothing, and a wake
//! looks the task up. Nothing is counted or allocated and, on the executor's own thread, nothing is
//! atomic.
//!
//! A stale waker finds another generation in its task's slot, and does nothing. At worst its number
//! has come round, and it wakes another task: a spurious wake-up, which every future has to bear
//! anyway.
#![allow(unsafe_code, reason = "a waker is made of raw functions")]

use std::ptr;
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::core::Core;
use crate::entered::with_entered;
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
    #[inline]
    fn of_waker(waker: &Waker) -> Option<TaskKey> {
        ptr::eq(waker.vtable(), &VTABLE).then(|| TaskKey::of(waker.data()))
    }

    fn raw(self) -> RawWaker {
        RawWaker::new(ptr::without_provenance(self.bits() as usize), &VTABLE)
    }

    fn of(data: *const ()) -> TaskKey {
        TaskKey::from_bits(data.addr() as u64)
    }
}

impl Core {
    /// Returns whether a key, which was returned by [`key_of`](Self::key_of), stands for `waker`.
    #[inline]
    pub(crate) fn is_key_of(&self, key: TaskKey, waker: &Waker) -> bool {
        match TaskKey::of_waker(waker) {
            Some(task) => task == key,
            None => self.wakers.is(key, waker),
        }
    }

    /// Returns a key that stands for `waker`.
    ///
    /// Cloning a foreign waker runs user code. So if you have an older key, keep it until this has
    /// returned, and then check whether you still wait.
    ///
    /// # Panics
    ///
    /// Panics if 16,777,215 foreign wakers are in the table, and if the clone does.
    #[inline]
    pub(crate) fn key_of(&self, waker: &Waker) -> TaskKey {
        TaskKey::of_waker(waker).unwrap_or_else(|| self.wakers.insert(waker.clone()))
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
    let woken = with_entered(|core| core.wake(key));
    if woken != Some(true) {
        wake_elsewhere(key);
    }
}

/// Wakes a task that the executor of this thread did not put into its queue: because it is there
/// already, or gone, or because it is another executor's.
#[inline(never)]
fn wake_elsewhere(key: TaskKey) {
    let is_own = with_entered(|core| core.has_number(key.executor()));
    if is_own != Some(true) {
        registry::wake(key);
    }
}
