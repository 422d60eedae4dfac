// Hint: an iterator whose turn is not over goes back to the front. Count what it has yielded in
// this turn, and mind the one that ends before its turn does.

use std::collections::VecDeque;

/// Takes as many items from each iterator in turn as its weight says, until all have ended.
///
/// One that ends in the middle of its turn leaves the queue, and the next one continues.
fn weighted<I: Iterator>(iterators: impl IntoIterator<Item = (usize, I)>) -> Weighted<I> {
    Weighted {
        ready: iterators.into_iter().collect(),
        yielded: 0,
    }
}

struct Weighted<I> {
    /// Each with its weight; the next one is in front.
    ready: VecDeque<(usize, I)>,
    /// How many items the one in front has yielded in this turn.
    yielded: usize,
}

impl<I: Iterator> Iterator for Weighted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        while let Some((weight, mut iterator)) = self.ready.pop_front() {
            if let Some(item) = iterator.next() {
                self.yielded += 1;
                if self.yielded < weight {
                    self.ready.push_front((weight, iterator));
                } else {
                    self.yielded = 0;
                    self.ready.push_back((weight, iterator));
                }
                return Some(item);
            }
            self.yielded = 0;
        }
        None
    }
}
