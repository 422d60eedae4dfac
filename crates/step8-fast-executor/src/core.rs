//! What happens in one turn? Whoever is ready is polled, in the order of the queue. What comes between two turns is in
//! `waiting.rs`.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use step3_sleeping_heap::{Clock, TimerHeap};
use step4_select::Selector;

use crate::foreign::Foreign;
use crate::inbox::Inbox;
use crate::join_handle::JoinHandle;
use crate::number::TaskNumber;
use crate::reactor::Reactor;
use crate::registry::{self, Registration};
use crate::task::{Join, Polled, Run, Task, quietly, wake_quietly};
use crate::tasks::{Next, Tasks};
use crate::waker;
use crate::{Observer, TaskId};

/// The inside of an executor, which handles, timers and sockets hold on to.
///
/// The parts are borrowed for one step at a time. No code of others runs under a borrow: futures are polled and dropped,
/// and wakers woken and dropped, after it has ended.
pub(crate) struct Core {
    registration: Registration,
    /// Which executor it is. Its number may be used again, but this never is.
    pub(crate) identity: u64,
    this: Weak<Core>,
    pub(crate) tasks: RefCell<Tasks>,
    pub(crate) timers: RefCell<TimerHeap<TaskNumber>>,
    pub(crate) foreign: Foreign,
    pub(crate) reactor: RefCell<Reactor>,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) clock: Clock,
    observer: OnceCell<Box<dyn Observer>>,
    /// Who is being polled.
    current: Cell<Option<TaskNumber>>,
    /// How many socket operations the task that is being polled has left.
    pub(crate) budget: Cell<u32>,
    /// How long after a wake-up for timers not to wake up for them again.
    pub(crate) resolution: Cell<Duration>,
    pub(crate) last_timers: Cell<Option<Instant>>,
    /// Who sleeps no more and is yet to be woken, while they are woken one after the other.
    pub(crate) due: RefCell<VecDeque<TaskNumber>>,
    /// Whether it is entered, maybe with another executor entered inside it.
    pub(crate) is_entered: Cell<bool>,
    is_closed: Cell<bool>,
    /// Whether a task's future is being dropped where it stands.
    is_cancelling: Cell<bool>,
}

/// The number of socket operations in one poll that succeed without waiting.
const OPERATIONS: u32 = 128;

impl Core {
    pub(crate) fn new(selector: Box<dyn Selector>, clock: Clock) -> Rc<Core> {
        let inbox = Arc::new(Inbox::new(selector.notifier()));
        let registration = Registration::new(inbox.clone());
        Rc::new_cyclic(|this| Core {
            tasks: RefCell::new(Tasks::new(registration.number())),
            foreign: Foreign::new(registration.number()),
            registration,
            identity: registry::identity(),
            this: this.clone(),
            timers: RefCell::new(TimerHeap::new(clock.now())),
            reactor: RefCell::new(Reactor::new(selector)),
            inbox,
            clock,
            observer: OnceCell::new(),
            current: Cell::new(None),
            budget: Cell::new(0),
            resolution: Cell::new(Duration::ZERO),
            last_timers: Cell::new(None),
            due: RefCell::default(),
            is_entered: Cell::new(false),
            is_closed: Cell::new(false),
            is_cancelling: Cell::new(false),
        })
    }

    pub(crate) fn handle(&self) -> Rc<Core> {
        self.this
            .upgrade()
            .expect("whoever has a reference to the core keeps it alive")
    }

    /// Returns the number of the task in a slot.
    pub(crate) fn number(&self, slot: u32, id: TaskId) -> TaskNumber {
        TaskNumber::new(self.registration.number(), slot, id.0)
    }

    /// Returns whether the executor has this number.
    pub(crate) fn has_number(&self, number: u16) -> bool {
        self.registration.number() == number
    }

    /// Returns whether the executor has been dropped, so that nothing here will ever be woken.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    /// Tells the observer, if there is one.
    fn observe(&self, tell: impl FnOnce(&dyn Observer)) {
        /// A function by itself, so that it is not in the way where nobody observes.
        #[cold]
        #[inline(never)]
        fn tell_it(observer: &dyn Observer, tell: impl FnOnce(&dyn Observer)) {
            tell(observer);
        }
        if let Some(observer) = self.observer.get() {
            tell_it(&**observer, tell);
        }
    }

