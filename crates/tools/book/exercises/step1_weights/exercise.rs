//! Exercise: some get more than others.
//!
//! Each iterator comes with a weight, from 1 up: how many items it may give before it goes to the back. Here all of
//! them give one. Change `next`, and `Weighted` if you need to.

use std::collections::VecDeque;

/// Takes as many items from each iterator in turn as its weight says, until all of them are done.
///
/// One that ends in the middle of its turn leaves, and the next one goes on.
pub(crate) fn weighted<I: Iterator>(
    iterators: impl IntoIterator<Item = (usize, I)>,
) -> Weighted<I> {
    Weighted {
        ready: iterators.into_iter().collect(),
    }
}

pub(crate) struct Weighted<I> {
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

#[path = "test.rs"]
pub(crate) mod test;
