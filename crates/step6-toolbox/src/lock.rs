//! Mutual exclusion, even across an `await`.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::permits::Permits;

/// A value that one task at a time can have, even while that task waits for something else.
///
/// This is Python's `Lock`, around the value that it protects. Tasks share it in an `Rc`. Within
/// one thread nothing else runs between two `.await`s, so where nothing is awaited a `Cell` or
/// `RefCell` is enough. A lock is for what is held across an `.await`.
///
/// It is fair: unlocking hands it to the first in line, and no newcomer overtakes. So a task that
/// unlocks and locks again in a loop lets all waiters go first, at the price of a switch each time.
///
/// While it is locked the value is in the guard, so locking moves it; put a large one in a `Box`. A
/// panic unlocks it, and the next task finds the value as it was left: there is no poisoning. It is
/// not reentrant: a task that locks it twice waits for itself. So does a task that keeps a pending
/// [`lock`](Self::lock) without polling it, and awaits something that needs the lock: the lock may
/// have been handed to that pending future.
///
/// It is for the tasks of one thread: it is not `Sync`, and neither its guards nor its futures are
/// `Send`. (A lock by itself is `Send` if the value is.) It needs nothing but wakers, so it works
/// on any executor.
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
/// use step5_executor::{block_on, spawn, yield_now};
/// use step6_toolbox::Lock;
///
/// block_on(async {
///     let account = Rc::new(Lock::new(0));
///     let deposits: Vec<_> = (0..10)
///         .map(|_| {
///             let account = account.clone();
///             spawn(async move {
///                 let mut account = account.lock().await;
///                 let before = *account;
///                 yield_now().await;
///                 *account = before + 1;
///             })
///         })
///         .collect();
///     for deposit in deposits {
///         deposit.await.unwrap();
///     }
///     assert_eq!(*account.lock().await, 10);
/// });
/// ```
pub struct Lock<T> {
    /// There is one: the right to take the value.
    permits: Permits,
    /// `None` while it is locked.
    value: Cell<Option<T>>,
}

/// The guard of [`Lock::lock`], which borrows the lock.
pub type LockGuard<'a, T> = Guard<&'a Lock<T>, T>;

/// The guard of [`Lock::lock_owned`], which may move into another task.
pub type OwnedLockGuard<T> = Guard<Rc<Lock<T>>, T>;

impl<T> Lock<T> {
    /// Makes an unlocked lock around a value.
    pub fn new(value: T) -> Lock<T> {
        Lock {
            permits: Permits::new(1),
            value: Cell::new(Some(value)),
        }
    }

    /// Locks, and waits in line if necessary. The guard unlocks when it is dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready leaves the line. If the lock had been handed to it, the next
    /// in line gets it.
    pub async fn lock(&self) -> LockGuard<'_, T> {
        Guard::lock(self).await
    }

    /// Locks like [`lock`](Self::lock), with a guard that owns a reference to the lock.
    ///
    /// # Cancel safety
    ///
    /// As for [`lock`](Self::lock).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use step5_executor::{block_on, spawn};
    /// use step6_toolbox::Lock;
    ///
    /// block_on(async {
    ///     let lock = Rc::new(Lock::new(1));
    ///     let mut guard = lock.clone().lock_owned().await;
    ///     spawn(async move { *guard += 1 }).await.unwrap();
    ///     assert_eq!(*lock.lock().await, 2);
    /// });
    /// ```
    pub async fn lock_owned(self: Rc<Lock<T>>) -> OwnedLockGuard<T> {
        Guard::lock(self).await
    }

    /// Locks if it is free. Returns `None` when it is locked, or has been handed to a task that was
    /// woken for it.
    pub fn try_lock(&self) -> Option<LockGuard<'_, T>> {
        self.permits.try_acquire().then(|| Guard::new(self))
    }

    /// Returns whether it is locked, or has been handed to a task that was woken for it.
    pub fn is_locked(&self) -> bool {
        self.permits.free() == 0
    }
}

/// Holds the value of a [`Lock`], which is unlocked when this is dropped.
///
/// `L` is the kind of reference to the lock: see [`LockGuard`] and [`OwnedLockGuard`].
#[must_use = "the lock is unlocked when this is dropped"]
pub struct Guard<L: Deref<Target = Lock<T>>, T> {
    lock: L,
    /// `None` only during the drop.
    value: Option<T>,
}

impl<L: Deref<Target = Lock<T>>, T> Guard<L, T> {
    pub(crate) async fn lock(lock: L) -> Guard<L, T> {
        lock.permits.acquire().await;
        Guard::new(lock)
    }

    /// Makes the guard of a lock whose permit has been acquired.
    fn new(lock: L) -> Guard<L, T> {
        let value = lock.value.take();
        Guard { lock, value }
    }

    /// Unlocks, and returns the reference to the lock.
    pub(crate) fn unlock(self) -> L
    where
        L: Clone,
    {
        self.lock.clone()
    }
}

impl<L: Deref<Target = Lock<T>>, T> Drop for Guard<L, T> {
    fn drop(&mut self) {
        self.lock.value.set(self.value.take());
        self.lock.permits.release(1);
    }
}

impl<L: Deref<Target = Lock<T>>, T> Deref for Guard<L, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("a guard has the value")
    }
}

impl<L: Deref<Target = Lock<T>>, T> DerefMut for Guard<L, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("a guard has the value")
    }
}
