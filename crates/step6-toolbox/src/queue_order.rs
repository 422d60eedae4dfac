//! The order in which items leave a queue.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Where a queue keeps its items, which decides in what order they leave.
pub trait QueueOrder: Default {
    /// The items.
    type Item;

    /// Puts an item in.
    fn push(&mut self, item: Self::Item);

    /// Takes the next item out. Returns `None` when there is none.
    fn pop(&mut self) -> Option<Self::Item>;

    /// Returns how many items there are.
    fn count(&self) -> usize;
}

/// First in, first out.
impl<T> QueueOrder for VecDeque<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.push_back(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.pop_front()
    }

    fn count(&self) -> usize {
        self.len()
    }
}

/// Last in, first out.
impl<T> QueueOrder for Vec<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.push(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.pop()
    }

    fn count(&self) -> usize {
        self.len()
    }
}

/// The smallest first; of equal ones, the one that came first.
pub struct SmallestFirst<T> {
    // `Reverse`, because the top of std's heap is the greatest.
    heap: BinaryHeap<Reverse<Arrival<T>>>,
    arrivals: u64,
}

/// Compared by item, and then by number: that is the order of the fields.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Arrival<T> {
    item: T,
    number: u64,
}

impl<T: Ord> QueueOrder for SmallestFirst<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        let number = self.arrivals;
        self.arrivals += 1;
        self.heap.push(Reverse(Arrival { item, number }));
    }

    fn pop(&mut self) -> Option<T> {
        self.heap.pop().map(|Reverse(arrival)| arrival.item)
    }

    fn count(&self) -> usize {
        self.heap.len()
    }
}

impl<T: Ord> Default for SmallestFirst<T> {
    fn default() -> SmallestFirst<T> {
        SmallestFirst {
            heap: BinaryHeap::new(),
            arrivals: 0,
        }
    }
}
