//! The rounds of an executor: in each, the tasks that are ready are polled in the order of the
//! queue. What comes between two rounds is in `waiting.rs`.

use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use step2_round_robin::TaskId;

use crate::core::{Core, MAIN};
use crate::entered::enter;
use crate::task::{PollOutcome, Run};
use crate::task_key::TaskKey;
use crate::tasks::{Next, Tasks};
use crate::unwind::{drop_quietly, quietly, wake_quietly};

/// The number of socket operations in one poll that succeed without waiting.
const OPERATIONS: u32 = 128;

impl Core {
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
        enter(&self.handle(), || self.cancel(&*task));
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

    /// Drops all tasks in the order of spawning, while the executor counts as entered, and then all
    /// that is left.
    pub(crate) fn close(&self) {
        self.is_closed.set(true);
        self.inbox.close();
        enter(&self.handle(), || {
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
