//! Many futures in one task, of which only the woken ones are polled.
//!
//! Futures that are polled with their task's waker cannot be told apart: when the task is woken, it
//! might be for any of them, so all must be polled. Here each child gets a waker of its own, which
//! pushes the child's number onto a list before it wakes the task. It is a scheduler inside one
//! task, with a ready queue and rounds.

use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::async_iterator::AsyncIterator;

/// Futures that run in the task that awaits their outputs, which come as they are made.
///
/// The name is that of the `futures` crate. [`as_completed`] returns one, and all tools for many
/// futures are built on it. It may grow at any time. A future is polled only when it was woken, in
/// the order of the wakes, and is dropped as soon as it is ready, so the work for an output does
/// not depend on how many futures there are. Futures that keep waking themselves do not hold up the
/// others. To know which future an output is from, let the future return that, too.
///
/// The futures continue only while an output is awaited. For tasks, which continue by themselves,
/// there is [`JoinSet`](crate::JoinSet). Dropping it drops the futures in the order in which they
/// were pushed. It works on any executor, and is `Send` when the futures are.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep};
/// use step6_toolbox::FuturesUnordered;
///
/// async fn nap(seconds: u64) -> u64 {
///     sleep(Duration::from_secs(seconds)).await;
///     seconds
/// }
///
/// Executor::with_virtual_time()?.block_on(async {
///     let mut naps = FuturesUnordered::new();
///     naps.push(nap(3));
///     naps.push(nap(1));
///     assert_eq!(naps.next().await, Some(1));
///     naps.push(nap(1));
///     assert_eq!(naps.next().await, Some(1));
///     assert_eq!(naps.next().await, Some(3));
///     assert_eq!(naps.next().await, None);
/// });
/// # std::io::Result::Ok(())
/// ```
#[must_use = "futures do nothing unless their outputs are awaited"]
pub struct FuturesUnordered<F> {
    /// By number, in the order in which they were pushed. No number is used twice.
    children: BTreeMap<usize, Child<F>>,
    pub(crate) pushed: usize,
    /// What is still to be polled in this round. A round ends early when a child is ready, and what
    /// is left then is first in the next.
    round: VecDeque<usize>,
    woken: Arc<Woken>,
}

struct Child<F> {
    future: Pin<Box<F>>,
    waker: Arc<ChildWaker>,
}

/// What the wakers of all children share.
#[derive(Default)]
struct Woken(Mutex<WokenList>);

#[derive(Default)]
struct WokenList {
    /// The children that were woken since the last round began, in order.
    list: VecDeque<usize>,
    /// The waker of the task. `None` during a round: its end looks at the list anyway. `None` after
    /// a wake, too: the task need not be woken twice.
    task: Option<Waker>,
}

/// The waker of one child.
struct ChildWaker {
    number: usize,
    /// True while a wake would change nothing: the child is in `list` or in `round`, and waits for
    /// its poll, or it has ended.
    is_listed: AtomicBool,
    woken: Arc<Woken>,
}

impl<F> FuturesUnordered<F> {
    /// Makes an empty one.
    pub fn new() -> FuturesUnordered<F> {
        FuturesUnordered {
            children: BTreeMap::new(),
            pushed: 0,
            round: VecDeque::new(),
            woken: Arc::default(),
        }
    }

    /// Adds a future. It is polled after those that were woken before.
    pub fn push(&mut self, future: F) {
        self.push_numbered(future);
    }

    /// Adds a future, and returns its number, which is the number of futures pushed before.
    pub(crate) fn push_numbered(&mut self, future: F) -> usize {
        let number = self.pushed;
        self.pushed += 1;
        let waker = Arc::new(ChildWaker {
            number,
            is_listed: AtomicBool::new(true),
            woken: Arc::clone(&self.woken),
        });
        let future = Box::pin(future);
        self.children.insert(number, Child { future, waker });
        self.woken.lock().list.push_back(number);
        number
    }

