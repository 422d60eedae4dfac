//! The rounds of an executor: in each, the tasks that are ready are polled in the order of the
//! queue. What comes between two rounds is in `park.rs`, and how a task ends in
//! `end.rs`.
#![allow(unsafe_code, reason = "a task is polled while the table owns it")]

use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::block::PollOutcome;
use crate::core::{Core, MAIN};
use crate::task::Task;
use crate::task_key::TaskKey;
use crate::tasks::Turn;

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
}
