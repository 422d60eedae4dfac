//! Which of many child futures was woken, and so is the one to poll?
//!
//! Futures that are polled with their task's own waker all look alike from outside: when the task
//! is woken, any of them may be the one, and all must be polled. So each child here gets a waker of
//! its own, which writes the child's place on a list before it wakes the task. It is a scheduler
//! inside one task: a ready queue, and a round for each poll.

use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::AcqRel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Child futures of one future, the parent, each of which is polled only when it was woken.
///
/// A poll of the parent is a round: [`begin_round`](Self::begin_round), then
/// [`poll_next`](Self::poll_next) until it has had enough, and [`end_round`](Self::end_round) if it
/// is to be pending. A round polls those that were woken before it began, so it ends, even when
/// children wake themselves or each other over and over.
///
/// A child costs one allocation here, its waker's. One that is not `Unpin` needs a box, and brings
/// it.
pub(crate) struct Children<F> {
    slots: Vec<Option<Child<F>>>,
    /// The slots to use again. No entry for an earlier child of one of these is anywhere.
    free: Vec<usize>,
    /// Who is polled in this round, in order. What a round leaves over is first in the next.
    round: VecDeque<usize>,
    len: usize,
    /// How many have panicked; one more while one is polled or dropped, in case it panics.
    panics: usize,
    woken: Arc<Woken>,
}

struct Child<F> {
    future: F,
    link: Arc<Link>,
}

/// What the wakers of the children reach.
#[derive(Default)]
struct Woken {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The slots of the children that were woken since the round began, in order.
    list: VecDeque<usize>,
    /// Whom to wake. `None` during a round, which looks at the list when it ends, and after a wake:
    /// one is enough.
    parent: Option<Waker>,
}

/// What the waker of one child is.
struct Link {
    slot: usize,
    /// Whether a wake has nothing to do: the child is in a list already and has not been polled
    /// since, or it is over.
    is_listed: AtomicBool,
    woken: Arc<Woken>,
}

impl<F> Children<F> {
    /// Returns how many there are that are not over.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns whether a child has panicked, and so will never give its output.
    pub(crate) fn has_panicked(&self) -> bool {
        self.panics > 0
    }

    /// Adds a child, which is polled after those that were woken before. Returns its slot: the
    /// place in the order of adding, as long as no child is over.
    pub(crate) fn push(&mut self, future: F) -> usize {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        let link = Link {
            slot,
            is_listed: AtomicBool::new(true),
            woken: self.woken.clone(),
        };
        self.slots[slot] = Some(Child {
            future,
            link: Arc::new(link),
        });
        self.round.push_back(slot);
        self.len += 1;
        slot
    }

    /// Begins a round: from now on a wake is noted, and does not wake the parent.
    pub(crate) fn begin_round(&mut self) {
        let mut state = self.woken.lock();
        self.round.append(&mut state.list);
        let parent = state.parent.take();
        drop(state);
        drop(parent);
    }

    /// Ends a round: from now on a wake wakes the parent. When there was one during the round, that
    /// happens at once.
    pub(crate) fn end_round(&mut self, cx: &Context<'_>) {
        let waker = cx.waker().clone();
        let mut state = self.woken.lock();
        if self.round.is_empty() && state.list.is_empty() {
            // The round's beginning took the one before, so none is dropped here, under the lock.
            state.parent = Some(waker);
        } else {
            drop(state);
            waker.wake();
        }
    }

    /// Takes out those that are not over, in the order of their slots. From now on wakes do
    /// nothing.
    pub(crate) fn take_rest(&mut self) -> Vec<F> {
        mem::take(self)
            .slots
            .iter_mut()
            .filter_map(Option::take)
            .map(|child| child.future)
            .collect()
    }
}

