//! How do N tasks wait for each other?

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::waiters::{Called, Place, Waiters};

/// A place where a number of tasks meet: each waits until all are there, then all continue.
///
/// It can be used again at once, for the next round. Clones are the same barrier. Not `Send`: it is
/// for the tasks of one thread. It needs nothing but wakers, so it works on any executor.
///
/// # Examples
///
/// ```
/// use step5_executor::{block_on, spawn};
/// use step6_toolbox::Barrier;
///
/// block_on(async {
///     let barrier = Barrier::new(3);
///     let tasks = [(); 3].map(|_| {
///         let barrier = barrier.clone();
///         spawn(async move { barrier.wait().await.is_leader() })
///     });
///     let mut leaders = 0;
///     for task in tasks {
///         leaders += usize::from(task.await.unwrap());
///     }
///     assert_eq!(leaders, 1);
/// });
/// ```
#[derive(Clone)]
pub struct Barrier(Rc<Inside>);

struct Inside {
    parties: usize,
    waiters: Waiters,
}

impl Barrier {
    /// Makes a barrier for this many tasks, at least 1.
    ///
    /// # Panics
    ///
    /// Panics if there are none.
    pub fn new(parties: usize) -> Barrier {
        assert!(
            parties > 0,
            "a barrier for 0 tasks would never open: it needs at least 1"
        );
        Barrier(Rc::new(Inside {
            parties,
            waiters: Waiters::default(),
        }))
    }

    /// Arrives, and waits until all are there. The last one does not wait, and leads.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before all are there takes the arrival back: another one must come in its place.
    /// Once the last one has come the round is over, and dropping it concerns no other.
    pub fn wait(&self) -> BarrierWait<'_> {
        BarrierWait {
            barrier: self,
            place: Place::default(),
        }
    }

    /// Returns how many must come.
    pub fn parties(&self) -> usize {
        self.0.parties
    }

    /// Returns how many are there and wait for the others.
    pub fn waiting(&self) -> usize {
        self.0.waiters.len()
    }
}

/// What [`Barrier::wait`] says when all were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarrierWaitResult {
    is_leader: bool,
}

impl BarrierWaitResult {
    /// Returns whether this one came last. In each round one task leads, say to do what must be
    /// done once.
    pub fn is_leader(&self) -> bool {
        self.is_leader
    }
}

/// The future of [`Barrier::wait`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct BarrierWait<'a> {
    barrier: &'a Barrier,
    place: Place,
}

impl Future for BarrierWait<'_> {
    type Output = BarrierWaitResult;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<BarrierWaitResult> {
        let wait = self.get_mut();
        let Inside { parties, waiters } = &*wait.barrier.0;
        let called = waiters.poll(&mut wait.place, cx, || {
            let is_last = waiters.len() + 1 == *parties;
            is_last.then(|| {
                waiters.dismiss_all();
                Called::Permit
            })
        });
        called.map(|called| BarrierWaitResult {
            is_leader: called == Called::Permit,
        })
    }
}

impl Drop for BarrierWait<'_> {
    fn drop(&mut self) {
        // Those who wait are counted by being in the line, and one that was called has nothing to
        // pass on.
        _ = self.barrier.0.waiters.leave(&mut self.place);
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier")
            .field("parties", &self.parties())
            .field("waiting", &self.waiting())
            .finish()
    }
}
