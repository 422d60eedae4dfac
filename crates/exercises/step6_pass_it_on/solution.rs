// Hint: a `Get` that has a number, but is not among the waiters any more, was woken. If it is
// dropped in that state, it wakes the next one. A `Get` that takes an item gives up its number.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

#[derive(Clone, Default)]
struct Queue(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    items: VecDeque<char>,
    /// The wakers of the waiters, by the number that each took when it came.
    waiters: BTreeMap<u64, Waker>,
    /// How many have come.
    arrivals: u64,
}

impl Queue {
    /// Puts an item in, and wakes the first waiter.
    fn put(&self, item: char) {
        let mut state = self.0.borrow_mut();
        state.items.push_back(item);
        drop(state);
        self.wake_first();
    }

    fn wake_first(&self) {
        let first = self.0.borrow_mut().waiters.pop_first();
        if let Some((_, waker)) = first {
            waker.wake();
        }
    }

    fn get(&self) -> Get {
        Get {
            queue: self.clone(),
            number: None,
        }
    }

    /// Returns how many wakers are kept.
    fn waiting(&self) -> usize {
        self.0.borrow().waiters.len()
    }
}

/// Ready with an item, once there is one.
struct Get {
    queue: Queue,
    /// `None` before the first wait, and once it is ready.
    number: Option<u64>,
}

impl Future for Get {
    type Output = char;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<char> {
        let Get { queue, number } = &mut *self;
        let mut state = queue.0.borrow_mut();
        if let Some(item) = state.items.pop_front() {
            // It may still be among the waiters, if it was polled for another reason.
            if let Some(number) = number.take() {
                state.waiters.remove(&number);
            }
            return Poll::Ready(item);
        }
        let number = *number.get_or_insert_with(|| {
            state.arrivals += 1;
            state.arrivals
        });
        let old = state.waiters.insert(number, cx.waker().clone());
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Get {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let was_waiting = self.queue.0.borrow_mut().waiters.remove(&number);
        if was_waiting.is_none() {
            self.queue.wake_first();
        }
    }
}
