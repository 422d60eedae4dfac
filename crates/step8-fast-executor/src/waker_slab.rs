//! Keys for foreign wakers.
//!
//! The executor remembers joiners and sleepers by key, and a waker of this crate is no more than
//! that. A foreign waker, such as one that a combinator made for one of its futures, is kept in a
//! table here, and its place becomes its key.

use std::cell::RefCell;
use std::task::Waker;

use crate::task_key::TaskKey;
use crate::unwind::drop_quietly;

/// The foreign wakers of joiners and sleepers.
pub(crate) struct WakerSlab {
    executor: u16,
    table: RefCell<Table>,
}

#[derive(Default)]
struct Table {
    wakers: Vec<Option<Waker>>,
    /// The places without a waker.
    free: Vec<u32>,
}

impl WakerSlab {
    pub(crate) fn new(executor: u16) -> WakerSlab {
        WakerSlab {
            executor,
            table: RefCell::default(),
        }
    }

    /// Returns whether a key, which was returned here before, stands for `waker`, as far as
    /// [`Waker::will_wake`] can tell.
    pub(crate) fn is(&self, key: TaskKey, waker: &Waker) -> bool {
        self.table.borrow().is(key, waker)
    }

    /// Returns a key that stands for `waker`.
    ///
    /// # Panics
    ///
    /// Panics if 16,777,215 foreign wakers are in the table.
    pub(crate) fn insert(&self, waker: Waker) -> TaskKey {
        let place = self.table.borrow_mut().insert(waker);
        TaskKey::new(self.executor, TaskKey::FOREIGN as u32, place)
    }

    /// Takes the waker with a key out of the table. `None` if the key is a task's.
    pub(crate) fn take(&self, key: TaskKey) -> Option<Waker> {
        let place = (key.slot() == TaskKey::FOREIGN).then(|| key.generation())?;
        self.table.borrow_mut().take(place)
    }

    /// Drops the waker with a key, unless that is a task's: it will not be woken any more.
    #[inline]
    pub(crate) fn forget(&self, key: TaskKey) {
        if key.slot() == TaskKey::FOREIGN {
            self.take(key).into_iter().for_each(drop_quietly);
        }
    }
}

impl Table {
    fn is(&self, key: TaskKey, waker: &Waker) -> bool {
        let place = self
            .wakers
            .get(key.generation() as usize)
            .filter(|_| key.slot() == TaskKey::FOREIGN);
        place
            .and_then(Option::as_ref)
            .is_some_and(|known| known.will_wake(waker))
    }

    fn insert(&mut self, waker: Waker) -> u64 {
        let place = self.free.pop().unwrap_or_else(|| {
            assert!(
                self.wakers.len() < TaskKey::NONE.generation() as usize,
                "too many foreign wakers wait"
            );
            self.wakers.push(None);
            self.wakers.len() as u32 - 1
        });
        self.wakers[place as usize] = Some(waker);
        u64::from(place)
    }

    fn take(&mut self, place: u32) -> Option<Waker> {
        let waker = self.wakers.get_mut(place as usize)?.take()?;
        self.free.push(place);
        Some(waker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_used_again() {
        let foreign = WakerSlab::new(7);
        let lasting = foreign.insert(Waker::noop().clone());
        for i in 0..1_000 {
            let key = foreign.insert(Waker::noop().clone());
            assert_ne!(key, lasting);
            if i % 2 == 0 {
                foreign.forget(key);
            } else {
                assert!(foreign.take(key).is_some());
            }
            assert!(foreign.take(key).is_none());
        }
        assert_eq!(foreign.table.borrow().wakers.len(), 2);
        assert!(foreign.take(lasting).is_some());
    }
}
