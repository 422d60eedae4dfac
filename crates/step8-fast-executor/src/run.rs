//! The rounds of an executor: in each, the tasks that are ready are polled in the order of the
//! queue. What comes between two rounds is in `waiting.rs`.
#![allow(
    unsafe_code,
    reason = "a task is polled while the table owns it, and a panic is told to its task afterwards"
)]

use std::any::Any;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use step2_round_robin::TaskId;

use crate::core::{Core, MAIN};
use crate::entered::enter;
use crate::task::{PollOutcome, Task};
use crate::task_key::TaskKey;
use crate::tasks::Turn;
use crate::unwind::{drop_quietly, quietly, wake_quietly};

/// The number of socket operations in one poll that succeed without waiting.
const OPERATIONS: u32 = 128;

impl Core {
    /// Runs tasks until `main`, which is one of them, is ready.
    pub(crate) fn run<F: Future>(self: &Rc<Core>, mut main: Pin<&mut F>) -> F::Output {
        let key = self.tasks.main();
        trace::spawned(MAIN.0, "main");
        // What came while nothing ran comes first: a task that was aborted is not polled any more.
        self.read_inbox();
        self.wake(key);
        self.tasks.begin_round();
        loop {
            // Setting up a `catch_unwind` for each poll would cost a tenth of the poll. So there is
            // one for all, and `current` tells whose panic it was.
            let rounds = catch_unwind(AssertUnwindSafe(|| self.run_rounds(main.as_mut(), key)));
            match rounds {
                Ok(output) => return output,
                Err(payload) => self.end_by_panic(payload),
            }
        }
    }

    /// Finishes the round that has begun, and runs more, until `main` is ready.
    ///
    /// # Panics
    ///
    /// Panics if a future does.
    fn run_rounds<F: Future>(self: &Rc<Core>, mut main: Pin<&mut F>, key: TaskKey) -> F::Output {
        loop {
            // SAFETY: the task is polled before it is removed: to abort the current task is only
            // noted.
            while let Some(turn) = unsafe { self.tasks.next() } {
                match turn {
                    Turn::Task(key, task) => self.poll(key, task),
                    Turn::Main => {
                        if let Poll::Ready(output) = self.poll_main(main.as_mut(), key) {
                            return output;
                        }
                    }
                    Turn::Gone => {}
                }
            }
            self.park();
            // Tasks that get ready in this round wait for the next one, so that they do not starve
            // timers and sockets.
            self.tasks.begin_round();
        }
    }

    /// Polls a task, and takes it out of the table if that was the end of it. It is the hot part of
    /// the loop.
    #[inline(always)]
    fn poll(self: &Rc<Core>, key: TaskKey, task: ManuallyDrop<Task>) {
        self.begin_turn(key);
        if trace::has_listener() {
            trace::resumed(task.id().0);
        }
        // Dropping such a waker does nothing, so it is skipped.
        let waker = ManuallyDrop::new(key.waker());
        match task.poll(&mut Context::from_waker(&waker)) {
            PollOutcome::Pending => {
                self.current.set(TaskKey::NONE);
                if trace::has_listener() {
                    trace::suspended(task.id().0, None);
                }
            }
            PollOutcome::Ready => self.settle(self.leave(key, trace::finished)),
            outcome => self.end_early(key, outcome),
        }
    }

    /// Takes the current task out of the table, after its last poll.
    #[inline(always)]
    fn leave(&self, key: TaskKey, report: fn(u64)) -> Task {
        let task = self.tasks.remove(key);
        let task = task.expect("the current task is in the table");
        self.current.set(TaskKey::NONE);
        if trace::has_listener() {
            report(task.id().0);
        }
        task
    }

    /// Ends a task that was aborted while it was being polled, or has panicked.
    #[cold]
    #[inline(never)]
    fn end_early(self: &Rc<Core>, key: TaskKey, outcome: PollOutcome) {
        if outcome == PollOutcome::Aborted {
            let task = self.leave(key, |id| trace::suspended(id, None));
            self.cancel(task);
        } else {
            let task = self.leave(key, trace::panicked);
            self.settle(task);
        }
    }