    /// Returns how many futures are left.
    pub fn len(&self) -> usize {
        self.children.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// Begins a round: from now on, a wake only adds to the list.
    fn begin_round(&mut self) {
        let mut woken = self.woken.lock();
        self.round.append(&mut woken.list);
        let task = woken.task.take();
        drop(woken);
        drop(task);
    }

    /// Takes the task's waker out, for a caller that must not drop it during
    /// [`poll_next`](Self::poll_next).
    pub(crate) fn take_waker(&mut self) -> Option<Waker> {
        self.woken.lock().task.take()
    }

    /// Ends a round: from now on, a wake wakes the task. If a child was woken during the round, the
    /// task is woken at once.
    fn end_round(&mut self, cx: &Context<'_>) {
        let waker = cx.waker().clone();
        let mut woken = self.woken.lock();
        if woken.list.is_empty() {
            // `begin_round` took the old one, so nothing is dropped here under the lock.
            woken.task = Some(waker);
        } else {
            drop(woken);
            waker.wake();
        }
    }
}

impl<F: Future> FuturesUnordered<F> {
    /// Waits for the next output. Returns `None` when no futures are left.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing: the futures stay, and the next call continues with them.
    ///
    /// # Panics
    ///
    /// Panics if one of the futures does. That one is gone, and the next call continues with the
    /// others.
    pub async fn next(&mut self) -> Option<F::Output> {
        let next = poll_fn(|cx| self.poll_next(cx)).await;
        next.map(|(_, output)| output)
    }

    /// Polls the children that were woken until one is ready, and returns its number and output.
    ///
    /// This is a round. It polls only children that were woken before it began, so it ends even
    /// when children keep waking themselves or each other.
    pub(crate) fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Option<(usize, F::Output)>> {
        self.begin_round();
        while let Some(number) = self.round.pop_front() {
            // Out of the map for the poll: if it panics, this child is lost, and the next round
            // continues with the others.
            let Some(mut child) = self.children.remove(&number) else {
                // It has ended: woken during its last poll, or after a panic.
                continue;
            };
            // Before the poll, so that a wake during the poll counts. A swap reads the flag as
            // well. A waker that found the flag set took no lock, so this read is what makes its
            // earlier writes visible to the poll.
            child.waker.is_listed.swap(false, SeqCst);
            let waker = Waker::from(Arc::clone(&child.waker));
            match child.future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Pending => {
                    self.children.insert(number, child);
                }
                Poll::Ready(output) => {
                    // Or a late wake would list a dead number, and wake in vain.
                    child.waker.is_listed.store(true, SeqCst);
                    return Poll::Ready(Some((number, output)));
                }
            }
        }
        if self.children.is_empty() {
            return Poll::Ready(None);
        }
        self.end_round(cx);
        Poll::Pending
    }
}

impl Woken {
    fn lock(&self) -> MutexGuard<'_, WokenList> {
        // Nothing panics under the lock: no user code runs there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for ChildWaker {
    fn wake(self: Arc<ChildWaker>) {
        if self.is_listed.swap(true, SeqCst) {
            return;
        }
        let mut woken = self.woken.lock();
        woken.list.push_back(self.number);
        let task = woken.task.take();
        drop(woken);
        if let Some(task) = task {
            task.wake();
        }
    }
}

impl<F> Drop for FuturesUnordered<F> {
    /// From now on no child wakes the task, and no child's waker keeps it alive.
    fn drop(&mut self) {
        drop(self.take_waker());
    }
}

impl<F> FromIterator<F> for FuturesUnordered<F> {
    fn from_iter<I: IntoIterator<Item = F>>(futures: I) -> FuturesUnordered<F> {
        let mut all = FuturesUnordered::new();
        futures.into_iter().for_each(|future| all.push(future));
        all
    }
}

impl<F: Future> AsyncIterator for FuturesUnordered<F> {
    type Item = F::Output;

    fn next(&mut self) -> impl Future<Output = Option<F::Output>> {
        FuturesUnordered::next(self)
    }
}

/// Runs futures at once, in the task that awaits them, and gives their outputs one by one as they
/// are made.
///
/// This is Python's `as_completed`. All futures are polled once, in order; after that, each is
/// polled only when it was woken. See [`FuturesUnordered`], which this returns.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep};
/// use step6_toolbox::as_completed;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let mut naps = as_completed([3, 1, 2].map(async |seconds| {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     }));
///     let mut sorted = vec![];
///     while let Some(seconds) = naps.next().await {
///         sorted.push(seconds);
///     }
///     assert_eq!(sorted, [1, 2, 3]);
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn as_completed<I>(futures: I) -> FuturesUnordered<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    futures.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_listed_once_for_many_wakes() {
        let mut wakers = vec![];
        let mut children = FuturesUnordered::new();
        children.push(poll_fn(|cx| {
            wakers.push(cx.waker().clone());
            Poll::<()>::Pending
        }));
        assert!(
            children
                .poll_next(&Context::from_waker(Waker::noop()))
                .is_pending()
        );
        let woken = Arc::clone(&children.woken);
        drop(children);
        (0..1_000).for_each(|_| wakers[0].wake_by_ref());
        assert_eq!(woken.lock().list.len(), 1);
    }
}
