//! The rounds of an executor: in each, the tasks that are ready are polled in the order of the
//! queue. What comes between two rounds is in `waiting.rs`.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use step2_round_robin::TaskId;
use step3_sleeping_heap::Clock;
use step4_select::Selector;
use trace::Reason;

use crate::inbox::Inbox;
use crate::join_handle::JoinHandle;
use crate::reactor::Reactor;
use crate::registry::{self, Registration};
use crate::task::{PollOutcome, Run, Task, drop_quietly, quietly, wake_quietly};
use crate::task_key::TaskKey;
use crate::tasks::{Next, Tasks};
use crate::timer_heap::TimerHeap;
use crate::waker;
use crate::waker_slab::WakerSlab;

/// The future that an executor blocks on, in the order of spawning.
pub(crate) const MAIN: TaskId = TaskId(0);

/// The inside of an executor, which handles, timers and sockets hold on to.
///
/// The parts are borrowed for one step at a time. No user code runs under a borrow: futures are
/// polled and dropped, and wakers woken and dropped, after it has ended.
pub(crate) struct Core {
    registration: Registration,
    /// Which executor it is. Its number may be used again, but this never is.
    pub(crate) executor_id: u64,
    this: Weak<Core>,
    pub(crate) tasks: RefCell<Tasks>,
    pub(crate) timers: RefCell<TimerHeap<TaskKey>>,
    pub(crate) wakers: WakerSlab,
    pub(crate) reactor: RefCell<Reactor>,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) clock: Clock,
    /// The task that is being polled.
    current: Cell<Option<TaskKey>>,
    /// How many socket operations the task that is being polled has left.
    pub(crate) budget: Cell<u32>,
    /// How long after a wake-up for timers not to wake up for them again.
    pub(crate) resolution: Cell<Duration>,
    pub(crate) last_timers: Cell<Option<Instant>>,
    /// The sleepers whose time has come and which are yet to be woken, one after the other.
    pub(crate) due: RefCell<VecDeque<TaskKey>>,
    /// Whether it is entered, maybe with another executor entered inside it.
    pub(crate) is_entered: Cell<bool>,
    is_closed: Cell<bool>,
    /// Whether a task's future is being dropped where it stands.
    is_cancelling: Cell<bool>,
}

/// The number of socket operations in one poll that succeed without waiting.
const OPERATIONS: u32 = 128;

impl Core {
    /// Makes the inside of an executor.
    ///
    /// # Errors
    ///
    /// Those of [`Reactor::new`].
    pub(crate) fn new(selector: Box<dyn Selector>, clock: Clock) -> io::Result<Rc<Core>> {
        let reactor = Reactor::new(selector)?;
        let inbox = Arc::new(Inbox::new(reactor.notifier()));
        let registration = Registration::new(inbox.clone());
        trace::started(Some(clock.now()), clock.is_virtual());
        Ok(Rc::new_cyclic(|this| Core {
            tasks: RefCell::new(Tasks::new(registration.number())),
            wakers: WakerSlab::new(registration.number()),
            registration,
            executor_id: registry::executor_id(),
            this: this.clone(),
            timers: RefCell::new(TimerHeap::new(clock.now())),
            reactor: RefCell::new(reactor),
            inbox,
            clock,
            current: Cell::new(None),
            budget: Cell::new(0),
            resolution: Cell::new(Duration::ZERO),
            last_timers: Cell::new(None),
            due: RefCell::default(),
            is_entered: Cell::new(false),
            is_closed: Cell::new(false),
            is_cancelling: Cell::new(false),
        }))
    }

