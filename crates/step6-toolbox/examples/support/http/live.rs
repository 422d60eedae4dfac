//! How many are there at once? It is counted with guards, so that one that was cancelled counts as gone.

use std::cell::Cell;
use std::rc::Rc;

/// How many there are now, say of connections, and the most there have been at once. Clones are the same count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Live(Rc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    now: Cell<usize>,
    most: Cell<usize>,
    ever: Cell<usize>,
}

impl Live {
    /// Counts one more, until what is returned is dropped.
    pub(crate) fn enter(&self) -> LiveGuard {
        let Counts { now, most, ever } = &*self.0;
        now.set(now.get() + 1);
        most.set(most.get().max(now.get()));
        ever.set(ever.get() + 1);
        LiveGuard(self.0.clone())
    }

    /// Returns how many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.now.get()
    }

    /// Returns the most there have been at once.
    pub(crate) fn most(&self) -> usize {
        self.0.most.get()
    }

    /// Returns how many there have been in all.
    pub(crate) fn ever(&self) -> usize {
        self.0.ever.get()
    }
}

/// One that is counted, as long as it lives.
#[must_use = "it counts as long as it lives"]
#[derive(Debug)]
pub(crate) struct LiveGuard(Rc<Counts>);

impl Drop for LiveGuard {
    fn drop(&mut self) {
        self.0.now.set(self.0.now.get() - 1);
    }
}
