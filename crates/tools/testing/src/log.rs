//! A shared log, and guards that write into it when they are dropped.

use std::cell::RefCell;
use std::rc::Rc;

/// Lines that tasks have written. Clones are the same log.
#[derive(Clone, Default)]
pub struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    /// Adds a line.
    pub fn add(&self, line: impl ToString) {
        self.0.borrow_mut().push(line.to_string());
    }

    /// Takes the lines out.
    pub fn take(&self) -> Vec<String> {
        self.0.take()
    }

    /// Makes a guard that logs "`name` dropped" when it is dropped.
    pub fn guard(&self, name: impl Into<String>) -> Guard {
        Guard {
            log: self.clone(),
            name: name.into(),
        }
    }
}

/// Logs when it is dropped.
pub struct Guard {
    log: Log,
    name: String,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.log.add(format!("{} dropped", self.name));
    }
}

/// Makes a guard that runs this when it is dropped.
pub fn on_drop<F: FnOnce()>(run: F) -> OnDrop<F> {
    OnDrop(Some(run))
}

/// Runs something when it is dropped.
pub struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run();
        }
    }
}
