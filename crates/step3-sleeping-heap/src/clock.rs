//! The time, and how to wait for a later one.

use std::cell::Cell;
use std::rc::Rc;
use std::thread;
use std::time::Instant;

/// A clock, real (the default) or virtual; its clones are the same clock.
///
/// The real one is the system's monotonic clock. The virtual one stands still while tasks run, and
/// jumps to the next deadline when all of them wait. So a program that sleeps for an hour is done
/// at once, and by its own clock an hour has passed. (But a task that takes turn after turn until
/// the time has come will do so forever.)
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step3_sleeping_heap::Clock;
///
/// let clock = Clock::virtual_time();
/// let hour = clock.now() + Duration::from_secs(3600);
/// clock.wait_until(hour);
/// assert_eq!(clock.now(), hour);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// The time of the virtual clock; `None` for the real one.
    virtual_now: Option<Rc<Cell<Instant>>>,
}

impl Clock {
    /// Makes the real clock.
    pub fn real_time() -> Clock {
        Clock { virtual_now: None }
    }

    /// Makes a virtual clock. Only the differences between its times mean something.
    pub fn virtual_time() -> Clock {
        let virtual_now = Some(Rc::new(Cell::new(Instant::now())));
        Clock { virtual_now }
    }

    /// Returns the time.
    pub fn now(&self) -> Instant {
        match &self.virtual_now {
            Some(now) => now.get(),
            None => Instant::now(),
        }
    }

    /// Returns whether it is virtual.
    pub fn is_virtual(&self) -> bool {
        self.virtual_now.is_some()
    }

    /// Waits until this time, never less, and not at all if it is in the past.
    ///
    /// The real clock blocks the thread, and the virtual one jumps.
    pub fn wait_until(&self, deadline: Instant) {
        match &self.virtual_now {
            Some(now) => now.set(deadline.max(now.get())),
            None => thread::sleep(deadline.saturating_duration_since(Instant::now())),
        }
    }
}
