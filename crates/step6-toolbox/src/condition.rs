//! How does a task wait for what another one changes under a lock?

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use crate::lock::{Lock, LockGuard, LockWait};
use crate::waiters::{Called, Place, Waiters};

/// A line for tasks that have a [`Lock`] and wait for a change of what is in it.
///
/// Waiting unlocks and gets in line, in one step, so that no notification is missed in between;
/// once notified, it locks again, behind all who came to the lock before. What was true when the
/// notification came may not be true any more by then, so check again, or use
/// [`wait_while`](Self::wait_while), which does.
///
/// A notification is for those who wait now; without waiters nothing happens. The notifier need
/// not hold the lock.
///
/// Clones are the same condition. Not `Send`: it is for the tasks of one thread. It needs nothing
/// but wakers, so it works on any executor.
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
/// use step5_executor::{block_on, spawn};
/// use step6_toolbox::{Condition, Lock};
///
/// block_on(async {
///     let (coins, changed) = (Rc::new(Lock::new(0)), Condition::new());
///     let saver = {
///         let (coins, changed) = (coins.clone(), changed.clone());
///         spawn(async move {
///             for _ in 0..5 {
///                 *coins.lock().await += 1;
///                 changed.notify_one();
///             }
///         })
///     };
///     let coins = changed.wait_while(coins.lock().await, |coins| *coins < 3).await;
///     assert!(*coins >= 3);
///     drop(coins);
///     saver.await.unwrap();
/// });
/// ```
#[derive(Clone, Default)]
pub struct Condition(Rc<Waiters>);

impl Condition {
    /// Makes a condition without waiters.
    pub fn new() -> Condition {
        Condition::default()
    }

    /// Unlocks, waits for a notification, and locks again. Without a notification it does not end.
    ///
    /// It unlocks when it is first polled.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves the lock unlocked. If it had been told by
    /// [`notify_one`](Self::notify_one) already, the next in line is told instead. (Python locks
    /// again first; here the guard is gone with the future.)
    ///
    /// # Panics
    ///
    /// Panics if it is polled after it was ready.
    pub fn wait<'l, T: ?Sized>(&self, guard: LockGuard<'l, T>) -> ConditionWait<'_, 'l, T> {
        ConditionWait {
            condition: self,
            place: Place::default(),
            stage: Stage::Locked(guard),
        }
    }

    /// Waits until `condition` is false of what is locked, and checks it now and after each
    /// notification.
    ///
    /// Python's `wait_for` has it the other way round, and waits until it is true.
    ///
    /// # Cancel safety
    ///
    /// As for [`wait`](Self::wait).
    pub async fn wait_while<'l, T: ?Sized>(
        &self,
        mut guard: LockGuard<'l, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockGuard<'l, T> {
        while condition(&mut guard) {
            guard = self.wait(guard).await;
        }
        guard
    }

    /// Tells the one that waits longest. Without waiters nothing happens.
    pub fn notify_one(&self) {
        self.0.call_first();
    }

    /// Tells all who wait, in order. They lock in the order in which they are polled then.
    pub fn notify_all(&self) {
        self.0.dismiss_all();
    }
}

/// The future of [`Condition::wait`].
#[must_use = "futures do nothing unless awaited"]
pub struct ConditionWait<'c, 'l, T: ?Sized> {
    condition: &'c Condition,
    place: Place,
    stage: Stage<'l, T>,
}

enum Stage<'l, T: ?Sized> {
    /// Not polled yet.
    Locked(LockGuard<'l, T>),
    /// In the line, or called.
    Waiting(&'l Lock<T>),
    /// Notified, and in line for the lock.
    Notified(Called, LockWait<'l, T>),
    Ready,
}

impl<'l, T: ?Sized> Future for ConditionWait<'_, 'l, T> {
    type Output = LockGuard<'l, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<LockGuard<'l, T>> {
        let ConditionWait {
            condition,
            place,
            stage,
        } = self.get_mut();
        loop {
            match stage {
                Stage::Locked(guard) => {
                    let waiting = Stage::Waiting(guard.lock());
                    // Get in line first, then unlock: that may run others, and what they notify of
                    // must not be missed.
                    let polled = condition.0.poll(place, cx, || None);
                    debug_assert!(polled.is_pending());
                    drop(mem::replace(stage, waiting));
                    return Poll::Pending;
                }
                Stage::Waiting(lock) => {
                    let lock = *lock;
                    let called = ready!(condition.0.poll(place, cx, || None));
                    *stage = Stage::Notified(called, lock.lock());
                }
                Stage::Notified(_, lock) => {
                    let guard = ready!(Pin::new(lock).poll(cx));
                    *stage = Stage::Ready;
                    return Poll::Ready(guard);
                }
                Stage::Ready => panic!("a condition's `wait` was polled after it was ready"),
            }
        }
    }
}

impl<T: ?Sized> Drop for ConditionWait<'_, '_, T> {
    fn drop(&mut self) {
        let called = match &self.stage {
            Stage::Notified(called, _) => Some(*called),
            _ => self.condition.0.leave(&mut self.place),
        };
        if called == Some(Called::Permit) {
            self.condition.notify_one();
        }
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condition")
            .field("waiting", &self.0)
            .finish()
    }
}

impl<T: ?Sized> fmt::Debug for ConditionWait<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::Locked(_) => "locked",
            Stage::Waiting(_) => "waiting",
            Stage::Notified(..) => "notified",
            Stage::Ready => "ready",
        };
        f.debug_struct("ConditionWait")
            .field("stage", &stage)
            .finish_non_exhaustive()
    }
}
