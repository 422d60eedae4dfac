//! How do suspended functions take turns? In a queue: the first goes on, and then to the back.

use std::collections::VecDeque;
use std::iter::FusedIterator;

/// Takes one item from each iterator in turn, until all of them are done.
///
/// The first iterator goes first; one that has ended leaves the round and is not asked again, and the others go on
/// without it. Nothing is taken before it is asked for. Without iterators, or with empty ones only, there are no items.
///
/// # Examples
///
/// ```
/// use step1_interleaver::interleave;
///
/// let uneven = interleave([vec![1, 2, 3], vec![], vec![10]]);
/// assert_eq!(uneven.collect::<Vec<_>>(), [1, 10, 2, 3]);
///
/// let endless = interleave([1.., 100..]);
/// assert_eq!(endless.take(4).collect::<Vec<_>>(), [1, 100, 2, 101]);
/// ```
pub fn interleave<I: IntoIterator>(
    iterators: impl IntoIterator<Item = I>,
) -> Interleave<I::IntoIter> {
    Interleave {
        ready: iterators.into_iter().map(I::into_iter).collect(),
    }
}

/// An iterator over the items of several iterators in turn, made by [`interleave`].
#[derive(Clone, Debug)]
pub struct Interleave<I> {
    /// The one that goes on next is in front. Each iterator is in here, being run, or done.
    ready: VecDeque<I>,
}

impl<I: Iterator> Iterator for Interleave<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        while let Some(mut iterator) = self.ready.pop_front() {
            if let Some(item) = iterator.next() {
                self.ready.push_back(iterator);
                return Some(item);
            }
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let hints = self.ready.iter().map(I::size_hint);
        hints.fold((0, Some(0)), |(least, most), (lower, upper)| {
            (
                least.saturating_add(lower),
                most.zip(upper)
                    .and_then(|(most, upper)| most.checked_add(upper)),
            )
        })
    }
}

// An iterator that has ended is dropped, so nothing is left that could give an item later.
impl<I: Iterator> FusedIterator for Interleave<I> {}
