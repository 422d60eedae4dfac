//! How an executor waits on a virtual clock, and how a hold keeps that clock still while another
//! thread works.

use std::iter;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use step2_round_robin::{Deadlock, TaskId};

use crate::core::Core;
use crate::current::{current, expect_current};
use crate::ready::{ReadyQueue, TaskWaker};

/// Holds the virtual clock of this thread's executor still, until the hold is dropped.
///
/// This is for a task that waits for another thread: time must not pass while that thread owes a
/// result. The hold may be sent to the thread and dropped there. On the real clock it does nothing.
///
/// # Panics
///
/// Panics outside of an executor: see [`try_hold_clock`].
#[track_caller]
pub fn hold_clock() -> ClockHold {
    ClockHold::new(&expect_current())
}

/// Does what [`hold_clock`] does, but returns `None` outside of an executor of this crate.
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
    current().map(|core| ClockHold::new(&core))
}

/// Holds a virtual clock still for as long as it lives, made by [`hold_clock`].
#[must_use = "the clock continues when this is dropped"]
pub struct ClockHold {
    queue: Arc<Mutex<ReadyQueue>>,
}

impl ClockHold {
    fn new(core: &Core) -> ClockHold {
        core.ready.lock().unwrap().holds += 1;
        let queue = Arc::clone(&core.ready);
        ClockHold { queue }
    }
}

impl Drop for ClockHold {
    fn drop(&mut self) {
        // Wake a task that does not exist, so that the executor looks at the holds again.
        let no_task = TaskWaker::new(TaskId(0), usize::MAX, &self.queue);
        let mut queue = self.queue.lock().unwrap();
        queue.holds -= 1;
        queue.push(no_task);
    }
}

impl Core {
    /// Lets the clock jump to the next deadline, unless it is held.
    pub(crate) fn wait_on_virtual_clock(&self, is_held: bool, deadline: Option<Instant>) {
        match deadline {
            // It is due already.
            Some(deadline) if deadline <= self.clock.now() => {}
            // The holder ends this wait, by a wake or by its drop.
            _ if is_held => _ = self.sockets.borrow_mut().wait(true, None),
            Some(deadline) => self.clock.wait_until(deadline),
            None => self.panic_of_deadlock(),
        }
    }

    fn panic_of_deadlock(&self) -> ! {
        // The executor may be used again after this panic, so it must not stay asleep.
        self.ready.lock().unwrap().wake_up();
        _ = self.listen();
        let left = self.tasks.borrow_mut().take_all();
        let names = left.iter().map(|task| format!("task {}", task.id.0));
        let tasks = iter::once("main".to_owned()).chain(names).collect();
        panic!("{}", Deadlock { tasks });
    }
}
