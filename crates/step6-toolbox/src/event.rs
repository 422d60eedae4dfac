//! Something that many tasks wait for.

use std::cell::Cell;
use std::rc::Rc;

use crate::waiters::Waiters;

/// Something that has happened, or has not happened yet. Its waiters continue when it has.
///
/// This is Python's `Event`. Clones are the same event. It is for the tasks of one thread, and not
/// `Send`. It needs nothing but wakers, so it works on any executor.
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

    /// Sets the event: all waiters continue, in the order in which they came, and from now on a
    /// wait ends at once.
    ///
    /// The waiters continue even if the event is cleared before they have their turn. So a `set`
    /// and then a `clear` let through exactly those that wait now.
    pub fn set(&self) {
        self.0.is_set.set(true);
        self.0.waiters.wake_all();
    }

    /// Clears the event: a wait that begins from now on has to wait.
    pub fn clear(&self) {
        self.0.is_set.set(false);
    }

    /// Returns whether the event is set.
    pub fn is_set(&self) -> bool {
        self.0.is_set.get()
    }

    /// Waits until the event is set. If it is set, this is ready at once.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves the line, and does not affect the others.
    pub async fn wait(&self) {
        if !self.is_set() {
            // All are woken together, so there is nothing to pass on.
            self.0.waiters.wait(|| ()).woken().await;
        }
    }
}
