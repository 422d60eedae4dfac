//! What time is it, and how does one wait for a later one?

use std::cell::Cell;
use std::rc::Rc;
use std::thread;
use std::time::Instant;

/// A clock, real or virtual; its clones are the same clock.
///
/// The real one is the system's monotonic clock. The virtual one stands still while tasks run, and jumps to the next
/// deadline when all of them wait. So a task that takes turn after turn until a time has come would never see it come.
/// And the virtual clock is no use where a peer in another thread or process takes part: the peer needs real time for
/// its answer, and by the virtual clock any time limit on that is over at once.
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
/// assert_eq!(clock.waits(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Clock {
    /// The time of the virtual clock; `None` for the real one.
    virtual_now: Option<Rc<Cell<Instant>>>,
    waits: Rc<Cell<u64>>,
}

impl Clock {
    /// Makes a handle to the real clock.
    pub fn real_time() -> Clock {
        Clock {
            virtual_now: None,
            waits: Rc::default(),
        }
    }

    /// Makes a virtual clock. What it shows at first means nothing: only differences do.
    pub fn virtual_time() -> Clock {
        Clock {
            virtual_now: Some(Rc::new(Cell::new(Instant::now()))),
            waits: Rc::default(),
        }
    }

    /// Returns the time that it shows.
    pub fn now(&self) -> Instant {
        self.virtual_now
            .as_ref()
            .map_or_else(Instant::now, |now| now.get())
    }

    /// Returns whether it is virtual.
    pub fn is_virtual(&self) -> bool {
        self.virtual_now.is_some()
    }

    /// Waits for a point in time, and never ends early: afterwards [`now`](Self::now) is `deadline` or later.
    ///
    /// The real clock blocks the thread; the virtual one jumps. A point in the past is no wait at all.
    pub fn wait_until(&self, deadline: Instant) {
        if deadline <= self.now() {
            return;
        }
        self.waits.set(self.waits.get() + 1);
        match &self.virtual_now {
            Some(now) => now.set(deadline),
            // In a loop, because the thread may sleep by another clock than the one that `Instant` shows.
            None => {
                while let Some(left) = deadline
                    .checked_duration_since(Instant::now())
                    .filter(|left| !left.is_zero())
                {
                    thread::sleep(left);
                }
            }
        }
    }

    /// Returns how often somebody has waited, so that a test can tell a scheduler that waits from one that spins.
    pub fn waits(&self) -> u64 {
        self.waits.get()
    }
}
