//! A limit on how many tasks do something at once.

use std::rc::Rc;

use crate::lock::Lock;
use crate::permits::Permits;

/// A number of permits. A task that has one may continue; the others wait, first come, first
/// served.
///
/// This is Python's `Semaphore`. Clones are the same semaphore. A permit that is released is
/// reserved for the first in line, so no newcomer overtakes. A future that was given a permit holds
/// it, even if it is not polled: if the task awaits something else meanwhile that needs this
/// permit, that is a deadlock.
///
/// It is for the tasks of one thread, and not `Send`. It needs nothing but wakers, so it works on
/// any executor.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep, spawn};
/// use step6_toolbox::Semaphore;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let three_at_once = Semaphore::new(3);
///     let calls: Vec<_> = (0..10)
///         .map(|_| {
///             let three_at_once = three_at_once.clone();
///             spawn(async move {
///                 let _permit = three_at_once.acquire().await;
///                 sleep(Duration::from_secs(1)).await;
///             })
///         })
///         .collect();
///     for call in calls {
///         call.await.unwrap();
///     }
///     assert_eq!(now() - start, Duration::from_secs(4));
/// });
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone)]
pub struct Semaphore(Rc<Inside>);

struct Inside {
    permits: Permits,
    /// Held by the one that collects several permits: if two did, each might hold half of what
    /// there is, and wait for the other half.
    collecting: Lock<()>,
}

impl Semaphore {
    /// Makes a semaphore with this many permits. With zero, all wait until [more are
    /// added](Self::add_permits).
    pub fn new(permits: usize) -> Semaphore {
        Semaphore(Rc::new(Inside {
            permits: Permits::new(permits),
            collecting: Lock::new(()),
        }))
    }

    /// Takes a permit, and waits if none is free.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready leaves the line. A permit that had come goes to the next in
    /// line.
    pub async fn acquire(&self) -> Permit {
        self.0.permits.acquire().await;
        self.permit(1)
    }

    /// Takes several permits, and waits for those that are not free. It never ends if there are not
    /// that many.
    ///
    /// It collects them one by one, in line with all others. One task at a time does so; others
    /// that want several wait for it.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready releases what it has collected.
    ///
    /// # Examples
    ///
    /// ```
    /// use step6_toolbox::Semaphore;
    ///
    /// step5_executor::block_on(async {
    ///     let semaphore = Semaphore::new(5);
    ///     let permits = semaphore.acquire_many(3).await;
    ///     assert_eq!(semaphore.available(), 2);
    ///     drop(permits);
    ///     assert_eq!(semaphore.available(), 5);
    /// });
    /// ```
    pub async fn acquire_many(&self, count: usize) -> Permit {
        let _collecting = self.0.collecting.lock().await;
        let mut permit = self.permit(0);
        while permit.count < count {
            self.0.permits.acquire().await;
            permit.count += 1;
        }
        permit
    }

    /// Takes a permit, if one is free. Returns `None` if all are taken, or reserved for tasks that
    /// were woken for them.
    pub fn try_acquire(&self) -> Option<Permit> {
        self.0.permits.try_acquire().then(|| self.permit(1))
    }

    /// Returns how many permits are free.
    pub fn available(&self) -> usize {
        self.0.permits.free()
    }

    /// Adds permits. The waiters get theirs first. There are at most `usize::MAX`.
    pub fn add_permits(&self, count: usize) {
        self.0.permits.release(count);
    }

    fn permit(&self, count: usize) -> Permit {
        Permit {
            semaphore: self.clone(),
            count,
        }
    }
}

/// One or several permits of a [`Semaphore`], which are released when this is dropped. It may move
/// into another task.
#[must_use = "the permit is given back when this is dropped"]
pub struct Permit {
    semaphore: Semaphore,
    count: usize,
}

impl Permit {
    /// Takes the permits out of circulation: they are never released.
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = step6_toolbox::Semaphore::new(2);
    /// semaphore.try_acquire().unwrap().forget();
    /// assert_eq!(semaphore.available(), 1);
    /// semaphore.add_permits(1);
    /// assert_eq!(semaphore.available(), 2);
    /// ```
    pub fn forget(mut self) {
        self.count = 0;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.semaphore.0.permits.release(self.count);
    }
}
