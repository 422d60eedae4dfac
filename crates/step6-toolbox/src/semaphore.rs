//! How are at most N let in?

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use crate::permits::Permits;
use crate::waiters::Place;

/// A number of permits: a task that has one may continue; the others wait, first come, first
/// served.
///
/// Clones are the same semaphore. A permit that is given back is reserved for the first in line, so
/// no newcomer overtakes. Not `Send`: it is for the tasks of one thread. It needs nothing but
/// wakers, so it works on any executor.
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
pub struct Semaphore(Rc<Permits>);

impl Semaphore {
    /// Makes a semaphore with this many permits. With zero all wait until there are
    /// [more](Self::add_permits).
    pub fn new(permits: usize) -> Semaphore {
        Semaphore(Rc::new(Permits::new(permits)))
    }

    /// Takes a permit, and waits for one if none is free.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before it is ready leaves the line. If a permit had come already, it goes to the
    /// next.
    pub fn acquire(&self) -> Acquire<'_> {
        Acquire {
            semaphore: self,
            place: Place::default(),
        }
    }

    /// Takes a permit, if one is free. `None` when none is, or those that are belong to tasks that
    /// were woken for them.
    pub fn try_acquire(&self) -> Option<Permit> {
        self.0.try_take().then(|| self.permit())
    }

    /// Returns how many permits are free.
    pub fn available(&self) -> usize {
        self.0.free()
    }

    /// Adds permits, first of all for those who wait.
    ///
    /// # Panics
    ///
    /// Panics if more than `usize::MAX` would be free.
    pub fn add_permits(&self, count: usize) {
        self.0.give_many(count);
    }

    fn permit(&self) -> Permit {
        Permit {
            semaphore: Some(self.clone()),
        }
    }
}

/// A permit of a [`Semaphore`], which is given back when this is dropped. It may move into another
/// task.
#[derive(Debug)]
#[must_use = "the permit is given back when this is dropped"]
pub struct Permit {
    /// `None` when it is not to be given back.
    semaphore: Option<Semaphore>,
}

impl Permit {
    /// Takes the permit out of circulation: it is never given back.
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
        self.semaphore = None;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(semaphore) = &self.semaphore {
            semaphore.0.give();
        }
    }
}

/// The future of [`Semaphore::acquire`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Acquire<'a> {
    semaphore: &'a Semaphore,
    place: Place,
}

impl Future for Acquire<'_> {
    type Output = Permit;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit> {
        let acquire = self.get_mut();
        ready!(acquire.semaphore.0.poll_take(&mut acquire.place, cx));
        Poll::Ready(acquire.semaphore.permit())
    }
}

impl Drop for Acquire<'_> {
    fn drop(&mut self) {
        self.semaphore.0.leave(&mut self.place);
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("available", &self.available())
            .field("waiting", &self.0.waiters)
            .finish()
    }
}
