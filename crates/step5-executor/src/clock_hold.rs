//! How to keep a virtual clock still while another thread works.

use std::sync::Arc;

use crate::core;
use crate::ready::ReadyQueue;

/// Holds the virtual clock of this thread's executor still, until what is returned is dropped.
///
/// It is for a task that waits for another thread: time must not pass while that thread owes a result. On the real clock
/// it does nothing. What is returned may be sent to the thread and dropped there.
///
/// # Panics
///
/// Panics outside of an executor: see [`try_hold_clock`].
#[track_caller]
pub fn hold_clock() -> ClockHold {
    let core = core::expect_current("hold_clock");
    ClockHold::new(&core.ready)
}

/// Does what [`hold_clock`] does where an executor of this crate runs, and returns `None` elsewhere.
///
/// # Examples
///
/// ```
/// use step5_executor::{block_on, try_hold_clock};
///
/// assert!(try_hold_clock().is_none());
/// assert!(block_on(async { try_hold_clock().is_some() }));
/// ```
pub fn try_hold_clock() -> Option<ClockHold> {
    core::current().map(|core| ClockHold::new(&core.ready))
}

/// Holds a virtual clock still for as long as it lives, made by [`hold_clock`].
#[must_use = "the clock continues when this is dropped"]
pub struct ClockHold {
    queue: Arc<ReadyQueue>,
}

impl ClockHold {
    fn new(queue: &Arc<ReadyQueue>) -> ClockHold {
        queue.hold_clock();
        let queue = Arc::clone(queue);
        ClockHold { queue }
    }
}

impl Drop for ClockHold {
    fn drop(&mut self) {
        self.queue.release_clock();
    }
}
