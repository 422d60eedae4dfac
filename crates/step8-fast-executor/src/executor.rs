//! The executor, which runs a program of futures.

use std::fmt;
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use step3_sleeping_heap::Clock;
use step4_select::Selector;

use crate::core::Core;
use crate::entered::{self, expect_entered};
use crate::join_handle::JoinHandle;

/// Runs futures as tasks, in turn, on the thread that it blocks.
///
/// Dropping it drops the tasks that are left, in the order of spawning. The executor is still
/// entered then, so their destructors may wake and abort other tasks. A task that they spawn is
/// cancelled at once, and has the id of the main future.
///
/// # Examples
///
/// ```
/// use step8_fast_executor::{Executor, spawn};
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
    /// The least time between two wake-ups for timers, unless it is set otherwise.
    ///
    /// Timers that are due close together then share a wake-up. That halves what they cost, and
    /// makes some of them a few tenths of a millisecond late.
    pub const RESOLUTION: Duration = Duration::from_micros(400);

    /// Makes an executor on the real clock, and on `epoll(7)`; on systems without it, on
    /// [`Select`](step4_select::Select).
    ///
    /// # Errors
    ///
    /// Returns an error if no descriptor is left.
    pub fn new() -> io::Result<Executor> {
        Executor::build(selector()?, Clock::real_time())
    }

    /// Makes an executor on another selector, and the real clock.
    ///
    /// # Errors
    ///
    /// Returns an error if no descriptor is left, or if the selector cannot wait for the descriptor
    /// by which other threads wake the executor up.
    pub fn with_selector(selector: impl Selector + 'static) -> io::Result<Executor> {
        Executor::build(Box::new(selector), Clock::real_time())
    }

    /// Makes an executor on a virtual clock, which jumps to the next deadline when all tasks wait.
    ///
    /// No task can wait for a socket there: the network takes real time. For a thread that owes a
    /// result there is [`hold_clock`](crate::hold_clock). If nothing is left that could wake a
    /// task, [`block_on`](Self::block_on) panics, and names the tasks that wait.
    ///
    /// # Errors
    ///
    /// Returns an error if no descriptor is left.
    pub fn with_virtual_time() -> io::Result<Executor> {
        Executor::build(selector()?, Clock::virtual_time())
    }

    #[cfg(test)]
    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    fn build(selector: Box<dyn Selector>, clock: Clock) -> io::Result<Executor> {
        let core = Core::new(selector, clock)?;
        core.resolution.set(Executor::RESOLUTION);
        Ok(Executor { core })
    }

    /// Sets the least time between two wake-ups for timers. With zero, each timer has one at its
    /// deadline.
    ///
    /// A timer is delayed only if another one is due within that time, and none is ever early. The
    /// virtual clock is always exact.
    pub fn with_timer_resolution(self, resolution: Duration) -> Executor {
        self.core.resolution.set(resolution);
        self
    }

    /// Runs a future, and the tasks that it spawns, until it is ready.
    ///
    /// Tasks that are not done by then stay, and continue in the next call. If a waker of this
    /// call's future is used in the next call, the future of that call gets a spurious wake-up.
    ///
    /// # Panics
    ///
    /// Panics if the future does, after which the executor can be used again; if it is called
    /// inside another `block_on`; and, on the virtual clock, if nothing is left that could wake a
    /// task.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        assert!(
            !entered::is_entered(),
            "block_on was called inside of block_on, which would stop all tasks: \
             await the future, or spawn it"
        );
        // Pin the future inside, so that it is also dropped inside, with the executor still
        // entered: its destructors may spawn or wake.
        entered::enter(&self.core, || self.core.run(pin!(future)))
    }

    /// Spawns a task, which runs in the next [`block_on`](Self::block_on), or in the one that is
    /// running.
    ///
    /// # Panics
    ///
    /// Panics if there are 16,777,214 tasks.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        JoinHandle::spawn(&self.core, None, future)
    }

    /// Spawns a task with a name, for messages and pictures.
    ///
    /// # Panics
    ///
    /// Panics if there are 16,777,214 tasks.
    pub fn spawn_named<F>(&self, name: impl Into<String>, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        JoinHandle::spawn(&self.core, Some(name.into()), future)
    }
}

/// Makes the best selector that this system has.
fn selector() -> io::Result<Box<dyn Selector>> {
    #[cfg(target_os = "linux")]
    let selector = crate::Epoll::new()?;
    #[cfg(not(target_os = "linux"))]
    let selector = step4_select::Select::new()?;
    Ok(Box::new(selector))
}

impl Drop for Executor {
    fn drop(&mut self) {
        self.core.close();
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Executor").field(&self.core).finish()
    }
}

/// Runs a future, and the tasks that it spawns, until it is ready. Tasks that are not done by then
/// are dropped.
///
/// It is Python's `asyncio.run`.
///
/// # Panics
///
/// Panics if the future does, if it is called inside another `block_on`, and if no descriptor is
/// left.
///
/// # Examples
///
/// ```
/// assert_eq!(step8_fast_executor::block_on(async { 6 * 7 }), 42);
/// ```
pub fn block_on<F: Future>(future: F) -> F::Output {
    Executor::new()
        .expect("an executor needs a few descriptors")
        .block_on(future)
}

/// Spawns a task in the executor that runs on this thread. It goes to the back of the ready queue.
///
/// # Panics
///
/// Panics outside of an executor, and if there are 16,777,214 tasks.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let spawned = entered::with_entered(|core| JoinHandle::spawn(core, None, future));
    expect_entered(spawned, "spawn")
}

/// Spawns a task as [`spawn`] does, with a name, for messages and pictures.
///
/// # Panics
///
/// Panics outside of an executor, and if there are 16,777,214 tasks.
///
/// # Examples
///
/// ```should_panic
/// use step8_fast_executor::{Executor, spawn_named};
///
/// let executor = Executor::with_virtual_time()?;
/// // "deadlock: nothing can wake main, narcissus"
/// executor.block_on(async {
///     spawn_named("narcissus", std::future::pending::<()>()).await.unwrap()
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn spawn_named<F>(name: impl Into<String>, future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let spawned = entered::with_entered(|core| JoinHandle::spawn(core, Some(name.into()), future));
    expect_entered(spawned, "spawn_named")
}
