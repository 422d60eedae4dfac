//! The rounds of an executor: in each, the tasks that are ready are polled in the order of the
//! queue. What comes between two rounds is in `park.rs`, and how a task ends is in `end.rs`.
#![allow(unsafe_code, reason = "a task is polled while the table owns it")]

use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::block::PollOutcome;
use crate::core::{Core, MAIN};
use crate::task::Task;
use crate::task_key::TaskKey;
use crate::tasks::Turn;

/// How many socket operations of one turn may succeed without a wait.
const OPERATIONS: u32 = 128;

impl Core {
    /// Runs `main`, and the tasks beside it, until `main` is ready.
    pub(crate) fn run<F: Future>(self: &Rc<Core>, mut main: Pin<&mut F>) -> F::Output {
        let key = self.tasks.main();
        trace::spawned(MAIN.0, "main");
        // Read the inbox before the first poll: a task that was aborted since the last run must not
        // be polled again.
        self.read_inbox();
        self.wake(key);
        self.tasks.begin_round();
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
            // Tasks that got ready in this round wait for the next one. Otherwise they could starve
            // timers and sockets.
            self.tasks.begin_round();
        }
    }

    /// Polls a task, and takes it out of the table if that was its end. This is the hot part of the
    /// loop.
    #[inline(always)]
    fn poll(self: &Rc<Core>, key: TaskKey, task: ManuallyDrop<Task>) {
        self.begin_turn(key);
        if trace::has_listener() {
            trace::resumed(task.id().0);
        }
        // Dropping such a waker would do nothing, so skip it.
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
        let polled = catch_unwind(AssertUnwindSafe(|| {
            main.poll(&mut Context::from_waker(&key.waker()))
        }));
        self.current.set(TaskKey::NONE);
        match &polled {
            Ok(Poll::Pending) => trace::suspended(MAIN.0, None),
            Ok(Poll::Ready(_)) => trace::finished(MAIN.0),
            Err(_) => trace::panicked(MAIN.0),
        }
        polled.unwrap_or_else(|payload| resume_unwind(payload))
    }

    /// Makes a task the current one, with a full budget.
    fn begin_turn(&self, key: TaskKey) {
        self.current.set(key);
        self.budget.set(OPERATIONS);
    }
}
