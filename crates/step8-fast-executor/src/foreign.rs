//! How does a waker from elsewhere fit where a number is kept?
//!
//! Whoever joins a task or sleeps is remembered as a number, which is all that a waker of this crate is. A waker from
//! elsewhere, such as one that a combinator made for one of its futures, is kept in a table here and gets a number too.

use std::cell::RefCell;
use std::task::Waker;

use crate::number::TaskNumber;
use crate::task::drop_quietly;

/// The wakers from elsewhere by which somebody is to be woken.
pub(crate) struct Foreign {
    executor: u16,
    table: RefCell<Table>,
}

#[derive(Default)]
struct Table {
    wakers: Vec<Option<Waker>>,
    /// The places without a waker.
    free: Vec<u32>,
}

impl Foreign {
    pub(crate) fn new(executor: u16) -> Foreign {
        Foreign {
            executor,
            table: RefCell::default(),
        }
    }

    /// Returns whether a number, which was returned here before, says who is woken by `waker`.
    #[inline]
    pub(crate) fn is(&self, number: TaskNumber, waker: &Waker) -> bool {
        match TaskNumber::of_waker(waker) {
            Some(task) => task == number,
            None => self.table.borrow().is(number, waker),
        }
    }

    /// Returns a number for whoever is woken by `waker`.
    ///
    /// Cloning a waker from elsewhere runs code of others. So whoever has an older number keeps it until this has
    /// returned, and then checks whether it still waits.
    ///
    /// # Panics
    ///
    /// When 16,777,215 wakers from elsewhere are in the table, and when the clone does.
    #[inline]
    pub(crate) fn number(&self, waker: &Waker) -> TaskNumber {
        TaskNumber::of_waker(waker).unwrap_or_else(|| {
            let waker = waker.clone();
            let place = self.table.borrow_mut().insert(waker);
            TaskNumber::new(self.executor, TaskNumber::FOREIGN as u32, place)
        })
    }

    /// Takes the waker with a number out of the table. `None` when the number is a task's.
    pub(crate) fn take(&self, number: TaskNumber) -> Option<Waker> {
        let place = (number.slot() == TaskNumber::FOREIGN).then(|| number.generation())?;
        self.table.borrow_mut().take(place)
    }

    /// Drops the waker with a number, unless that is a task's: nobody will be woken by it any more.
    #[inline]
    pub(crate) fn forget(&self, number: TaskNumber) {
        if number.slot() == TaskNumber::FOREIGN {
            self.take(number).into_iter().for_each(drop_quietly);
        }
    }
}

impl Table {
    fn is(&self, number: TaskNumber, waker: &Waker) -> bool {
        let place = self
            .wakers
            .get(number.generation() as usize)
            .filter(|_| number.slot() == TaskNumber::FOREIGN);
        place
            .and_then(Option::as_ref)
            .is_some_and(|known| known.will_wake(waker))
    }

    fn insert(&mut self, waker: Waker) -> u64 {
        let place = self.free.pop().unwrap_or_else(|| {
            assert!(
                self.wakers.len() < TaskNumber::NOBODY.generation() as usize,
                "too many wakers from elsewhere wait"
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
        let foreign = Foreign::new(7);
        let lasting = foreign.number(Waker::noop());
        for i in 0..1_000 {
            let number = foreign.number(Waker::noop());
            assert_ne!(number, lasting);
            if i % 2 == 0 {
                foreign.forget(number);
            } else {
                assert!(foreign.take(number).is_some());
            }
            assert!(foreign.take(number).is_none());
        }
        assert_eq!(foreign.table.borrow().wakers.len(), 2);
        assert!(foreign.take(lasting).is_some());
    }
}
