//! The state of an executor, and how its tasks are woken.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use step2_round_robin::TaskId;
use step3_sleeping_heap::Clock;
use step4_select::Selector;
use trace::Reason;

use crate::inbox::Inbox;
use crate::notifier::Notified;
use crate::pool::Pool;
use crate::reactor::Reactor;
use crate::registry::{self, Registration};
use crate::task::{Output, Task};
use crate::task_key::TaskKey;
use crate::tasks::Tasks;
use crate::timer_heap::TimerHeap;
use crate::unwind::wake_quietly;
use crate::waker_slab::WakerSlab;

/// The id of the future that an executor blocks on.
pub(crate) const MAIN: TaskId = TaskId(0);

/// The inside of an executor, which its handles, timers and sockets share.
///
/// Each part is borrowed only briefly, and no user code runs under a borrow: futures are polled and
/// dropped, and wakers woken and dropped, after it has ended.
pub(crate) struct Core {
    pub(crate) registration: Registration,
    /// Unlike the executor's number, this is never used again.
    pub(crate) executor_id: u64,
    pub(crate) tasks: Tasks,
    pub(crate) pool: Pool,
    pub(crate) timers: RefCell<TimerHeap<TaskKey>>,
    pub(crate) wakers: WakerSlab,
    pub(crate) reactor: RefCell<Reactor>,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) clock: Clock,
    /// The task that is being polled, or [`TaskKey::NONE`].
    pub(crate) current: Cell<TaskKey>,
    /// How many socket operations the current task has left in this turn.
    pub(crate) budget: Cell<u32>,
    /// The least time between two wake-ups for timers.
    pub(crate) resolution: Cell<Duration>,
    pub(crate) last_timers: Cell<Option<Instant>>,
    /// Sleepers whose deadline has passed and that are still to be woken.
    pub(crate) due: RefCell<VecDeque<TaskKey>>,
    /// Whether it is entered, even if another executor is entered inside it.
    pub(crate) is_entered: Cell<bool>,
    pub(crate) is_closed: Cell<bool>,
    /// Whether a task is being cancelled, so that its future is being dropped.
    pub(crate) is_cancelling: Cell<bool>,
}

impl Core {
    /// Makes the inside of an executor.
    ///
    /// # Errors
    ///
    /// Returns those of [`Notified::new`] and [`Reactor::new`].
    pub(crate) fn new(selector: Box<dyn Selector>, clock: Clock) -> io::Result<Rc<Core>> {
        let notified = Notified::new()?;
        let inbox = Arc::new(Inbox::new(notified.notifier()));
        let reactor = Reactor::new(selector, notified)?;
        let registration = Registration::new(inbox.clone());
        trace::started_in(&inbox, Some(clock.now()), clock.is_virtual());
        Ok(Rc::new(Core {
            tasks: Tasks::new(registration.number()),
            pool: Pool::new(),
            wakers: WakerSlab::new(registration.number()),
            registration,
            executor_id: registry::executor_id(),
            timers: RefCell::new(TimerHeap::new(clock.now())),
            reactor: RefCell::new(reactor),
            inbox,
            clock,
            current: Cell::new(TaskKey::NONE),
            budget: Cell::new(0),
            resolution: Cell::new(Duration::ZERO),
            last_timers: Cell::new(None),
            due: RefCell::default(),
            is_entered: Cell::new(false),
            is_closed: Cell::new(false),
            is_cancelling: Cell::new(false),
        }))
    }

    /// Returns the key of the task in a slot.
    pub(crate) fn key(&self, slot: u32, id: TaskId) -> TaskKey {
        TaskKey::new(self.registration.number(), slot, id.0)
    }

    /// Returns whether the executor has this number.
    pub(crate) fn has_number(&self, number: u16) -> bool {
        self.registration.number() == number
    }

    /// Returns whether the executor has been dropped, so that nothing here will ever be woken.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    /// Reports what the current task waits for, or no longer waits for.
    pub(crate) fn trace_wait(&self, report: fn(Reason), reason: impl FnOnce() -> Reason) {
        // Two kinds of waits are not the current task's: those that another task gives up as it is
        // cancelled, and those of a future that is awaited in another executor.
        if trace::has_listener() && self.current.get() != TaskKey::NONE && !self.is_cancelling.get()
        {
            report(reason());
        }
    }

    /// Puts a new task in the table, and at the back of the ready queue.
    #[inline]
    pub(crate) fn insert<F>(&self, name: Option<String>, future: F) -> Output<F::Output>
    where
        F: Future + 'static,
    {
        // Reserve the slot first: if this panics, nothing has changed.
        let (slot, id) = self.tasks.reserve();
        let (task, output) = Task::new(&self.pool, future, slot, id);
        self.tasks.insert(slot, id, task);
        if let Some(name) = name {
            self.tasks.set_name(id, name);
        }
        if trace::has_listener() {
            self.trace_spawn(id);
        }
        output
    }

    #[cold]
    fn trace_spawn(&self, id: TaskId) {
        let name = self.tasks.name(id);
        trace::within(&self.inbox, || {
            trace::spawned(id.0, name.as_deref().unwrap_or_default());
            trace::woken(id.0);
        });
    }

    /// Puts a task at the back of the ready queue. Returns whether it did: not if it is there
    /// already, or gone, or another executor's.
    #[inline]
    pub(crate) fn wake(&self, key: TaskKey) -> bool {
        let woken = self.tasks.make_ready(key);
        if woken && trace::has_listener() {
            self.trace_woken(key);
        }
        woken
    }

    /// Out of line, to keep `wake` short while there is no listener.
    #[cold]
    #[inline(never)]
    fn trace_woken(&self, key: TaskKey) {
        if let Some(id) = self.id(key) {
            trace::within(&self.inbox, || trace::woken(id.0));
        }
    }

    /// Wakes what a key stands for: a task of this executor or of another one, or a foreign waker.
    pub(crate) fn call(&self, callee: TaskKey) {
        if self.wake(callee) {
            return;
        }
        if callee.slot() == TaskKey::FOREIGN {
            self.wakers.take(callee).into_iter().for_each(wake_quietly);
        } else if !self.has_number(callee.executor()) {
            registry::wake(callee);
        }
    }

    /// Returns the id of a task. `None` if the task is gone.
    fn id(&self, key: TaskKey) -> Option<TaskId> {
        if key == self.tasks.main() {
            Some(MAIN)
        } else {
            self.tasks.id(key)
        }
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("number", &self.registration.number())
            .finish_non_exhaustive()
    }
}
