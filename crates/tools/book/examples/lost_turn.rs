//! What does a queue lose when a woken task goes away? Its wake: an item is there, and the
//! next one sleeps on.
//!
//! `cargo run -p book --example lost_turn` ends with a panic, because on the virtual clock the
//! executor sees that nothing can wake the second task.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use step5_executor::{Executor, spawn, yield_now};

/// A queue by hand.
#[derive(Clone, Default)]
struct Queue(Rc<RefCell<Inside>>);

#[derive(Default)]
struct Inside {
    items: VecDeque<&'static str>,
    /// The waiters, by the order of arrival.
    line: BTreeMap<u64, Waker>,
    /// How many waiters have come.
    arrivals: u64,
}

impl Queue {
    /// Puts an item in, and wakes the first waiter.
    fn put(&self, item: &'static str) {
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
            number: None,
        }
    }
}

/// Ready with an item, once there is one.
struct Get {
    queue: Queue,
    /// `None` before the first wait.
    number: Option<u64>,
}

impl Future for Get {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<&'static str> {
        let waker = cx.waker().clone();
        let Get { queue, number } = &mut *self;
        let mut inside = queue.0.borrow_mut();
        if let Some(item) = inside.items.pop_front() {
            return Poll::Ready(item);
        }
        let number = *number.get_or_insert_with(|| {
            inside.arrivals += 1;
            inside.arrivals
        });
        let old = inside.line.insert(number, waker);
        drop(inside);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Get {
    fn drop(&mut self) {
        let waker = self
            .number
            .and_then(|number| self.queue.0.borrow_mut().line.remove(&number));
        drop(waker);
    }
}

async fn work(name: &str, queue: Queue) {
    let item = queue.get().await;
    println!("{name} has {item}");
}

fn main() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let queue = Queue::default();
        let first = spawn(work("the first", queue.clone()));
        let second = spawn(work("the second", queue.clone()));
        yield_now().await;
        println!("both wait");
        queue.put("a letter");
        first.abort();
        println!("there is a letter, and the first is gone");
        second.await.unwrap();
    });
}
