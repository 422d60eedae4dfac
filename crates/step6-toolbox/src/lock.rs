//! How do tasks exclude one another?

use std::cell::{RefCell, RefMut};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::permits::Permits;
use crate::waiters::Place;

/// A value that one task has at a time, even while it waits for something else.
///
/// Tasks share it in an `Rc`. Within one thread nothing else runs between two `.await`s, so a
/// `Cell` or `RefCell` is enough for what does not wait. A lock is for what does: it is held across
/// an `.await`.
///
/// It is fair. Unlocking hands it to the first in line, and no newcomer overtakes; so a task
/// that unlocks and locks again in a loop lets all who wait go first, at the price of a switch each
/// time.
///
/// A panic unlocks it, and the next task finds the value as it was left: there is no poisoning. It
/// is not reentrant: a task that locks again what it has locked waits for itself.
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
pub struct Lock<T: ?Sized> {
    /// One: the right to borrow the value.
    permits: Permits,
    value: RefCell<T>,
}

impl<T> Lock<T> {
    /// Makes an unlocked lock around a value.
    pub fn new(value: T) -> Lock<T> {
        Lock {
            permits: Permits::new(1),
            value: RefCell::new(value),
        }
    }

    /// Returns the value. No guard can be left, so there is nothing to wait for.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Lock<T> {
    /// Locks, and waits for its turn if it must. The guard unlocks when it is dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready leaves the line. If the lock had been handed to it, the next
    /// one has it.
    pub fn lock(&self) -> LockWait<'_, T> {
        LockWait {
            lock: self,
            place: Place::default(),
        }
    }

    /// Locks, if it is unlocked. `None` when it is locked, or has been handed to the task that was
    /// woken for it.
    pub fn try_lock(&self) -> Option<LockGuard<'_, T>> {
        self.permits.try_take().then(|| self.guard())
    }

    /// Returns whether it is locked, or has been handed to the task that was woken for it.
    pub fn is_locked(&self) -> bool {
        self.permits.free() == 0
    }

    /// Returns the value, without waiting: a `&mut` to the lock is the only reference to
    /// it.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// Makes the guard that the permit stands for.
    fn guard(&self) -> LockGuard<'_, T> {
        LockGuard {
            value: self.value.borrow_mut(),
            held: Held(self),
        }
    }
}

/// Holds a [`Lock`], and unlocks it when it is dropped.
#[must_use = "the lock is unlocked when this is dropped"]
pub struct LockGuard<'a, T: ?Sized> {
    // The order matters: the borrow ends before the lock goes to the next task, which may have it
    // before `drop` is over.
    value: RefMut<'a, T>,
    held: Held<'a, T>,
}

struct Held<'a, T: ?Sized>(&'a Lock<T>);

impl<T: ?Sized> Drop for Held<'_, T> {
    fn drop(&mut self) {
        self.0.permits.give();
    }
}

impl<'a, T: ?Sized> LockGuard<'a, T> {
    /// Returns the lock that this holds.
    pub(crate) fn lock(&self) -> &'a Lock<T> {
        self.held.0
    }
}

/// The future of [`Lock::lock`].
#[must_use = "futures do nothing unless awaited"]
pub struct LockWait<'a, T: ?Sized> {
    lock: &'a Lock<T>,
    place: Place,
}

impl<'a, T: ?Sized> Future for LockWait<'a, T> {
    type Output = LockGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<LockGuard<'a, T>> {
        let wait = self.get_mut();
        ready!(wait.lock.permits.poll_take(&mut wait.place, cx));
        Poll::Ready(wait.lock.guard())
    }
}

impl<T: ?Sized> Drop for LockWait<'_, T> {
    fn drop(&mut self) {
        self.lock.permits.leave(&mut self.place);
    }
}

impl<T: ?Sized> Deref for LockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> DerefMut for LockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// Without the value, which may be borrowed.
impl<T: ?Sized> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock")
            .field("is_locked", &self.is_locked())
            .field("waiting", &self.permits.waiters)
            .finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for LockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LockGuard").field(&&**self).finish()
    }
}

impl<T: ?Sized> fmt::Debug for LockWait<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockWait")
            .field("lock", &self.lock)
            .finish_non_exhaustive()
    }
}
