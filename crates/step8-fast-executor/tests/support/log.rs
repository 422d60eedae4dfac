//! In which order did it happen, and was it dropped, once? A shared log, and guards that write into it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::RefCell;
use std::rc::Rc;

/// Lines that tasks have written. Clones are the same log.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    /// Takes the lines out.
    pub(crate) fn take(&self) -> Vec<String> {
        self.0.take()
    }

    /// Makes a guard that logs "`name` dropped" when it is dropped.
    pub(crate) fn guard(&self, name: impl Into<String>) -> Guard {
        Guard {
            log: self.clone(),
            name: name.into(),
        }
    }
}

/// Logs when it is dropped.
pub(crate) struct Guard {
    log: Log,
    name: String,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.log.add(format!("{} dropped", self.name));
    }
}

/// Makes a guard that runs this when it is dropped.
pub(crate) fn on_drop<F: FnOnce()>(run: F) -> OnDrop<F> {
    OnDrop(Some(run))
}

/// Runs something when it is dropped.
pub(crate) struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run();
        }
    }
}
