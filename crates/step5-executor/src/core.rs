//! The inside of an executor, and which executor runs on this thread.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;

use step2_round_robin::TaskId;
use step3_sleeping_heap::{Clock, TimerHeap};
use step4_select::Selector;

use crate::reactor::Reactor;
use crate::ready::{ReadyQueue, TaskWaker};

/// The id of the future that an executor blocks on.
pub(crate) const MAIN: TaskId = TaskId(0);

/// The parts of an executor. Each is borrowed for one step at a time, and never while user code runs: futures are
/// polled and dropped, and wakers used, after the borrow.
pub(crate) struct Core {
    /// The tasks that have not ended.
    pub(crate) tasks: RefCell<BTreeMap<TaskId, Task>>,
    pub(crate) spawned: Cell<u64>,
    /// The task that is being polled.
    pub(crate) current: Cell<Option<TaskId>>,
    pub(crate) ready: Arc<ReadyQueue>,
    /// What is left of the round that runs.
    pub(crate) round: RefCell<VecDeque<Arc<TaskWaker>>>,
    pub(crate) timers: Rc<Timers>,
    pub(crate) reactor: Rc<RefCell<Reactor>>,
}

pub(crate) struct Task {
    pub(crate) name: Option<Box<str>>,
    /// `None` while it is polled. It returns nothing: its output goes to where the handle finds it.
    pub(crate) future: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

/// The timers of an executor, and the clock that they go by.
pub(crate) struct Timers {
    pub(crate) clock: Clock,
    pub(crate) heap: RefCell<TimerHeap<Waker>>,
    /// Whether the executor was dropped, so that no timer will ever fire.
    pub(crate) is_closed: Cell<bool>,
}

impl Core {
    pub(crate) fn new(selector: Box<dyn Selector>, clock: Clock) -> io::Result<Rc<Core>> {
        trace::started(Some(clock.now()), clock.is_virtual());
        let (ready, notified) = ReadyQueue::new()?;
        let reactor = Reactor::new(selector, notified)?;
        Ok(Rc::new(Core {
            tasks: RefCell::new(BTreeMap::new()),
            spawned: Cell::new(MAIN.0),
            current: Cell::new(None),
            ready,
            round: RefCell::new(VecDeque::new()),
            timers: Rc::new(Timers {
                clock,
                heap: RefCell::new(TimerHeap::new()),
                is_closed: Cell::new(false),
            }),
            reactor: Rc::new(RefCell::new(reactor)),
        }))
    }

    /// Drops a task where it stands. One that is being polled is dropped after that: its future is not here now.
    pub(crate) fn abort(&self, id: TaskId) {
        let mut tasks = self.tasks.borrow_mut();
        let is_here = tasks.get(&id).is_some_and(|task| task.future.is_some());
        let task = if is_here { tasks.remove(&id) } else { None };
        drop(tasks);
        if let Some(task) = task {
            trace::cancelled(id.0);
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
    match current() {
        Some(core) => core,
        None => panic!(
            "{what} needs an executor: use it inside of `block_on(async {{ .. }})`, or of a task that was spawned there"
        ),
    }
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
