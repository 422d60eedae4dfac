// Hint: a `Get` that has a place but is no longer in line was woken. If it is dropped then, it wakes the next.

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
        self.0.borrow_mut().items.push_back(item);
        self.wake_first();
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

    fn wake_first(&self) {
        let first = self.0.borrow_mut().line.pop_first();
        if let Some((_, waker)) = first {
            waker.wake();
        }
    }
}

/// Ready with an item, once there is one.
struct Get {
    queue: Queue,
    /// `None` before the first wait, and once it is ready.
    place: Option<u64>,
}

impl Future for Get {
    type Output = char;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<char> {
        let waker = cx.waker().clone();
        let Get { queue, place } = &mut *self;
        let mut inside = queue.0.borrow_mut();
        if let Some(item) = inside.items.pop_front() {
            // It may still be in the line, if it was polled for another reason.
            let old = place.take().and_then(|place| inside.line.remove(&place));
            drop(inside);
            drop(old);
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
        let Some(place) = self.place else { return };
        let waker = self.queue.0.borrow_mut().line.remove(&place);
        if waker.is_none() {
            self.queue.wake_first();
        }
    }
}
