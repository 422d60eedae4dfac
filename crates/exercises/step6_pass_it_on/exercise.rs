// Exercise: the queue of `lost_turn`, which loses a wake-up.
//
// A `Get` that is woken for an item may be dropped before it takes the item. Then the item lies
// there, and the next `Get` sleeps beside it. Let a `Get` that is dropped find out whether it was
// woken and took nothing. If so, let it wake the next one instead.

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
        self.0.borrow_mut().items.push_back(item);
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
    /// `None` before the first wait.
    number: Option<u64>,
}

impl Future for Get {
    type Output = char;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<char> {
        let Get { queue, number } = &mut *self;
        let mut state = queue.0.borrow_mut();
        if let Some(item) = state.items.pop_front() {
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
        if let Some(number) = self.number {
            self.queue.0.borrow_mut().waiters.remove(&number);
        }
    }
}
