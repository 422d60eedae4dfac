//! Which scheduler reports.

use std::any::Any;
use std::sync::{Arc, Weak};
use std::time::Instant;

use crate::Event;
use crate::listener::{ENTERED, RUNNING, SCHEDULERS, emit, has_listener};

/// Reports that what `f` does is done by the scheduler that `scheduler` is a part of.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// let (one, other) = (Arc::new(()), Arc::new(()));
/// assert_eq!(trace::within(&one, || trace::within(&other, || 42)), 42);
/// ```
pub fn within<S: 'static, R>(scheduler: &Arc<S>, f: impl FnOnce() -> R) -> R {
    if !has_listener() {
        return f();
    }
    let _back = Back(ENTERED.get(), RUNNING.get());
    enter(Some(number(scheduler)), None);
    f()
}

/// Reports that a scheduler begins a run [within](fn@within) something of its own.
pub fn started_in<S: 'static>(scheduler: &Arc<S>, now: Option<Instant>, is_virtual: bool) {
    within(scheduler, || crate::started(now, is_virtual));
}

fn enter(scheduler: Option<usize>, running: Option<u64>) {
    if ENTERED.replace(scheduler) != scheduler {
        RUNNING.set(running);
        emit(|| Event::Entered(scheduler));
    }
}

fn number<S: 'static>(scheduler: &Arc<S>) -> usize {
    let new: Weak<dyn Any> = Arc::downgrade(scheduler) as Weak<dyn Any>;
    SCHEDULERS.with_borrow_mut(|entered| {
        let known = entered.iter().position(|known| known.ptr_eq(&new));
        known.unwrap_or_else(|| {
            entered.push(new);
            entered.len() - 1
        })
    })
}

/// Enters what was entered before, with the task that ran, even if `f` panics.
struct Back(Option<usize>, Option<u64>);

impl Drop for Back {
    fn drop(&mut self) {
        enter(self.0, self.1);
    }
}
