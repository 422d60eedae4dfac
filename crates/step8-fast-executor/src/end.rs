//! How a task ends: by itself, by a panic, aborted, or with its executor.

use std::rc::Rc;

use step2_round_robin::TaskId;

use crate::block::PollOutcome;
use crate::core::Core;
use crate::entered::enter;
use crate::task::Task;
use crate::task_key::TaskKey;
use crate::unwind::{drop_quietly, quietly, wake_quietly};

impl Core {
    /// Takes the current task out of the table, after its last poll.
    #[inline(always)]
    pub(crate) fn leave(&self, key: TaskKey, report: fn(u64)) -> Task {
        let task = self.tasks.remove(key);
        let task = task.expect("the current task is in the table");
        self.current.set(TaskKey::NONE);
        if trace::has_listener() {
            report(task.id().0);
        }
        task
    }

    /// Ends a task that has panicked, or was aborted during its poll.
    #[cold]
    #[inline(never)]
    pub(crate) fn end_early(self: &Rc<Core>, key: TaskKey, outcome: PollOutcome) {
        if outcome == PollOutcome::Aborted {
            let task = self.leave(key, |id| trace::suspended(id, None));
            self.cancel(task);
        } else {
            let task = self.leave(key, trace::panicked);
            self.settle(task);
        }
    }

    /// Drops a task where it stands; or, if it is being polled, as soon as it next waits.
    pub(crate) fn abort(self: &Rc<Core>, key: TaskKey, id: TaskId) {
        if self.tasks.id(key) != Some(id) {
            return;
        }
        // The current task is being polled, or has ended and is about to leave the table: either
        // way its future cannot be dropped now.
        if self.current.get() == key {
            return self.tasks.abort_later(key);
        }
        let task = self.tasks.remove(key).expect("it was just found");
        // Not in the middle of a round: compacting would pull later tasks into it. And there is no
        // need, because each round empties the queue.
        if !self.is_entered.get() {
            self.tasks.compact();
        }
        // Destructors may spawn, wake and abort, as code in a poll may.
        enter(self, || self.cancel(task));
    }

    /// Drops a task that is out of the table already, and wakes its joiner.
    pub(crate) fn cancel(self: &Rc<Core>, task: Task) {
        trace::cancelled(task.id().0);
        let was_cancelling = self.is_cancelling.replace(true);
        task.cancel();
        self.is_cancelling.set(was_cancelling);
        self.settle(task);
    }

    /// Wakes the joiner of a task that has ended. The output is dropped if there is no handle.
    #[inline]
    pub(crate) fn settle(&self, task: Task) {
        let joiner = task.settle(&self.pool);
        if joiner != TaskKey::NONE {
            self.call(joiner);
        }
    }

    /// Drops all tasks in the order of spawning, with the executor still entered, and then
    /// everything else.
    pub(crate) fn close(self: &Rc<Core>) {
        self.is_closed.set(true);
        self.inbox.close();
        enter(self, || {
            let tasks = self.tasks.in_order();
            for (id, key) in tasks {
                self.abort(key, id);
            }
        });
        // Tasks of other executors may wait here. They are woken, and find that this one is gone.
        let mut sleepers: Vec<_> = self.due.take().into();
        sleepers.extend(self.timers.borrow_mut().values());
        let (sockets, selector) = self.reactor.borrow_mut().close();
        drop_quietly(selector);
        // Handles may outlive the executor. The memory that it has kept need not.
        self.tasks.clear();
        self.pool.close();
        sleepers
            .into_iter()
            .for_each(|sleeper| quietly(|| self.call(sleeper)));
        sockets.into_iter().for_each(wake_quietly);
    }
}
