//! The timers that are not in the heap yet.

use crate::timer_key::{NEVER, Timer, TimerKey};

/// The timers that were added since the heap was last asked for its first one.
///
/// Most time limits are taken back before anything is due: then neither they nor their cancellation
/// ever come into the heap. (The executor asks before it sleeps, so this is for limits which end
/// while tasks keep it busy.) Each timer has a place here, which is in its key.
#[derive(Debug)]
pub(crate) struct YoungTimers<T> {
    timers: Vec<Option<Timer<T>>>,
    /// The places without a timer.
    free: Vec<u64>,
    /// No timer here is due before this.
    first: u64,
}

/// How many places there are: few enough to be emptied in no time. They leave 52 bits to count
/// timers, which last for years.
pub(crate) const PLACES: u64 = 1 << 12;

impl<T> YoungTimers<T> {
    pub(crate) fn new() -> YoungTimers<T> {
        YoungTimers {
            timers: Vec::new(),
            free: Vec::new(),
            first: NEVER,
        }
    }

    /// Returns a place for a timer. `None` if all are taken.
    #[inline]
    pub(crate) fn place(&mut self) -> Option<u64> {
        self.free
            .pop()
            .or_else(|| Some(self.timers.len() as u64).filter(|place| *place < PLACES))
    }

    /// Puts a timer in its place, which is in its key.
    #[inline]
    pub(crate) fn insert(&mut self, timer: Timer<T>) {
        self.first = self.first.min(timer.key.deadline);
        let place = place(&timer.key);
        match self.timers.get_mut(place) {
            Some(free) => *free = Some(timer),
            None => self.timers.push(Some(timer)),
        }
    }

    /// Finds a timer. `None` if it is not here, or not any more.
    #[inline]
    pub(crate) fn find(&mut self, key: &TimerKey) -> Option<&mut Timer<T>> {
        let timer = self.timers.get_mut(place(key))?.as_mut();
        timer.filter(|timer| timer.key == *key)
    }

    /// Takes a timer out. `None` if it is not here, or not any more.
    #[inline]
    pub(crate) fn remove(&mut self, key: &TimerKey) -> Option<Timer<T>> {
        let timer = self.timers.get_mut(place(key))?;
        let removed = timer.take_if(|timer| timer.key == *key)?;
        self.free.push(place(key) as u64);
        Some(removed)
    }

    /// Takes all timers out.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Timer<T>> {
        self.free.clear();
        self.first = NEVER;
        self.timers.drain(..).flatten()
    }

    /// Returns a deadline before which no timer here is due.
    #[inline]
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.timers.len() - self.free.len()
    }
}

#[inline]
fn place(key: &TimerKey) -> usize {
    (key.sequence.get() % PLACES) as usize
}
