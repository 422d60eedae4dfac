//! Waiting for another task to change what is under a lock.

use std::future::poll_fn;
use std::ops::Deref;
use std::rc::Rc;
use std::task::Poll;

use crate::lock::{Guard, Lock};
use crate::waiters::Waiters;

/// A line for tasks that have a [`Lock`], and wait for a change of the value in it.
///
/// This is Python's `Condition`. Waiting unlocks and gets in line, in one step, so no notification
/// is missed in between. Once notified, it locks again, behind all tasks that came to the lock
/// before. By then, what was true at the notification may not be true any more. So check again, or
/// use [`wait_while`](Self::wait_while), which does.
///
/// A notification is for those that wait now; without waiters it does nothing. The notifier need
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

    /// Unlocks, waits for a notification, and locks again. Without a notification it never ends.
    ///
    /// It unlocks at its first poll. The guard may be of either kind.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves the lock unlocked. If it had been notified already, the next in line is
    /// notified instead, even one that came after a [`notify_all`](Self::notify_all). (Python locks
    /// again first. Here the guard has gone with the future.)
    pub async fn wait<L, T>(&self, guard: Guard<L, T>) -> Guard<L, T>
    where
        L: Deref<Target = Lock<T>> + Clone,
    {
        let mut waiting = self.0.wait(|| self.notify_one());
        // In line first, and only then unlock: a notification in between must not be missed.
        poll_fn(|cx| {
            _ = waiting.poll_woken(cx);
            Poll::Ready(())
        })
        .await;
        let lock = guard.unlock();
        waiting.woken().await;
        let guard = Guard::lock(lock).await;
        waiting.keep();
        guard
    }

    /// Waits until `condition` is false for the locked value. Checks it now, and after each
    /// notification.
    ///
    /// Python's `wait_for` is the other way round: it waits until its condition is true.
    ///
    /// # Cancel safety
    ///
    /// As for [`wait`](Self::wait).
    pub async fn wait_while<L, T>(
        &self,
        mut guard: Guard<L, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> Guard<L, T>
    where
        L: Deref<Target = Lock<T>> + Clone,
    {
        while condition(&mut guard) {
            guard = self.wait(guard).await;
        }
        guard
    }

    /// Notifies the first in line. Without waiters it does nothing.
    pub fn notify_one(&self) {
        self.notify(1);
    }

    /// Notifies the first `count` in line, or all if there are fewer.
    pub fn notify(&self, count: usize) {
        _ = (0..count).take_while(|_| self.0.wake_first()).count();
    }

    /// Notifies all waiters, in order. They get the lock in the order in which they are then
    /// polled.
    pub fn notify_all(&self) {
        self.0.wake_all();
    }
}
