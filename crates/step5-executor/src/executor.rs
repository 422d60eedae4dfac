//! The executor: it runs futures as tasks.

use std::pin::pin;
use std::rc::Rc;
use std::{io, iter};

use step3_sleeping_heap::Clock;
use step4_select::{Select, Selector};

use crate::JoinHandle;
use crate::core::Core;
use crate::current::{current, enter, expect_current};

/// Runs futures as tasks, in turn, on the thread that calls [`block_on`](Self::block_on).
///
/// Dropping it drops the tasks that are left, in the order of spawning.
///
/// # Examples
///
/// ```
/// use step5_executor::{Executor, spawn};
///
/// let executor = Executor::new()?;
/// let task = executor.spawn(async { "from before" });
/// assert_eq!(executor.block_on(async { task.await.unwrap() }), "from before");
/// # std::io::Result::Ok(())
/// ```
pub struct Executor {
    core: Rc<Core>,
}

impl Executor {
    /// Makes an executor on [`Select`] and the real clock.
    ///
    /// # Errors
    ///
    /// Returns an error if no descriptors are left: it needs two.
    pub fn new() -> io::Result<Executor> {
        Executor::with_selector(Select::new()?)
    }

    /// Makes an executor on another selector, and the real clock.
    ///
    /// # Errors
    ///
    /// Returns an error if no descriptors are left.
    pub fn with_selector(selector: impl Selector + 'static) -> io::Result<Executor> {
        let core = Core::new(Box::new(selector), Clock::real_time())?;
        Ok(Executor { core })
    }

    /// Makes an executor on a virtual clock, which jumps to the next deadline when all tasks wait.
    ///
    /// No task can wait for a socket there, because the network takes real time. To wait for a
    /// thread, hold the clock with [`hold_clock`](crate::hold_clock). If nothing is left that could
    /// wake a task, [`block_on`](Self::block_on) panics, names the tasks, and drops them.
    ///
    /// # Errors
    ///
    /// Returns an error if no descriptors are left.
    pub fn with_virtual_time() -> io::Result<Executor> {
        let core = Core::new(Box::new(Select::new()?), Clock::virtual_time())?;
        Ok(Executor { core })
    }

    /// Runs a future until it is ready, and meanwhile the tasks. Returns the future's output.
    ///
    /// Tasks that are not done by then stay, and continue in the next call.
    ///
    /// # Panics
    ///
    /// Panics if the future does, after which the executor can be used again; if it is called
    /// inside another `block_on`; if waiting for sockets fails; and on the virtual clock if nothing
    /// is left that could wake a task.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        assert!(current().is_none(), "nested block_on: await the future");
        // `move`, so the future is dropped while the executor is still
        // entered: destructors in it may spawn and wake.
        enter(&self.core, move || self.core.run(pin!(future)))
    }

    /// Spawns a task, which runs in the next [`block_on`](Self::block_on).
    pub fn spawn<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> JoinHandle<T> {
        enter(&self.core, || self.core.spawn("", future))
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        // The guards of a task may use the executor. If they spawn, there is another batch.
        let batches = iter::repeat_with(|| self.core.tasks.borrow_mut().take_all());
        enter(&self.core, || {
            for task in batches.take_while(|batch| !batch.is_empty()).flatten() {
                trace::cancelled(task.id.0);
                drop(task);
            }
        });
        self.core.ready.lock().unwrap().close();
    }
}

/// Runs a future, and the tasks that it spawns, until it is ready. Then drops the tasks that are
/// left.
///
/// This is Python's `asyncio.run`.
///
/// # Panics
///
/// Panics if the future does, if it is called inside another `block_on`, and if no descriptors are
/// left.
///
/// # Examples
///
/// ```
/// assert_eq!(step5_executor::block_on(async { 6 * 7 }), 42);
/// ```
#[track_caller]
pub fn block_on<F: Future>(future: F) -> F::Output {
    let executor = Executor::new().expect("an executor needs two descriptors");
    executor.block_on(future)
}

/// Spawns a task in the executor that runs on this thread. It goes to the back of the ready queue.
///
/// # Panics
///
/// Panics outside of an executor.
#[track_caller]
pub fn spawn<T: 'static>(future: impl Future<Output = T> + 'static) -> JoinHandle<T> {
    expect_current().spawn("", future)
}

/// Spawns a task under a name, which pictures show.
///
/// # Panics
///
/// Panics outside of an executor.
#[track_caller]
pub fn spawn_named<T: 'static>(
    name: &str,
    future: impl Future<Output = T> + 'static,
) -> JoinHandle<T> {
    expect_current().spawn(name, future)
}
