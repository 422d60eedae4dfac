//! A thing that happens, for which many wait.

use std::cell::Cell;
use std::rc::Rc;

use crate::waiters::Waiters;

/// Something that has happened, or not yet. Its waiters continue when it has.
///
/// It is Python's `Event`. Clones are the same event. Not `Send`: it is for the tasks of one
/// thread. It needs nothing but wakers, so it works on any executor.
///
/// # Examples
///
/// ```
/// use step5_executor::{block_on, spawn, yield_now};
/// use step6_toolbox::Event;
///
/// block_on(async {
///     let start = Event::new();
///     let runners = [1, 2, 3].map(|number| {
///         let start = start.clone();
///         spawn(async move {
///             start.wait().await;
///             number
///         })
///     });
///     yield_now().await;
///     assert!(!runners[0].is_finished());
///     start.set();
///     for runner in runners {
///         runner.await.unwrap();
///     }
/// });
/// ```
#[derive(Clone, Default)]
pub struct Event(Rc<Inside>);

#[derive(Default)]
struct Inside {
    is_set: Cell<bool>,
    waiters: Waiters,
}

impl Event {
    /// Makes an event that has not happened.
    pub fn new() -> Event {
        Event::default()
    }

    /// Says that it has happened: all waiters continue, in the order in which they came, and waits
    /// end at once from now on.
    ///
    /// They continue even if it is cleared before they have their turn. So a `set` and a `clear`
    /// right after it let through exactly those that wait now.
    pub fn set(&self) {
        self.0.is_set.set(true);
        self.0.waiters.wake_all();
    }

    /// Says that it has not happened: a wait that begins from now on waits.
    pub fn clear(&self) {
        self.0.is_set.set(false);
    }

    /// Returns whether it has happened.
    pub fn is_set(&self) -> bool {
        self.0.is_set.get()
    }

    /// Waits until it happens. If it has, this is ready at once.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves the line, and concerns no other.
    pub async fn wait(&self) {
        if !self.is_set() {
            // All are woken together, so there is nothing to pass on.
            self.0.waiters.wait(|| ()).woken().await;
        }
    }
}
