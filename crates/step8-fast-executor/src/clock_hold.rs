//! Holding the virtual clock still while another thread owes a result.

use std::sync::Arc;

use crate::entered::{self, expect_entered};
use crate::inbox::Inbox;

/// Holds the virtual clock of this thread's executor still until the returned guard is dropped.
///
/// It is for a task that waits for another thread: time must not move while that thread owes a
/// result. The guard may be sent to the thread and dropped there. On the real clock it does
/// nothing.
///
/// # Panics
///
/// Panics outside of an executor: see [`try_hold_clock`].
pub fn hold_clock() -> ClockHold {
    expect_entered(try_hold_clock(), "hold_clock")
}

/// Does what [`hold_clock`] does, but returns `None` where no executor of this crate runs. It is
/// for futures that run on any executor.
///
/// # Examples
///
/// ```
/// use step8_fast_executor::{block_on, try_hold_clock};
///
/// assert!(try_hold_clock().is_none());
/// assert!(block_on(async { try_hold_clock().is_some() }));
/// ```
pub fn try_hold_clock() -> Option<ClockHold> {
    entered::with_entered(|core| {
        let inbox = core.clock.is_virtual().then(|| core.inbox.clone());
        inbox.iter().for_each(|inbox| inbox.hold());
        ClockHold { inbox }
    })
}

/// Holds a virtual clock still until it is dropped. Returned by [`hold_clock`].
#[derive(Debug)]
#[must_use = "the clock moves again when this is dropped"]
pub struct ClockHold {
    /// `None` on the real clock, which nothing holds.
    inbox: Option<Arc<Inbox>>,
}

impl Drop for ClockHold {
    fn drop(&mut self) {
        self.inbox.iter().for_each(|inbox| inbox.release());
    }
}
