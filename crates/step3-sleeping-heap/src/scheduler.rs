//! Who runs next, and who sleeps until when? The `match` of step 2, with one more arm.

use std::fmt;
use std::time::Duration;

use step2_round_robin::{Deadlock, Generator, GeneratorState, Observer, TaskId, Tasks};

use crate::{Clock, Request, TimerHeap, TimerKey};

/// Runs tasks in turn, and lets them sleep, until all of them are done.
#[derive(Debug)]
pub struct Scheduler<O = ()> {
    tasks: Tasks<Request, Sleeping, O>,
    sleepers: TimerHeap<TaskId>,
    clock: Clock,
}

/// The place of a task that is neither ready nor joining.
#[derive(Debug)]
struct Sleeping(TimerKey);

impl Scheduler {
    /// Makes a scheduler on the real clock.
    pub fn new() -> Scheduler {
        let clock = Clock::real_time();
        Scheduler {
            tasks: Tasks::new(()),
            sleepers: TimerHeap::new(clock.now()),
            clock,
        }
    }
}

impl<O: Observer<Request>> Scheduler<O> {
    /// Puts the scheduler on another clock.
    pub fn with_clock(self, clock: Clock) -> Scheduler<O> {
        Scheduler {
            sleepers: TimerHeap::new(clock.now()),
            clock,
            ..self
        }
    }

    /// Gives the scheduler an observer, which is told what happens to its tasks.
    pub fn with_observer<N: Observer<Request>>(self, observer: N) -> Scheduler<N> {
        Scheduler {
            tasks: self.tasks.with_observer(observer),
            sleepers: self.sleepers,
            clock: self.clock,
        }
    }

    /// Runs `main` and all that it spawns to the end, and gives what `main` returned.
    ///
    /// # Errors
    ///
    /// [`Deadlock`] when all tasks that are left wait for each other, or sleep for ever. They are dropped, in the
    /// order of spawning.
    ///
    /// # Panics
    ///
    /// When a task panics: that ends the run, and drops the other tasks. When `main` is cancelled.
    pub fn run<T: 'static>(
        mut self,
        main: impl Generator<Yield = Request, Return = T> + 'static,
    ) -> Result<T, Deadlock> {
        let main = self.tasks.spawn_main(main);
        loop {
            // Tasks that become ready meanwhile wait for the next round, so that nobody keeps the sleepers asleep.
            for _ in 0..self.tasks.ready_len() {
                if let Some(task) = self.tasks.pop_ready() {
                    self.give_turn(task);
                }
            }
            self.wake_sleepers();
            if self.tasks.ready_len() == 0 {
                return self.tasks.end(main);
            }
        }
    }

    /// Makes the tasks ready whose deadline has come; if nobody is ready, waits for the first deadline.
    fn wake_sleepers(&mut self) {
        let Some(deadline) = self.sleepers.next_deadline() else {
            return;
        };
        if self.tasks.ready_len() == 0 {
            self.clock.wait_until(deadline);
        }
        let now = self.clock.now();
        while let Some(task) = self.sleepers.pop_due(now) {
            self.tasks.make_ready(task);
        }
    }

    /// Runs a task until it waits, or ends.
    fn give_turn(&mut self, task: TaskId) {
        use GeneratorState::{Complete, Yielded};
        loop {
            match self.tasks.resume(task) {
                Yielded(Request::Turn) => return self.tasks.make_ready(task),
                Yielded(Request::Spawn(child)) => self.tasks.spawn(child, Some(task)),
                Yielded(Request::Cancel(other)) => {
                    self.cancel(other);
                    if other == task {
                        return;
                    }
                }
                Yielded(Request::Join(other)) => {
                    if self.tasks.join(task, other) {
                        return;
                    }
                }
                Yielded(Request::Sleep(duration)) => return self.put_to_sleep(task, duration),
                Complete(()) => return self.tasks.finish(task),
            }
        }
    }

    fn put_to_sleep(&mut self, task: TaskId, duration: Duration) {
        // A time that the clock cannot show never comes.
        let deadline = self.clock.now().checked_add(duration);
        let timer = self.sleepers.push(deadline, task);
        self.tasks.park(task, Sleeping(timer));
    }

    fn cancel(&mut self, task: TaskId) {
        if let Some(Sleeping(timer)) = self.tasks.cancel(task) {
            self.sleepers.cancel(timer);
        }
    }
}

impl Default for Scheduler {
    fn default() -> Scheduler {
        Scheduler::new()
    }
}

impl fmt::Display for Sleeping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // This is asked for only when no deadline is left that will ever come.
        f.write_str("sleeps for ever")
    }
}