    /// Tells the observer, if there is one, about a future that waits in the task that is being polled.
    pub(crate) fn observe_wait(&self, tell: impl FnOnce(&dyn Observer, TaskId)) {
        self.observe(|observer| {
            // What a cancelled task gives up is not given up by the one that is being polled.
            let current = self.current.get().filter(|_| !self.is_cancelling.get());
            // Nobody is being polled here when the future is awaited in an executor other than its own.
            if let Some(task) = current.and_then(|number| self.id(number)) {
                tell(observer, task);
            }
        });
    }

    pub(crate) fn is_observed(&self) -> bool {
        self.observer.get().is_some()
    }

    pub(crate) fn set_observer(&self, observer: Box<dyn Observer>) {
        assert!(
            self.observer.set(observer).is_ok(),
            "an executor has one observer"
        );
    }

    /// Spawns a task. Once the executor has begun to be dropped, it is cancelled at once.
    pub(crate) fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        if self.is_closed() {
            let task = Task::new(future, 0, TaskId::MAIN, None);
            task.cancel();
            return JoinHandle::new(task, self.handle());
        }
        let mut tasks = self.tasks.borrow_mut();
        // Apart, so that if it panics the future is dropped when the borrow has ended.
        tasks.make_room();
        let task = tasks.insert(future);
        drop(tasks);
        if self.is_observed() {
            self.observe_spawn(&*task);
        }
        JoinHandle::new(task, self.handle())
    }

    /// Tells the observer about a new task. If it panics there will be no handle, and nobody asks for the output.
    #[cold]
    fn observe_spawn<T>(&self, task: &(impl Run + Join<T>)) {
        let tell = |observer: &dyn Observer| {
            let id = Run::id(task);
            observer.spawned(id, self.current.get().and_then(|number| self.id(number)));
            observer.woken(id);
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.observe(tell))) {
            quietly(|| _ = task.detach(self));
            resume_unwind(payload);
        }
    }

    /// Puts a task at the back of the ready queue, unless it is there already, or gone.
    #[inline]
    pub(crate) fn wake(&self, number: TaskNumber) {
        let woken = self.tasks.borrow_mut().make_ready(number);
        if woken {
            self.observe(|observer| {
                self.id(number)
                    .into_iter()
                    .for_each(|id| observer.woken(id))
            });
        }
    }

    /// Wakes what a number stands for: a task of this executor or of another one, or a waker from elsewhere.
    pub(crate) fn call(&self, callee: TaskNumber) {
        if callee.slot() == TaskNumber::FOREIGN {
            self.foreign.take(callee).into_iter().for_each(wake_quietly);
        } else if self.has_number(callee.executor()) {
            self.wake(callee);
        } else {
            registry::wake(callee);
        }
    }

    /// Returns the place of a task in the order of spawning. `None` when it is gone.
    fn id(&self, number: TaskNumber) -> Option<TaskId> {
        let tasks = self.tasks.borrow();
        if number == tasks.main() {
            Some(TaskId::MAIN)
        } else {
            tasks.find(number).map(|task| task.id())
        }
    }

    /// Drops a task where it stands; or, if it is being polled, as soon as it next waits.
    pub(crate) fn abort(&self, number: TaskNumber, id: TaskId) {
        let mut tasks = self.tasks.borrow_mut();
        let Some(task) = tasks.find(number).filter(|task| task.id() == id).cloned() else {
            return;
        };
        // Nobody drops a future that is being polled, or one that has ended but has not left the table yet.
        if self.current.get() == Some(number) {
            return task.abort_later();
        }
        tasks.remove(number);
        // In the middle of a turn, tidying up would bring others forward; each turn tidies up by itself.
        if !self.is_entered.get() {
            tasks.tidy_up();
        }
        drop(tasks);
        // What runs when it is dropped may spawn, wake and abort as if it were polled.
        waker::enter(&self.handle(), || self.cancel(&*task));
    }

    /// Drops a task that is out of the table already, and tells whoever joins it.
    fn cancel(&self, task: &dyn Run) {
        self.observe_end(
            |observer| observer.aborted(task.id()),
            || {
                let was_cancelling = self.is_cancelling.replace(true);
                task.cancel();
                self.is_cancelling.set(was_cancelling);
                self.tell(task);
            },
        );
    }

    /// Tells the observer, if there is one, how a task ends, and then does the rest, even if the observer panics: whoever
    /// joins the task may be of another executor, and would never learn of the end.
    fn observe_end(&self, tell: impl FnOnce(&dyn Observer), rest: impl FnOnce()) {
        let seen = match self.observer.get() {
            Some(_) => catch_unwind(AssertUnwindSafe(|| self.observe(tell))),
            None => Ok(()),
        };
        rest();
        seen.unwrap_or_else(|payload| resume_unwind(payload));
    }

    /// Wakes whoever waits for a task's output, which is dropped if nobody ever will.
    fn tell(&self, task: &dyn Run) {
        let joiner = task.settle();
        if joiner != TaskNumber::NOBODY {
            self.call(joiner);
        }
    }

    /// Runs tasks until `main`, which is one of them, is ready.
    pub(crate) fn run<F: Future>(&self, mut main: Pin<&mut F>) -> F::Output {
        let number = self.tasks.borrow().main();
        // What came while nothing ran comes first: a task that was aborted is not polled any more.
        self.read_inbox();
        self.wake(number);
        loop {
            // Tasks that get ready meanwhile wait for the next turn, so that nobody starves timers and sockets.
            let ready = self.tasks.borrow().ready_len();
            for _ in 0..ready {
                let next = self.tasks.borrow_mut().next();
                match next {
                    Some(Next::Task(number, task)) => self.poll(number, task),
                    Some(Next::Main) => {
                        if let Poll::Ready(output) = self.poll_main(main.as_mut(), number) {
                            return output;
                        }
                    }
                    None => {}
                }
            }
            self.look_around();
        }
    }

    /// Polls a task, and takes it out of the table if that was the end of it. It is the hot part of the loop.
    #[inline(always)]
    fn poll(&self, number: TaskNumber, task: Rc<dyn Run>) {
        self.begin_poll(number);
        self.observe(|observer| observer.polled(task.id()));
        // Dropping such a waker does nothing, so it is skipped.
        let waker = ManuallyDrop::new(number.waker());
        let polled = task.poll(&mut Context::from_waker(&waker));
        if polled == Polled::Pending {
            self.current.set(None);
            self.observe(|observer| observer.pending(task.id()));
        } else {
            self.end(number, task, polled);
        }
    }

    /// Takes a task out of the table after its last poll, and tells whoever joins it.
    #[inline(never)]
    fn end(&self, number: TaskNumber, task: Rc<dyn Run>, polled: Polled) {
        if polled == Polled::Aborted {
            return self.end_aborted(number, &*task);
        }
        self.tasks.borrow_mut().remove(number);
        self.current.set(None);
        self.observe_end(
            |observer| match polled {
                Polled::Panicked => observer.panicked(task.id()),
                _ => observer.finished(task.id()),
            },
            || self.tell(&*task),
        );
    }

    /// Drops a task that was aborted while it was being polled.
    #[cold]
    fn end_aborted(&self, number: TaskNumber, task: &dyn Run) {
        self.current.set(None);
        self.observe(|observer| observer.pending(task.id()));
        // The observer may have aborted it just now.
        let is_there = self.tasks.borrow_mut().remove(number);
        if is_there {
            self.cancel(task);
        }
    }

    fn poll_main<F: Future>(&self, main: Pin<&mut F>, number: TaskNumber) -> Poll<F::Output> {
        self.begin_poll(number);
        self.observe(|observer| observer.polled(TaskId::MAIN));
        let polled = catch_unwind(AssertUnwindSafe(|| {
            main.poll(&mut Context::from_waker(&number.waker()))
        }));
        self.current.set(None);
        self.observe(|observer| match &polled {
            Ok(Poll::Pending) => observer.pending(TaskId::MAIN),
            Ok(Poll::Ready(_)) => observer.finished(TaskId::MAIN),
            Err(_) => observer.panicked(TaskId::MAIN),
        });
        polled.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Says who is being polled from now on, with the full budget.
    fn begin_poll(&self, number: TaskNumber) {
        self.current.set(Some(number));
        self.budget.set(OPERATIONS);
    }

    /// Drops all tasks in the order of spawning, while the executor counts as entered, and then all that is left.
    pub(crate) fn close(&self) {
        self.is_closed.set(true);
        // An observer may have panicked in the middle of a poll.
        self.current.set(None);
        self.inbox.close();
        waker::enter(&self.handle(), || {
            let tasks = self.tasks.borrow().in_order();
            for (id, number) in tasks {
                // An observer that panics keeps nothing back: the futures may hold this executor.
                quietly(|| self.abort(number, id));
            }
        });
        // Tasks of other executors that wait here are woken, to find out.
        let mut sleepers: Vec<_> = self.due.take().into();
        sleepers.extend(self.timers.borrow_mut().values());
        let sockets = self.reactor.borrow_mut().take_wakers();
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
            "{what} needs an executor: use it inside of `block_on(async {{ .. }})`, or of a task that was spawned there"
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
