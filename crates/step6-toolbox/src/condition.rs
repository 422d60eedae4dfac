//! Waiting for what another task changes under a lock.

use std::future::poll_fn;
use std::ops::Deref;
use std::rc::Rc;
use std::task::Poll;

use crate::lock::{Guard, Lock};
use crate::waiters::Waiters;

/// A line for tasks that have a [`Lock`] and wait for a change of what is in it.
///
/// It is Python's `Condition`. Waiting unlocks and gets in line, in one step, so that no
/// notification is missed in between; once notified, it locks again, behind all that came to the
/// lock before. What was true when the notification came may not be true any more by then, so check
/// again, or use [`wait_while`](Self::wait_while), which does.
///
/// A notification is for those that wait now; without waiters nothing happens. The notifier need
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
    /// It unlocks when it is first polled. The guard may be of either kind.
    ///
    /// # Cancel safety
    ///
    /// Dropping it leaves the lock unlocked. If it had been notified already, the next in line is
    /// notified instead, even if that one came after a [`notify_all`](Self::notify_all). (Python
    /// locks again first; here the guard is gone with the future.)
    pub async fn wait<L, T>(&self, guard: Guard<L, T>) -> Guard<L, T>
    where
        L: Deref<Target = Lock<T>> + Clone,
    {
        let mut waiting = self.0.wait(|| self.notify_one());
        // In line first, and only then unlocked: a notification in between must not be missed.
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

    /// Waits until `condition` is false of what is locked, and checks it now and after each
    /// notification.
    ///
    /// Python's `wait_for` has it the other way round, and waits until it is true.
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

    /// Notifies the one that waits longest. Without waiters nothing happens.
    pub fn notify_one(&self) {
        self.notify(1);
    }

    /// Notifies so many, or all if there are fewer, in the order of their arrival.
    pub fn notify(&self, count: usize) {
        _ = (0..count).take_while(|_| self.0.wake_first()).count();
    }

    /// Notifies all waiters, in order. They lock in the order in which they are polled then.
    pub fn notify_all(&self) {
        self.0.wake_all();
    }
}
