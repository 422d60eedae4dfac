//! Suspended functions take turns in a queue: the one in front continues, then goes to the back.

use std::collections::VecDeque;

/// Takes one item from each iterator in turn, until all of them have ended.
///
/// One that has ended leaves the queue, and the others continue without it. Like any iterator, this
/// one is lazy: it takes an item only when it is asked for one.
///
/// # Examples
///
/// ```
/// use step1_interleaver::interleave;
///
/// let uneven = interleave([1..=3, 1..=0, 10..=10]);
/// assert_eq!(uneven.collect::<Vec<_>>(), [1, 10, 2, 3]);
///
/// let endless = interleave([1.., 100..]);
/// assert_eq!(endless.take(4).collect::<Vec<_>>(), [1, 100, 2, 101]);
/// ```
pub fn interleave<I: Iterator>(iterators: impl IntoIterator<Item = I>) -> Interleave<I> {
    let ready = iterators.into_iter().collect();
    Interleave { ready }
}

/// An iterator over the items of several iterators in turn, made by [`interleave`].
#[derive(Clone, Debug)]
pub struct Interleave<I> {
    /// The next one is in front.
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
}
