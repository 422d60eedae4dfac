//! The inside of an executor, and which executor runs on this thread.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;

use step3_sleeping_heap::{Clock, TimerHeap};
use step4_select::Selector;

use crate::reactor::Reactor;
use crate::ready::{ReadyQueue, TaskWaker};
use crate::tasks::Tasks;

/// The parts of an executor. Each is borrowed for one step at a time, and never while user code runs: futures are
/// polled and dropped, and wakers used, after the borrow.
pub(crate) struct Core {
    pub(crate) tasks: RefCell<Tasks>,
    /// How many tasks there have been. The main future is number 0.
    pub(crate) spawned: Cell<u64>,
    pub(crate) ready: Arc<ReadyQueue>,
    /// What is left of the round that runs.
    pub(crate) round: RefCell<VecDeque<Arc<TaskWaker>>>,
    pub(crate) clock: Clock,
    pub(crate) timers: RefCell<TimerHeap<Waker>>,
    pub(crate) reactor: RefCell<Reactor>,
}

impl Core {
    pub(crate) fn new(selector: Box<dyn Selector>, clock: Clock) -> io::Result<Rc<Core>> {
        trace::started(Some(clock.now()), clock.is_virtual());
        let (ready, notified) = ReadyQueue::new()?;
        let reactor = RefCell::new(Reactor::new(selector, notified)?);
        Ok(Rc::new(Core {
            tasks: RefCell::default(),
            spawned: Cell::new(0),
            ready,
            round: RefCell::default(),
            clock,
            timers: RefCell::new(TimerHeap::new()),
            reactor,
        }))
    }

    /// Drops a task where it stands. One that is being polled is dropped after that: its body is not here now.
    pub(crate) fn abort(&self, waker: &TaskWaker) {
        let mut tasks = self.tasks.borrow_mut();
        if tasks.get(waker).is_some_and(|task| task.body.is_some()) {
            let task = tasks.remove(waker);
            drop(tasks);
            trace::cancelled(waker.id.0);
            drop(task);
        }
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Core>>> = const { RefCell::new(None) };
}

/// Returns the executor that runs on this thread; `None` outside of all executors.
pub(crate) fn current() -> Option<Rc<Core>> {
    CURRENT.with_borrow(Option::clone)
}

/// Returns the executor that runs on this thread.
#[track_caller]
pub(crate) fn expect_current(what: &str) -> Rc<Core> {
    let how = "use it inside of `block_on(async { .. })`, or of a task that was spawned there";
    current().unwrap_or_else(|| panic!("{what} needs an executor: {how}"))
}

/// Lets an executor be the one that runs on this thread while `f` does.
pub(crate) fn enter<R>(core: &Rc<Core>, f: impl FnOnce() -> R) -> R {
    /// Restores what was before, even after a panic.
    struct Restore(Option<Rc<Core>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(self.0.take());
        }
    }
    let _restore = Restore(CURRENT.replace(Some(Rc::clone(core))));
    f()
}
