//! How is a program of futures run?

use std::fmt;
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use step3_sleeping_heap::Clock;
use step4_select::{Select, Selector};

use crate::core::{Core, expect_entered};
use crate::inbox::Inbox;
use crate::{JoinHandle, Observer, waker};

/// Runs futures as tasks, in turn, on the thread that it blocks.
///
/// Dropping it drops the tasks that are left, in the order of spawning. Meanwhile it counts as entered: what runs when
/// they are dropped may wake and abort other tasks; what it spawns is cancelled at once, and has the id of no task.
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
    /// How long after a wake-up for timers it does not wake up for them again, unless told otherwise.
    ///
    /// With many timers due one after the other, that halves the time they cost, at the price of a few tenths of a
    /// millisecond by which they are late.
    pub const RESOLUTION: Duration = Duration::from_micros(400);

    /// Makes an executor on [`Select`] and the real clock.
    ///
    /// # Errors
    ///
    /// When the selector cannot be made: no descriptor is left.
    pub fn new() -> io::Result<Executor> {
        Executor::with_selector(Select::new()?)
    }

    /// Makes an executor on another selector, and the real clock.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn with_selector(selector: impl Selector + 'static) -> io::Result<Executor> {
        Ok(Executor::build(Box::new(selector), Clock::real_time()))
    }

    /// Makes an executor on [`Select`] and a virtual clock, which jumps to the next deadline when all tasks wait.
    ///
    /// A socket's peer must be a task of the same executor: time is moved on as soon as nothing has come, while a peer
    /// in another thread or process needs real time for its answer. For a thread that owes a result there is
    /// [`hold_clock`]. When nothing is left that could wake a task, [`block_on`](Self::block_on) panics, and names
    /// them.
    ///
    /// # Errors
    ///
    /// When the selector cannot be made: no descriptor is left.
    pub fn with_virtual_time() -> io::Result<Executor> {
        Ok(Executor::build(
            Box::new(Select::new()?),
            Clock::virtual_time(),
        ))
    }

    fn build(selector: Box<dyn Selector>, clock: Clock) -> Executor {
        let core = Core::new(selector, clock);
        core.resolution.set(Executor::RESOLUTION);
        Executor { core }
    }

    /// Gives the executor an observer, which is told what happens to its tasks.
    ///
    /// # Panics
    ///
    /// When it has one already.
    pub fn with_observer(self, observer: impl Observer + 'static) -> Executor {
        self.core.set_observer(Box::new(observer));
        self
    }

    /// Sets how long after a wake-up for timers it does not wake up for them again; with zero it wakes up for each at
    /// its deadline.
    ///
    /// A timer that is alone is not delayed, and none is ever early. The virtual clock is always exact.
    pub fn with_timer_resolution(self, resolution: Duration) -> Executor {
        self.core.resolution.set(resolution);
        self
    }

    /// Runs a future, and the tasks that it spawns, until it is ready.
    ///
    /// Tasks that are not done by then stay, and go on in the next call.
    ///
    /// # Panics
    ///
    /// When the future does, after which the executor can be used again; when it is called inside another `block_on`;
    /// and under the virtual clock when nothing is left that could wake a task.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        assert!(
            !waker::is_entered(),
            "block_on was called inside of block_on, which would stop all tasks: await the future, or spawn it"
        );
        // Pinned in there, so that it is dropped in there too: what its guards do may need the executor.
        waker::enter(&self.core, || self.core.run(pin!(future)))
    }

    /// Spawns a task, which runs in the next [`block_on`](Self::block_on), or in the one that is going on.
    ///
    /// # Panics
    ///
    /// When there are 16,777,214 tasks.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        self.core.spawn(future)
    }
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

/// Runs a future, and the tasks that it spawns, until it is ready. What still runs then is dropped.
///
/// It is Python's `asyncio.run`.
///
/// # Panics
///
/// When the future does, when it is called inside another `block_on`, and when no descriptor is left.
///
/// # Examples
///
/// ```
/// assert_eq!(step8_fast_executor::block_on(async { 6 * 7 }), 42);
/// ```
pub fn block_on<F: Future>(future: F) -> F::Output {
    Executor::new()
        .expect("an executor needs two descriptors")
        .block_on(future)
}

/// Spawns a task in the executor that runs on this thread. It goes to the back of the ready queue.
///
/// # Panics
///
/// Outside of an executor, and when there are 16,777,214 tasks.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    expect_entered(waker::with_entered(|core| core.spawn(future)), "spawn")
}

/// Holds the virtual clock of this thread's executor still, until what is returned is dropped.
///
/// It is for a task that waits for another thread: time must not move on while that thread owes a result. On the real
/// clock it does nothing. What is returned may be sent to the thread and dropped there.
///
/// # Panics
///
/// Outside of an executor: see [`try_hold_clock`].
pub fn hold_clock() -> ClockHold {
    expect_entered(try_hold_clock(), "hold_clock")
}

/// Does what [`hold_clock`] does where an executor of this crate runs. `None` elsewhere: for futures that run anywhere.
///
/// # Examples
///
/// ```
/// use step8_fast_executor::{block_on, try_hold_clock};
///
/// assert!(try_hold_clock().is_none());
/// assert!(block_on(async { try_hold_clock().is_some() }));
/// ```
pub fn try_hold_clock() -> Option<ClockHold> {
    waker::with_entered(|core| {
        let inbox = core.clock.is_virtual().then(|| core.inbox.clone());
        inbox.iter().for_each(|inbox| inbox.hold());
        ClockHold { inbox }
    })
}

/// Holds a virtual clock still for as long as it lives, made by [`hold_clock`].
#[derive(Debug)]
#[must_use = "the clock goes on when this is dropped"]
pub struct ClockHold {
    /// `None` on the real clock, which nothing holds.
    inbox: Option<Arc<Inbox>>,
}

impl Drop for ClockHold {
    fn drop(&mut self) {
        self.inbox.iter().for_each(|inbox| inbox.release());
    }
}