    pub(crate) fn handle(&self) -> Rc<Core> {
        self.this
            .upgrade()
            .expect("a reference to the core keeps it alive")
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

    /// Reports what a future in the task that is being polled waits for, or waits for no more.
    pub(crate) fn trace_wait(&self, report: fn(Reason), reason: impl FnOnce() -> Reason) {
        // A task that is cancelled meanwhile gives up its own waits, not those of the one that is
        // being polled. And there is none here if the future is awaited in another executor.
        if trace::has_listener() && self.current.get().is_some() && !self.is_cancelling.get() {
            report(reason());
        }
    }

    /// Spawns a task. Once the executor has begun to be dropped, it is cancelled at once.
    pub(crate) fn spawn<F>(&self, name: Option<String>, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        if self.is_closed() {
            let task = Task::new(future, 0, MAIN, None);
            task.cancel();
            return JoinHandle::new(task, self.handle());
        }
        let mut tasks = self.tasks.borrow_mut();
        // Reserve the slot first: if this panics, `future` is dropped after the borrow is released.
        tasks.make_room();
        let task = tasks.insert(future);
        let id = Run::id(&*task);
        if let Some(name) = name {
            tasks.set_name(id, name);
        }
        drop(tasks);
        if trace::has_listener() {
            self.trace_spawn(id);
        }
        JoinHandle::new(task, self.handle())
    }

    #[cold]
    fn trace_spawn(&self, id: TaskId) {
        let name = self.tasks.borrow().name(id).map(str::to_owned);
        trace::spawned(id.0, name.as_deref().unwrap_or_default());
        trace::woken(id.0);
    }

    /// Puts a task at the back of the ready queue, unless it is there already, or gone.
    #[inline]
    pub(crate) fn wake(&self, key: TaskKey) {
        let woken = self.tasks.borrow_mut().make_ready(key);
        if woken && trace::has_listener() {
            self.trace_woken(key);
        }
    }

    /// A function by itself, so that it is not in the way as long as there is no listener.
    #[cold]
    #[inline(never)]
    fn trace_woken(&self, key: TaskKey) {
        if let Some(id) = self.id(key) {
            trace::woken(id.0);
        }
    }

    /// Wakes what a key stands for: a task of this executor or of another one, or a foreign waker.
    pub(crate) fn call(&self, callee: TaskKey) {
        if callee.slot() == TaskKey::FOREIGN {
            self.wakers.take(callee).into_iter().for_each(wake_quietly);
        } else if self.has_number(callee.executor()) {
            self.wake(callee);
        } else {
            registry::wake(callee);
        }
    }

    /// Returns the place of a task in the order of spawning. `None` when it is gone.
    fn id(&self, key: TaskKey) -> Option<TaskId> {
        let tasks = self.tasks.borrow();
        if key == tasks.main() {
            Some(MAIN)
        } else {
            tasks.find(key).map(|task| task.id())
        }
    }

    /// Drops a task where it stands; or, if it is being polled, as soon as it next waits.
    pub(crate) fn abort(&self, key: TaskKey, id: TaskId) {
        let mut tasks = self.tasks.borrow_mut();
        let Some(task) = tasks.find(key).filter(|task| task.id() == id).cloned() else {
            return;
        };
        // A future is not dropped while it is being polled, or if it has ended but has not left the
        // table yet.
        if self.current.get() == Some(key) {
            return task.abort_later();
        }
        tasks.remove(key);
        // In the middle of a round, compacting would bring others forward; each round empties the
        // queue by itself.
        if !self.is_entered.get() {
            tasks.compact();
        }
        drop(tasks);
        // What runs when it is dropped may spawn, wake and abort as if it were polled.
        waker::enter(&self.handle(), || self.cancel(&*task));
    }

    /// Drops a task that is out of the table already, and wakes its joiner.
    fn cancel(&self, task: &dyn Run) {
        trace::cancelled(task.id().0);
        let was_cancelling = self.is_cancelling.replace(true);
        task.cancel();
        self.is_cancelling.set(was_cancelling);
        self.settle(task);
    }

    /// Wakes the joiner of a task that has ended. The output is dropped if there is no handle.
    fn settle(&self, task: &dyn Run) {
        let joiner = task.settle();
        if joiner != TaskKey::NONE {
            self.call(joiner);
        }
    }

    /// Runs tasks until `main`, which is one of them, is ready.
    pub(crate) fn run<F: Future>(&self, mut main: Pin<&mut F>) -> F::Output {
        let key = self.tasks.borrow().main();
        trace::spawned(MAIN.0, "main");
        // What came while nothing ran comes first: a task that was aborted is not polled any more.
        self.read_inbox();
        self.wake(key);
        loop {
            // Tasks that get ready meanwhile wait for the next round, so that they do not starve
            // timers and sockets.
            let ready = self.tasks.borrow().ready_len();
            for _ in 0..ready {
                let next = self.tasks.borrow_mut().next();
                match next {
                    Some(Next::Task(key, task)) => self.poll(key, task),
                    Some(Next::Main) => {
                        if let Poll::Ready(output) = self.poll_main(main.as_mut(), key) {
                            return output;
                        }
                    }
                    None => {}
                }
            }
            self.park();
        }
    }

    /// Polls a task, and takes it out of the table if that was the end of it. It is the hot part of
    /// the loop.
    #[inline(always)]
    fn poll(&self, key: TaskKey, task: Rc<dyn Run>) {
        self.begin_turn(key);
        if trace::has_listener() {
            trace::resumed(task.id().0);
        }
        // Dropping such a waker does nothing, so it is skipped.
        let waker = ManuallyDrop::new(key.waker());
        let polled = task.poll(&mut Context::from_waker(&waker));
        if polled == PollOutcome::Pending {
            self.current.set(None);
            if trace::has_listener() {
                trace::suspended(task.id().0, None);
            }
        } else {
            self.end(key, task, polled);
        }
    }

    /// Takes a task out of the table after its last poll, and wakes its joiner.
    #[inline(never)]
    fn end(&self, key: TaskKey, task: Rc<dyn Run>, polled: PollOutcome) {
        self.tasks.borrow_mut().remove(key);
        self.current.set(None);
        match polled {
            PollOutcome::Pending | PollOutcome::Aborted => {
                trace::suspended(task.id().0, None);
                return self.cancel(&*task);
            }
            PollOutcome::Ready => trace::finished(task.id().0),
            PollOutcome::Panicked => trace::panicked(task.id().0),
        }
        self.settle(&*task);
    }

    fn poll_main<F: Future>(&self, main: Pin<&mut F>, key: TaskKey) -> Poll<F::Output> {
        self.begin_turn(key);
        trace::resumed(MAIN.0);
        let polled = catch_unwind(AssertUnwindSafe(|| {
            main.poll(&mut Context::from_waker(&key.waker()))
        }));
        self.current.set(None);
        match &polled {
            Ok(Poll::Pending) => trace::suspended(MAIN.0, None),
            Ok(Poll::Ready(_)) => trace::finished(MAIN.0),
            Err(_) => trace::panicked(MAIN.0),
        }
        polled.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Notes which task is being polled from now on, with the full budget.
    fn begin_turn(&self, key: TaskKey) {
        self.current.set(Some(key));
        self.budget.set(OPERATIONS);
    }

    /// Drops all tasks in the order of spawning, while the executor counts as entered, and then all
    /// that is left.
    pub(crate) fn close(&self) {
        self.is_closed.set(true);
        self.inbox.close();
        waker::enter(&self.handle(), || {
            let tasks = self.tasks.borrow().in_order();
            for (id, key) in tasks {
                self.abort(key, id);
            }
        });
        // Tasks of other executors that wait here are woken, to find out.
        let mut sleepers: Vec<_> = self.due.take().into();
        sleepers.extend(self.timers.borrow_mut().values());
        let (sockets, selector) = self.reactor.borrow_mut().close();
        drop_quietly(selector);
        // Handles may outlive the executor, and what is kept of its tasks need not.
        drop(self.tasks.replace(Tasks::new(self.registration.number())));
        sleepers
            .into_iter()
            .for_each(|sleeper| quietly(|| self.call(sleeper)));
        sockets.into_iter().for_each(wake_quietly);
    }
}

/// Panics, and says what to do, when a future is used where no executor runs.
pub(crate) fn expect_entered<T>(found: Option<T>, what: &str) -> T {
    found.unwrap_or_else(|| {
        panic!(
            "{what} needs an executor: use it inside of `block_on(async {{ .. }})`, \
             or of a task that was spawned there"
        )
    })
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("number", &self.registration.number())
            .finish_non_exhaustive()
    }
}
