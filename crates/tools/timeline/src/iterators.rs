//! What does the recorder see of the iterators of step 1, which have no scheduler to tell it?

use crate::{Recorder, What};

impl Recorder {
    /// Wraps an iterator that takes turns with others: each call of `next` is a turn.
    ///
    /// # Examples
    ///
    /// ```
    /// use timeline::{Picture, Recorder};
    ///
    /// let recorder = Recorder::without_clock();
    /// let mut ab = recorder.watch("ab", "ab".chars());
    /// let mut x = recorder.watch("x", "x".chars());
    /// while ab.next().is_some() | x.next().is_some() {}
    /// let picture = Picture::from(recorder.recording());
    /// assert!(picture.to_text(80).starts_with("\
    /// ab    ████░░░░████░░░░████
    /// x     ░░░░████░░░░████····
    /// "));
    /// ```
    pub fn watch<I: Iterator>(&self, name: &str, iterator: I) -> Watched<I> {
        let task = self.write(|book| {
            let task = book.spawned(name.to_owned(), None);
            book.ready(task);
            task
        });
        Watched {
            recorder: self.clone(),
            task,
            iterator,
        }
    }
}

/// An iterator whose turns a recorder sees, made by [`Recorder::watch`].
#[derive(Debug)]
pub struct Watched<I> {
    recorder: Recorder,
    task: usize,
    iterator: I,
}

impl<I: Iterator> Iterator for Watched<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.recorder.write(|book| book.has_ended(self.task)) {
            return self.iterator.next();
        }
        self.recorder.write(|book| book.runs(self.task));
        let item = self.iterator.next();
        self.recorder.write(|book| match &item {
            Some(_) => {
                book.ready(self.task);
                book.suspended(self.task);
            }
            None => book.ended(self.task, What::Finished),
        });
        item
    }
}
