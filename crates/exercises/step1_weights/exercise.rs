// Exercise: some iterators get more than others.
//
// Each iterator comes with a weight, from 1 up: how many items it may yield before it goes to the
// back. But here each goes to the back after one. Change `next`, and `Weighted` if you need to.

use std::collections::VecDeque;

/// Takes as many items from each iterator in turn as its weight says, until all have ended.
///
/// One that ends in the middle of its turn leaves the queue, and the next one continues.
fn weighted<I: Iterator>(iterators: impl IntoIterator<Item = (usize, I)>) -> Weighted<I> {
    Weighted {
        ready: iterators.into_iter().collect(),
    }
}

struct Weighted<I> {
    /// Each with its weight; the next one is in front.
    ready: VecDeque<(usize, I)>,
}

impl<I: Iterator> Iterator for Weighted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        while let Some((weight, mut iterator)) = self.ready.pop_front() {
            if let Some(item) = iterator.next() {
                self.ready.push_back((weight, iterator));
                return Some(item);
            }
        }
        None
    }
}
