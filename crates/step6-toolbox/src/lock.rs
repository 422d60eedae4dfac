//! Mutual exclusion, across awaits.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::permits::Permits;

/// A value that one task has at a time, even while it waits for something else.
///
/// It is Python's `Lock`, around what it protects. Tasks share it in an `Rc`. Within one thread
/// nothing else runs between two `.await`s, so a `Cell` or `RefCell` is enough for what does not
/// wait. A lock is for what does: it is held across an `.await`.
///
/// It is fair. Unlocking hands it to the first in line, and no newcomer overtakes; so a task
/// that unlocks and locks again in a loop lets all waiters go first, at the price of a switch each
/// time.
///
/// While it is locked the value is in the guard, so locking moves it: put a large one in a `Box`.
/// A panic unlocks it, and the next task finds the value as it was left: there is no poisoning. It
/// is not reentrant: a task that locks again what it has locked waits for itself. And so does one
/// that keeps a pending [`lock`](Self::lock) without polling it, and awaits what needs the lock: it
/// may have been handed to that future.
///
/// It is for the tasks of one thread: not `Sync`, and neither its guards nor its futures are
/// `Send`. (A lock by itself is `Send`, if the value is.) It needs nothing but wakers, so it works
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
    /// One: the right to take the value.
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

    /// Locks, and waits in line if it must. The guard unlocks when it is dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready leaves the line. If the lock had been handed to it, the next
    /// one has it.
    pub async fn lock(&self) -> LockGuard<'_, T> {
        Guard::lock(self).await
    }

    /// Locks like [`lock`](Self::lock), with a guard that owns a handle of the lock.
    ///
    /// # Cancel safety
    ///
    /// That of [`lock`](Self::lock).
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

    /// Locks, if it is unlocked. `None` when it is locked, or has been handed to the task that was
    /// woken for it.
    pub fn try_lock(&self) -> Option<LockGuard<'_, T>> {
        self.permits.try_acquire().then(|| Guard::new(self))
    }

    /// Returns whether it is locked, or has been handed to the task that was woken for it.
    pub fn is_locked(&self) -> bool {
        self.permits.free() == 0
    }
}

/// Has the value of a [`Lock`], and unlocks it when it is dropped.
///
/// `L` is how it refers to the lock: see [`LockGuard`] and [`OwnedLockGuard`].
#[must_use = "the lock is unlocked when this is dropped"]
pub struct Guard<L: Deref<Target = Lock<T>>, T> {
    lock: L,
    /// `None` only while it is dropped.
    value: Option<T>,
}

impl<L: Deref<Target = Lock<T>>, T> Guard<L, T> {
    pub(crate) async fn lock(lock: L) -> Guard<L, T> {
        lock.permits.acquire().await;
        Guard::new(lock)
    }

    /// Makes the guard of a lock whose permit was taken.
    fn new(lock: L) -> Guard<L, T> {
        let value = lock.value.take();
        Guard { lock, value }
    }

    /// Unlocks. Returns what refers to the lock.
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
