//! What do all queues share? Everything but the order in which items leave.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::task::{Context, Poll, ready};

use crate::permits::Permits;
use crate::queue_errors::{Closed, TryGetError, TryPutError};
use crate::waiters::{Called, Place, wake_all};

/// Where a queue keeps its items, which says in what order they leave. Because it is a type,
/// nothing is looked up at run time.
pub trait Storage {
    /// What is kept.
    type Item;

    /// Puts an item in.
    fn push(&mut self, item: Self::Item);

    /// Takes out the item that is next. `None` when there is none.
    fn pop(&mut self) -> Option<Self::Item>;

    /// Returns how many there are.
    fn len(&self) -> usize;
}

/// The inside of a queue: two counts of permits, and the items.
///
/// A permit is the right to some item, or to some place: which one is settled when the
/// permit is used. So an item stays in here until it leaves with a task, and cannot get lost with
/// a future that is dropped.
pub(crate) struct Buffer<S> {
    /// One for each item that is not reserved.
    available: Permits,
    /// One for each place that is neither filled nor reserved.
    room: Permits,
    is_closed: Cell<bool>,
    capacity: Option<usize>,
    /// Borrowed only to push, to pop and to count. User code runs there only to compare items.
    items: RefCell<S>,
}

impl<S: Storage> Buffer<S> {
    /// Makes an empty buffer. `None` is one without a limit.
    ///
    /// # Panics
    ///
    /// Panics if the capacity is zero.
    pub(crate) fn new(capacity: Option<usize>, storage: S) -> Buffer<S> {
        assert!(
            capacity != Some(0),
            "a queue of capacity 0 could never take an item: give it at least 1, or make it `unbounded`"
        );
        Buffer {
            available: Permits::new(0),
            room: Permits::new(capacity.unwrap_or(usize::MAX)),
            is_closed: Cell::new(false),
            capacity,
            items: RefCell::new(storage),
        }
    }

    pub(crate) fn poll_put(
        &self,
        place: &mut Place,
        item: &mut Option<S::Item>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Closed<S::Item>>> {
        assert!(item.is_some(), "a `put` was polled after it was ready");
        let called = ready!(
            self.room
                .waiters
                .poll(place, cx, || match self.is_closed() {
                    true => Some(Called::Dismissed),
                    false => self.room.try_take().then_some(Called::Permit),
                })
        );
        let item = item
            .take()
            .expect("it was there when the poll began, and only a poll takes it");
        // The queue may have been closed after the permit had come. There are no waiters for the
        // room then.
        if called == Called::Dismissed || self.is_closed() {
            return Poll::Ready(Err(Closed(item)));
        }
        self.push(item);
        Poll::Ready(Ok(()))
    }

    pub(crate) fn poll_get(
        &self,
        place: &mut Place,
        cx: &mut Context<'_>,
    ) -> Poll<Option<S::Item>> {
        let called =
            ready!(
                self.available
                    .waiters
                    .poll(place, cx, || match self.available.try_take() {
                        true => Some(Called::Permit),
                        false => self.is_drained().then_some(Called::Dismissed),
                    })
            );
        Poll::Ready(match called {
            Called::Permit => Some(self.pop()),
            Called::Dismissed => None,
        })
    }

    pub(crate) fn try_put(&self, item: S::Item) -> Result<(), TryPutError<S::Item>> {
        if self.is_closed() {
            return Err(TryPutError::Closed(item));
        }
        if !self.room.try_take() {
            return Err(TryPutError::Full(item));
        }
        self.push(item);
        Ok(())
    }

    pub(crate) fn try_get(&self) -> Result<S::Item, TryGetError> {
        if self.available.try_take() {
            return Ok(self.pop());
        }
        Err(if self.is_drained() {
            TryGetError::Closed
        } else {
            TryGetError::Empty
        })
    }

    pub(crate) fn leave_put(&self, place: &mut Place) {
        self.room.leave(place);
    }

    pub(crate) fn leave_get(&self, place: &mut Place) {
        self.available.leave(place);
    }

    pub(crate) fn close(&self) {
        if self.is_closed.replace(true) {
            return;
        }
        let mut waiting = self.room.waiters.call(usize::MAX, Called::Dismissed);
        if self.len() == 0 {
            waiting.extend(self.available.waiters.call(usize::MAX, Called::Dismissed));
        }
        wake_all(waiting);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    pub(crate) fn len(&self) -> usize {
        self.items.try_borrow().expect(COMPARING).len()
    }

    pub(crate) fn capacity(&self) -> Option<usize> {
        self.capacity
    }

    pub(crate) fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("len", &self.len())
            .field("capacity", &self.capacity)
            .field("is_closed", &self.is_closed())
            .finish_non_exhaustive()
    }

    /// Returns whether no item is here, and none will ever be. One that is reserved may still be
    /// passed on.
    fn is_drained(&self) -> bool {
        self.is_closed() && self.len() == 0
    }

    /// Puts an item into the place that a permit stands for.
    fn push(&self, item: S::Item) {
        self.exchange(&self.room, &self.available, |items| items.push(item));
    }

    /// Takes the item that a permit stands for.
    fn pop(&self) -> S::Item {
        let popped = self.exchange(&self.available, &self.room, S::pop);
        if self.is_drained() {
            // They waited in case the task with the last item reserved left it to them.
            self.available.waiters.dismiss_all();
        }
        popped.expect("there is an item for each permit")
    }

    /// Changes the items, for which one permit was spent and the other one is made.
    fn exchange<R>(&self, spent: &Permits, made: &Permits, change: impl FnOnce(&mut S) -> R) -> R {
        let mut give = GiveOnDrop(spent);
        let mut items = self.items.try_borrow_mut().expect(COMPARING);
        // The storage compares only after it has added an item, or taken one out: std's heap does.
        give.0 = made;
        change(&mut items)
    }
}

const COMPARING: &str = "to compare the items of a queue must not use the queue";

/// Gives a permit, after the borrow, even when a comparison panics: that costs no place and no
/// permit.
struct GiveOnDrop<'a>(&'a Permits);

impl Drop for GiveOnDrop<'_> {
    fn drop(&mut self) {
        self.0.give();
    }
}
