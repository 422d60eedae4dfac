//! A solution: an iterator whose turn is not over goes back to the front.

use std::collections::VecDeque;

/// Takes as many items from each iterator in turn as its weight says, until all of them are done.
///
/// One that ends in the middle of its turn leaves, and the next one goes on.
pub(crate) fn weighted<I: Iterator>(
    iterators: impl IntoIterator<Item = (usize, I)>,
) -> Weighted<I> {
    Weighted {
        ready: iterators.into_iter().collect(),
        given: 0,
    }
}

pub(crate) struct Weighted<I> {
    ready: VecDeque<(usize, I)>,
    /// How many items the one in front has given in this turn.
    given: usize,
}

impl<I: Iterator> Iterator for Weighted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        while let Some((weight, mut iterator)) = self.ready.pop_front() {
            if let Some(item) = iterator.next() {
                self.given += 1;
                if self.given < weight {
                    self.ready.push_front((weight, iterator));
                } else {
                    self.given = 0;
                    self.ready.push_back((weight, iterator));
                }
                return Some(item);
            }
            self.given = 0;
        }
        None
    }
}

#[path = "test.rs"]
pub(crate) mod test;
