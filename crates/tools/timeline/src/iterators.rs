//! Reports for the iterators of step 1, which have no scheduler that would.

/// Wraps iterators that take turns, so that they report each call of `next` as a turn: the tasks of
/// one run.
///
/// # Examples
///
/// ```
/// let recorder = timeline::Recorder::listen();
/// let [mut ab, mut x] = timeline::watch([("ab", "ab".chars()), ("x", "x".chars())]);
/// while ab.next().is_some() | x.next().is_some() {}
/// assert!(recorder.picture("").to_text(80).starts_with("\
/// ab    ████░░░░████░░░░████
/// x     ░░░░████░░░░████····
/// "));
/// ```
pub fn watch<I: Iterator, const N: usize>(iterators: [(&str, I); N]) -> [Watched<I>; N] {
    trace::started(None, false);
    let mut tasks = 0..;
    iterators.map(|(name, iterator)| {
        let task = tasks.next().expect("there are few iterators");
        trace::spawned(task, name);
        trace::woken(task);
        Watched {
            task,
            has_ended: false,
            iterator,
        }
    })
}

/// An iterator that reports its turns, made by [`watch`].
#[derive(Debug)]
pub struct Watched<I> {
    task: u64,
    has_ended: bool,
    iterator: I,
}

impl<I: Iterator> Iterator for Watched<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.has_ended {
            return self.iterator.next();
        }
        trace::resumed(self.task);
        let item = self.iterator.next();
        if item.is_some() {
            trace::woken(self.task);
            trace::suspended(self.task, Some(trace::Reason::Turn));
        } else {
            self.has_ended = true;
            trace::finished(self.task);
        }
        item
    }
}
