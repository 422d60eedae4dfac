//! Does a lock or a semaphore lose, double or hold up a permit, whatever is dropped, and whenever?
//! They are compared with a plain model.

use step6_toolbox::{Lock, LockGuard, Permit, Semaphore};

use crate::permits_model::{Permits, compare};

impl Permits for Semaphore {
    type Permit<'a> = Permit;

    fn acquire(&self) -> impl Future<Output = Permit> {
        self.acquire()
    }

    fn try_acquire(&self) -> Option<Permit> {
        self.try_acquire()
    }

    fn available(&self) -> usize {
        self.available()
    }

    fn add(&self, count: usize) -> usize {
        self.add_permits(count);
        count
    }

    fn forget(permit: Permit) -> bool {
        permit.forget();
        true
    }
}

impl Permits for Lock<()> {
    type Permit<'a> = LockGuard<'a, ()>;

    fn acquire(&self) -> impl Future<Output = LockGuard<'_, ()>> {
        self.lock()
    }

    fn try_acquire(&self) -> Option<LockGuard<'_, ()>> {
        self.try_lock()
    }

    fn available(&self) -> usize {
        usize::from(!self.is_locked())
    }

    fn add(&self, _: usize) -> usize {
        0
    }

    fn forget(permit: LockGuard<'_, ()>) -> bool {
        drop(permit);
        false
    }
}

/// Promise (toolbox): No permit and no item is lost, whatever future is dropped at whatever moment:
/// both are passed on.
#[test]
fn a_semaphore_does_as_its_model() {
    compare(|permits| (Semaphore::new(permits), permits));
}

/// Promise (toolbox): No permit and no item is lost, whatever future is dropped at whatever moment:
/// both are passed on.
///
/// Classic bug: A wake is lost with the future that it was for
#[test]
fn a_lock_does_as_its_model() {
    compare(|_| (Lock::new(()), 1));
}