    /// Ends the task that was being polled when something panicked. If that was main, or no task,
    /// the panic continues.
    #[cold]
    fn end_by_panic(self: &Rc<Core>, payload: Box<dyn Any + Send>) {
        let key = self.current.get();
        // SAFETY: the current task stays in the table until it is removed below.
        let Some(task) = (unsafe { self.tasks.find(key) }) else {
            if self.current.replace(TaskKey::NONE) == self.tasks.main() {
                trace::panicked(MAIN.0);
            }
            resume_unwind(payload);
        };
        // SAFETY: polls are made in `run_rounds` alone, and that has unwound; the current task is in
        // the table, so it is not being cancelled.
        unsafe { task.end_by_panic(payload) };
        self.end_early(key, PollOutcome::Panicked);
    }

    fn poll_main<F: Future>(&self, main: Pin<&mut F>, key: TaskKey) -> Poll<F::Output> {
        self.begin_turn(key);
        trace::resumed(MAIN.0);
        let polled = main.poll(&mut Context::from_waker(&key.waker()));
        self.current.set(TaskKey::NONE);
        match &polled {
            Poll::Pending => trace::suspended(MAIN.0, None),
            Poll::Ready(_) => trace::finished(MAIN.0),
        }
        polled
    }

    /// Notes which task is being polled from now on, with the full budget.
    fn begin_turn(&self, key: TaskKey) {
        self.current.set(key);
        self.budget.set(OPERATIONS);
    }

    /// Drops a task where it stands; or, if it is being polled, as soon as it next waits.
    pub(crate) fn abort(self: &Rc<Core>, key: TaskKey, id: TaskId) {
        if self.tasks.id(key) != Some(id) {
            return;
        }
        // A future is not dropped while it is being polled, or if it has ended but has not left the
        // table yet.
        if self.current.get() == key {
            // SAFETY: it is used here alone.
            let current = unsafe { self.tasks.find(key) };
            return current.iter().for_each(|task| task.abort_later());
        }
        let task = self.tasks.remove(key).expect("it was just found");
        // In the middle of a round, compacting would bring others forward; each round empties the
        // queue by itself.
        if !self.is_entered.get() {
            self.tasks.compact();
        }
        // What runs when it is dropped may spawn, wake and abort as if it were polled.
        enter(self, || self.cancel(task));
    }

    /// Drops a task that is out of the table already, and wakes its joiner.
    fn cancel(self: &Rc<Core>, task: Task) {
        trace::cancelled(task.id().0);
        let was_cancelling = self.is_cancelling.replace(true);
        task.cancel();
        self.is_cancelling.set(was_cancelling);
        self.settle(task);
    }

    /// Wakes the joiner of a task that has ended. The output is dropped if there is no handle.
    #[inline]
    fn settle(&self, task: Task) {
        let joiner = task.settle(&self.blocks);
        if joiner != TaskKey::NONE {
            self.call(joiner);
        }
    }

    /// Drops all tasks in the order of spawning, while the executor counts as entered, and then all
    /// that is left.
    pub(crate) fn close(self: &Rc<Core>) {
        self.is_closed.set(true);
        self.inbox.close();
        enter(self, || {
            let tasks = self.tasks.in_order();
            for (id, key) in tasks {
                self.abort(key, id);
            }
        });
        // Tasks of other executors that wait here are woken, to find out.
        let mut sleepers: Vec<_> = self.due.take().into();
        sleepers.extend(self.timers.borrow_mut().values());
        let (sockets, selector) = self.reactor.borrow_mut().close();
        drop_quietly(selector);
        // Handles may outlive the executor, and the memory that it keeps need not.
        self.tasks.clear();
        self.blocks.close();
        sleepers
            .into_iter()
            .for_each(|sleeper| quietly(|| self.call(sleeper)));
        sockets.into_iter().for_each(wake_quietly);
    }
}