impl<F: Future + Unpin> Children<F> {
    /// Polls the children of this round, until one is ready. Returns its slot and output, or `None`
    /// when none is left.
    ///
    /// The child is dropped by then. One that panics is dropped too; the others can be continued
    /// with.
    pub(crate) fn poll_next(&mut self) -> Option<(usize, F::Output)> {
        while let Some(slot) = self.round.pop_front() {
            // Yielder of its slot while it is polled, so that it is not polled again after a panic.
            let Some(Child { mut future, link }) = self.slots[slot].take() else {
                // A child that was woken in the very poll in which it was ready. This was the last
                // entry for it.
                self.free.push(slot);
                continue;
            };
            self.len -= 1;
            self.panics += 1;
            // A swap and not a store, so that this poll sees what was done before a wake that did
            // nothing.
            link.is_listed.swap(false, AcqRel);
            let waker = Waker::from(link.clone());
            let over = Over {
                link: &link,
                free: &mut self.free,
            };
            match Pin::new(&mut future).poll(&mut Context::from_waker(&waker)) {
                Poll::Pending => {
                    mem::forget(over);
                    self.slots[slot] = Some(Child { future, link });
                    self.len += 1;
                    self.panics -= 1;
                }
                Poll::Ready(output) => {
                    drop(over);
                    // If that panics, the output is lost.
                    drop(future);
                    self.panics -= 1;
                    return Some((slot, output));
                }
            }
        }
        None
    }
}

/// Gives the slot of a child back, unless an entry names it still; even when the child panics.
struct Over<'a> {
    link: &'a Link,
    free: &'a mut Vec<usize>,
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        if !self.link.is_listed.swap(true, AcqRel) {
            self.free.push(self.link.slot);
        }
    }
}

impl<F> Default for Children<F> {
    fn default() -> Children<F> {
        Children {
            slots: vec![],
            free: vec![],
            round: VecDeque::new(),
            len: 0,
            panics: 0,
            woken: Arc::default(),
        }
    }
}

impl<F> FromIterator<F> for Children<F> {
    fn from_iter<I: IntoIterator<Item = F>>(futures: I) -> Children<F> {
        let mut children = Children::default();
        for future in futures {
            children.push(future);
        }
        children
    }
}

impl<F> Drop for Children<F> {
    /// What the children do as they are dropped, in the order of their slots, must not wake the
    /// parent: it knows.
    fn drop(&mut self) {
        let parent = self.woken.lock().parent.take();
        drop(parent);
    }
}

impl Woken {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics under the lock, and no user code runs there.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Link {
    fn wake(self: Arc<Link>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Link>) {
        if self.is_listed.swap(true, AcqRel) {
            return;
        }
        let mut state = self.woken.lock();
        state.list.push_back(self.slot);
        let parent = state.parent.take();
        drop(state);
        if let Some(parent) = parent {
            parent.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{poll_fn, ready};

    /// Runs one round to its end. Returns how many were ready.
    fn round<F: Future + Unpin>(children: &mut Children<F>) -> usize {
        children.begin_round();
        let ready = std::iter::from_fn(|| children.poll_next()).count();
        children.end_round(&Context::from_waker(Waker::noop()));
        ready
    }

    #[test]
    fn slots_of_those_that_panic_are_used_again() {
        let mut children = Children::default();
        for _ in 0..1_000 {
            children.push(poll_fn(|_| -> Poll<()> {
                std::panic::resume_unwind(Box::new(()))
            }));
            assert!(
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| round(&mut children)))
                    .is_err()
            );
        }
        assert!(children.slots.len() < 10, "{} slots", children.slots.len());
    }

    #[test]
    fn slots_are_used_again() {
        let mut children = Children::default();
        for _ in 0..1_000 {
            for _ in 0..3 {
                children.push(ready(()));
            }
            assert_eq!(round(&mut children), 3);
        }
        assert_eq!((children.slots.len(), children.free.len()), (3, 3));
    }

    /// The slot of a child that was woken as it became ready is not free before the entry in the
    /// list is gone.
    #[test]
    fn a_slot_in_the_list_is_not_used_again() {
        let mut children = Children::default();
        for _ in 0..1_000 {
            children.push(poll_fn(|cx| {
                cx.waker().wake_by_ref();
                Poll::Ready(())
            }));
            assert_eq!((round(&mut children), children.free.len()), (1, 0));
            assert_eq!((round(&mut children), children.free.len()), (0, 1));
        }
        assert_eq!(children.slots.len(), 1);
    }

    #[test]
    fn a_child_is_listed_once_for_many_wakes() {
        let mut wakers = vec![];
        let mut children = Children::default();
        children.push(Box::pin(poll_fn(|cx| {
            wakers.push(cx.waker().clone());
            Poll::<()>::Pending
        })));
        round(&mut children);
        let woken = children.woken.clone();
        drop(children);
        (0..1_000).for_each(|_| wakers[0].wake_by_ref());
        assert_eq!(woken.lock().list.len(), 1);
    }
}
