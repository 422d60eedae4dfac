//! The executors of the process by their number, so that a waker on any thread finds its own.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::inbox::{Inbox, Message};
use crate::task_key::TaskKey;

/// The inboxes of all executors of the process, by their number.
static REGISTRY: RwLock<Registry> = RwLock::new(Registry {
    inboxes: Vec::new(),
    free: VecDeque::new(),
});

struct Registry {
    inboxes: Vec<Option<Arc<Inbox>>>,
    /// Numbers to use again. The one that has been free for longest comes first: wakers may still
    /// have it.
    free: VecDeque<u16>,
}

/// How many executors there ever were.
static MADE: AtomicU64 = AtomicU64::new(0);

/// The number of an executor, as long as it is registered.
#[derive(Debug)]
pub(crate) struct Registration {
    number: u16,
}

impl Registration {
    /// Gives an executor a number, which leads to its inbox until the registration is dropped.
    ///
    /// # Panics
    ///
    /// Panics if there are 32,768 executors in the process.
    pub(crate) fn new(inbox: Arc<Inbox>) -> Registration {
        let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
        // Go through a few hundred numbers before using one again, for the same reason.
        let reused = if registry.inboxes.len() < 256 {
            None
        } else {
            registry.free.pop_front()
        };
        let number = reused.unwrap_or_else(|| {
            let number = registry.inboxes.len();
            assert!(
                number < 1 << TaskKey::EXECUTOR_BITS,
                "there are {number} executors in this process: drop some before making more"
            );
            registry.inboxes.push(None);
            number as u16
        });
        registry.inboxes[usize::from(number)] = Some(inbox);
        Registration { number }
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
        registry.inboxes[usize::from(self.number)] = None;
        registry.free.push_back(self.number);
    }
}

/// Returns a number for an executor, which no other executor in this process ever has.
pub(crate) fn executor_id() -> u64 {
    MADE.fetch_add(1, Ordering::Relaxed)
}

/// Wakes a task of the executor that has the key's number now. Nothing happens if none has.
pub(crate) fn wake(key: TaskKey) {
    if let Some(inbox) = find(key) {
        inbox.put(Message::Wake(key));
    }
}

/// Returns the inbox of the executor that has the key's number now. `None` if none has.
pub(crate) fn find(key: TaskKey) -> Option<Arc<Inbox>> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.inboxes.get(usize::from(key.executor()))?.clone()
}
