//! Lines of waiters, and the permit of a waiter that was called and is dropped.
//!
//! This is the heart of every queue and lock here. The rest of each is plain counting.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::task::{Context, Poll, Waker};

/// The tasks that wait for one thing: first come, first served.
///
/// It is a list linked by indices in a `Vec`, so getting in line, being called and going away each
/// take a few steps, however many wait. The `Vec` keeps room for the most that ever waited at once.
///
/// No user code runs under the borrow. Wakers are cloned, woken and dropped before it begins
/// or after it has ended, and a caller must bear that they do anything in between, even
/// to this very list.
#[derive(Default)]
pub(crate) struct Waiters {
    line: RefCell<Line>,
    /// How many wait and have not been called. Apart from the list, because most often that is all
    /// there is to know.
    waiting: Cell<usize>,
}

/// What a future has of the line that it waits in. The drop of such a future must
/// [`leave`](Waiters::leave) with the place.
#[derive(Debug, Default)]
pub(crate) struct Place(Option<u32>);

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// With a permit, which is for this waiter alone. If it is dropped, it must pass it on.
    Permit,
    /// With nothing in its hands: the wait is over for all.
    Dismissed,
}

impl Waiters {
    /// Waits to be called, unless `try_now` says that there is no need to.
    ///
    /// `try_now` is asked only before the waiter gets in line, and runs without a borrow. It is
    /// asked for the last time right before that, so nothing that happens in between is missed.
    pub(crate) fn poll(
        &self,
        place: &mut Place,
        cx: &mut Context<'_>,
        try_now: impl Fn() -> Option<Called>,
    ) -> Poll<Called> {
        let Some(index) = place.0 else {
            if let Some(called) = try_now() {
                return Poll::Ready(called);
            }
            let waker = cx.waker().clone();
            // Cloning it ran user code, which may have brought what there was to wait for.
            if let Some(called) = try_now() {
                return Poll::Ready(called);
            }
            place.0 = Some(self.line.borrow_mut().push(waker));
            self.waiting.set(self.waiting.get() + 1);
            return Poll::Pending;
        };
        let mut line = self.line.borrow_mut();
        match &line.slots[index as usize].state {
            State::Waiting(known) if known.will_wake(cx.waker()) => Poll::Pending,
            State::Waiting(_) => {
                drop(line);
                self.poll_with_another_waker(place, index, cx)
            }
            State::Called(_) | State::Free => line.poll_called(place, index),
        }
    }

    /// Takes the waker of this poll in place of the one before.
    #[cold]
    fn poll_with_another_waker(
        &self,
        place: &mut Place,
        index: u32,
        cx: &Context<'_>,
    ) -> Poll<Called> {
        let waker = cx.waker().clone();
        let old = self.line.borrow_mut().replace(index, waker);
        drop(old);
        // Cloning the new one and dropping the old one ran user code, which may have called
        // this very waiter.
        self.line.borrow_mut().poll_called(place, index)
    }

    /// Leaves the line, if the waiter is in it. Returns how it was called, if it was called and has
    /// not continued since.
    #[must_use = "a permit is to be passed on"]
    #[inline]
    pub(crate) fn leave(&self, place: &mut Place) -> Option<Called> {
        self.take_out(place.0.take()?)
    }

    #[cold]
    fn take_out(&self, index: u32) -> Option<Called> {
        let state = self.line.borrow_mut().remove(index);
        match state {
            State::Called(called) => Some(called),
            State::Waiting(waker) => {
                self.waiting.set(self.waiting.get() - 1);
                drop(waker);
                None
            }
            State::Free => unreachable!("who is in the line has a slot there"),
        }
    }

    /// Gives a permit to the first in line, and wakes it. Returns whether anybody waits.
    pub(crate) fn call_first(&self) -> bool {
        if self.waiting.get() == 0 {
            return false;
        }
        let waker = self.line.borrow_mut().call_first(Called::Permit);
        self.waiting.set(self.waiting.get() - 1);
        waker.wake();
        true
    }

    /// Calls this many from the front of the line, or all there are. Returns their wakers, to be
    /// woken.
    #[must_use = "who was called is to be woken"]
    pub(crate) fn call(&self, count: usize, called: Called) -> Vec<Waker> {
        let count = count.min(self.waiting.get());
        self.waiting.set(self.waiting.get() - count);
        let mut line = self.line.borrow_mut();
        (0..count).map(|_| line.call_first(called)).collect()
    }

    /// Ends the wait of all, in order. Who comes later is not concerned.
    pub(crate) fn dismiss_all(&self) {
        wake_all(self.call(usize::MAX, Called::Dismissed));
    }

    /// Returns how many wait and have not been called.
    pub(crate) fn len(&self) -> usize {
        self.waiting.get()
    }
}

/// Says how many wait, which is all that is of use to others.
impl fmt::Debug for Waiters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.len().fmt(f)
    }
}

/// Wakes them all, in order. If one panics, the panic continues when all are woken: none may be
/// left waiting forever.
pub(crate) fn wake_all(wakers: Vec<Waker>) {
    let mut first_panic = None;
    for waker in wakers {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| waker.wake())) {
            first_panic.get_or_insert(payload);
        }
    }
    if let Some(payload) = first_panic {
        resume_unwind(payload);
    }
}

