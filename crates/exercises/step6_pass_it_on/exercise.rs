// Exercise: the queue of `lost_turn`, which loses a turn.
//
// A `Get` that is woken for an item may be dropped before it takes the item. Then the item is there, and the next one
// sleeps beside it. Let a `Get` that is dropped see whether it was woken for nothing, and wake the next one in its
// stead.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

#[derive(Clone, Default)]
struct Queue(Rc<RefCell<Inside>>);

#[derive(Default)]
struct Inside {
    items: VecDeque<char>,
    /// Those who wait, by a number that they took when they came.
    line: BTreeMap<u64, Waker>,
    /// How many ever came.
    came: u64,
}

impl Queue {
    /// Puts an item in, and wakes the one that waits first.
    fn put(&self, item: char) {
        let mut inside = self.0.borrow_mut();
        inside.items.push_back(item);
        let first = inside.line.pop_first();
        drop(inside);
        if let Some((_, waker)) = first {
            waker.wake();
        }
    }

    fn get(&self) -> Get {
        Get {
            queue: self.clone(),
            place: None,
        }
    }

    /// Returns how many wakers are kept.
    fn waiting(&self) -> usize {
        self.0.borrow().line.len()
    }
}

/// Ready with an item, once there is one.
struct Get {
    queue: Queue,
    /// `None` before the first wait.
    place: Option<u64>,
}

impl Future for Get {
    type Output = char;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<char> {
        let waker = cx.waker().clone();
        let Get { queue, place } = &mut *self;
        let mut inside = queue.0.borrow_mut();
        if let Some(item) = inside.items.pop_front() {
            return Poll::Ready(item);
        }
        let place = *place.get_or_insert_with(|| {
            inside.came += 1;
            inside.came
        });
        let old = inside.line.insert(place, waker);
        drop(inside);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Get {
    fn drop(&mut self) {
        let waker = self
            .place
            .and_then(|place| self.queue.0.borrow_mut().line.remove(&place));
        drop(waker);
    }
}
