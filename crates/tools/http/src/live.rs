//! How many there are at once, counted with guards, so that what was cancelled is not counted.

use std::cell::Cell;
use std::rc::Rc;

/// Counts how many there are now, say of connections, how many there have been, and the most at
/// once. Clones are the same count.
#[derive(Clone, Debug, Default)]
pub struct Live(Rc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    now: Cell<usize>,
    most: Cell<usize>,
    ever: Cell<usize>,
}

impl Live {
    /// Counts one more, until what is returned is dropped.
    pub fn enter(&self) -> LiveGuard {
        let Counts { now, most, ever } = &*self.0;
        now.set(now.get() + 1);
        most.set(most.get().max(now.get()));
        ever.set(ever.get() + 1);
        LiveGuard(self.0.clone())
    }

    /// Returns how many there are now.
    pub fn count(&self) -> usize {
        self.0.now.get()
    }

    /// Returns the most there have been at once.
    pub fn most(&self) -> usize {
        self.0.most.get()
    }

    /// Returns how many there have been in all.
    pub fn ever(&self) -> usize {
        self.0.ever.get()
    }
}

/// Is counted for as long as it lives: see [`Live::enter`].
#[must_use = "it counts as long as it lives"]
#[derive(Debug)]
pub struct LiveGuard(Rc<Counts>);

impl Drop for LiveGuard {
    fn drop(&mut self) {
        self.0.now.set(self.0.now.get() - 1);
    }
}
