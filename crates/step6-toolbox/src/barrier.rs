//! A place where N tasks wait for each other.

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::fmt;
use std::rc::Rc;

use crate::waiters::Waiters;

/// A place where a number of tasks meet: each waits until all have arrived, and then all continue.
///
/// This is Python's `Barrier`. It can be used again at once, for the next round. Clones are the
/// same barrier. It is for the tasks of one thread, and not `Send`. It needs nothing but wakers, so
/// it works on any executor.
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
///         spawn(async move { barrier.wait().await.unwrap() })
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
    /// Whether this round was broken. Its waiters hold on to the cell of their own round.
    is_broken: RefCell<Rc<Cell<bool>>>,
}

impl Barrier {
    /// Makes a barrier for this many tasks, at least 1.
    ///
    /// # Panics
    ///
    /// Panics if there are none.
    pub fn new(parties: usize) -> Barrier {
        assert!(parties > 0, "a barrier for 0 tasks: give it at least 1");
        Barrier(Rc::new(Inside {
            parties,
            waiters: Waiters::default(),
            is_broken: RefCell::default(),
        }))
    }

    /// Arrives, and waits until all have arrived. The last one does not wait.
    ///
    /// Returns whether this one came last. So one task in each round gets `true`: it is the leader,
    /// and may do what must be done once.
    ///
    /// # Errors
    ///
    /// Returns an error if the barrier is broken, before this or while it waits.
    ///
    /// # Cancel safety
    ///
    /// Dropping it before all have arrived takes its arrival back: another one must come instead.
    /// Once the last one has arrived the round is over, and dropping it does not affect the others.
    pub async fn wait(&self) -> Result<bool, BrokenBarrier> {
        let Inside {
            parties, waiters, ..
        } = &*self.0;
        if self.is_broken() {
            return Err(BrokenBarrier);
        }
        if waiters.len() + 1 == *parties {
            self.0.is_broken.take();
            waiters.wake_all();
            return Ok(true);
        }
        let is_broken = self.0.is_broken.borrow().clone();
        // All are woken together, so there is nothing to pass on.
        waiters.wait(|| ()).woken().await;
        match is_broken.get() {
            true => Err(BrokenBarrier),
            false => Ok(false),
        }
    }

    /// Breaks the barrier: the waiters get an error, and so does everyone who arrives, until it is
    /// [reset](Self::reset). It is for tasks that would otherwise wait for one that will not come.
    ///
    /// # Examples
    ///
    /// ```
    /// use step5_executor::{block_on, spawn, yield_now};
    /// use step6_toolbox::{Barrier, BrokenBarrier};
    ///
    /// block_on(async {
    ///     let barrier = Barrier::new(2);
    ///     let waiting = barrier.clone();
    ///     let task = spawn(async move { waiting.wait().await });
    ///     yield_now().await;
    ///     barrier.abort();
    ///     assert_eq!(task.await.unwrap(), Err(BrokenBarrier));
    ///     assert_eq!(barrier.wait().await, Err(BrokenBarrier));
    ///     barrier.reset();
    ///     assert!(!barrier.is_broken());
    /// });
    /// ```
    pub fn abort(&self) {
        self.0.is_broken.borrow().set(true);
        self.0.waiters.wake_all();
    }

    /// Makes it as good as new: the waiters get an error, and a new round begins.
    pub fn reset(&self) {
        self.0.is_broken.take().set(true);
        self.0.waiters.wake_all();
    }

    /// Returns whether it was broken, and not reset since.
    pub fn is_broken(&self) -> bool {
        self.0.is_broken.borrow().get()
    }

    /// Returns how many must arrive.
    pub fn parties(&self) -> usize {
        self.0.parties
    }

    /// Returns how many have arrived, and wait for the others.
    pub fn waiting(&self) -> usize {
        self.0.waiters.len()
    }
}

/// The barrier was aborted, or reset while tasks waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenBarrier;

impl fmt::Display for BrokenBarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the barrier is broken: it was aborted or reset")
    }
}

impl Error for BrokenBarrier {}