/// The list: those who wait, linked in order, and beside them those who were called and have not
/// continued.
struct Line {
    slots: Vec<Slot>,
    /// The first and the last who wait, or `NONE`.
    first: u32,
    last: u32,
    /// The first free slot, or `NONE`. The next one is its `after`.
    free: u32,
}

struct Slot {
    state: State,
    /// Who waits before and after this one, or `NONE`.
    before: u32,
    after: u32,
}

enum State {
    Free,
    Waiting(Waker),
    /// Yielder of the list, but the slot belongs to the waiter until it continues or leaves.
    Called(Called),
}

const NONE: u32 = u32::MAX;

impl Line {
    /// Adds a waiter at the end. Returns its slot.
    fn push(&mut self, waker: Waker) -> u32 {
        let slot = Slot {
            state: State::Waiting(waker),
            before: self.last,
            after: NONE,
        };
        let index = self.free;
        let index = if index == NONE {
            assert!(
                self.slots.len() < NONE as usize,
                "at most {NONE} tasks can wait for one thing"
            );
            self.slots.push(slot);
            self.slots.len() as u32 - 1
        } else {
            self.free = mem::replace(&mut self.slots[index as usize], slot).after;
            index
        };
        match self.last {
            NONE => self.first = index,
            last => self.slots[last as usize].after = index,
        }
        self.last = index;
        index
    }

    /// Calls the first in line, and returns its waker. There must be a waiter.
    fn call_first(&mut self, called: Called) -> Waker {
        let index = self.first;
        self.unlink(index);
        match mem::replace(&mut self.slots[index as usize].state, State::Called(called)) {
            State::Waiting(waker) => waker,
            State::Free | State::Called(_) => unreachable!("only those who wait are in the list"),
        }
    }

    /// Frees the slot of a waiter that was called, and lets it continue.
    fn poll_called(&mut self, place: &mut Place, index: u32) -> Poll<Called> {
        let State::Called(called) = self.slots[index as usize].state else {
            return Poll::Pending;
        };
        self.free(index);
        *place = Place(None);
        Poll::Ready(called)
    }

    /// Gives a waiter another waker. Returns the one that is not needed: the new one, if the waiter
    /// was called.
    fn replace(&mut self, index: u32, waker: Waker) -> Waker {
        match &mut self.slots[index as usize].state {
            State::Waiting(known) => mem::replace(known, waker),
            State::Free | State::Called(_) => waker,
        }
    }

    /// Takes a waiter out wherever it is. Returns what it was.
    fn remove(&mut self, index: u32) -> State {
        if matches!(self.slots[index as usize].state, State::Waiting(_)) {
            self.unlink(index);
        }
        self.free(index)
    }

    /// Takes a slot out of the list, and leaves its state alone.
    fn unlink(&mut self, index: u32) {
        let Slot { before, after, .. } = self.slots[index as usize];
        match before {
            NONE => self.first = after,
            before => self.slots[before as usize].after = after,
        }
        match after {
            NONE => self.last = before,
            after => self.slots[after as usize].before = before,
        }
    }

    /// Frees a slot that is not in the list. Returns what was in it.
    fn free(&mut self, index: u32) -> State {
        let slot = &mut self.slots[index as usize];
        slot.after = self.free;
        self.free = index;
        mem::replace(&mut slot.state, State::Free)
    }
}

impl Default for Line {
    fn default() -> Line {
        Line {
            slots: vec![],
            first: NONE,
            last: NONE,
            free: NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(waiters: &Waiters, place: &mut Place) -> Poll<Called> {
        waiters.poll(place, &mut Context::from_waker(Waker::noop()), || None)
    }

    /// As when timeouts end before anything comes, while one waiter waits all the time.
    #[test]
    fn cancelled_waiters_leave_nothing_behind() {
        let waiters = Waiters::default();
        let mut first = Place::default();
        assert!(wait(&waiters, &mut first).is_pending());
        let mut before = Place::default();
        for _ in 0..1_000_000 {
            let mut next = Place::default();
            assert!(wait(&waiters, &mut next).is_pending());
            assert_eq!(waiters.leave(&mut before), None);
            before = next;
        }
        assert_eq!(waiters.len(), 2);
        assert!(waiters.line.borrow().slots.len() <= 3);
        assert!(waiters.call_first());
        assert_eq!(waiters.leave(&mut first), Some(Called::Permit));
        assert_eq!(waiters.leave(&mut before), None);
    }

    #[test]
    fn those_who_were_called_leave_nothing_behind() {
        let waiters = Waiters::default();
        for _ in 0..1_000 {
            let mut place = Place::default();
            assert!(wait(&waiters, &mut place).is_pending());
            assert!(waiters.call_first());
            assert_eq!(wait(&waiters, &mut place), Poll::Ready(Called::Permit));
            assert_eq!(waiters.leave(&mut place), None);
        }
        assert_eq!(waiters.len(), 0);
        assert_eq!(waiters.line.borrow().slots.len(), 1);
    }
}
