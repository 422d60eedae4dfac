//! Who runs next? One `match` on what a task asks for: the whole scheduler.

use std::convert::Infallible;

use crate::{Deadlock, Generator, GeneratorState, Observer, Request, TaskId, Tasks};

/// Runs tasks in turn, until all of them are done.
///
/// # Examples
///
/// ```
/// use step2_round_robin::{Co, Generated, Scheduler};
///
/// assert_eq!(Scheduler::new().run(Generated::new(async |_: &Co| "done")), Ok("done"));
/// ```
#[derive(Debug)]
pub struct Scheduler<O = ()> {
    tasks: Tasks<Request, Infallible, O>,
}

impl Scheduler {
    /// Makes a scheduler.
    pub fn new() -> Scheduler {
        Scheduler {
            tasks: Tasks::new(()),
        }
    }
}

impl<O: Observer<Request>> Scheduler<O> {
    /// Gives the scheduler an observer, which is told what happens to its tasks.
    pub fn with_observer<N: Observer<Request>>(self, observer: N) -> Scheduler<N> {
        Scheduler {
            tasks: self.tasks.with_observer(observer),
        }
    }

    /// Runs `main` and all that it spawns to the end, and gives what `main` returned.
    ///
    /// # Errors
    ///
    /// [`Deadlock`] when all tasks that are left wait for each other. They are dropped, in the order of spawning.
    ///
    /// # Panics
    ///
    /// When a task panics: that ends the run, and drops the other tasks. When `main` is cancelled.
    pub fn run<T: 'static>(
        mut self,
        main: impl Generator<Yield = Request, Return = T> + 'static,
    ) -> Result<T, Deadlock> {
        let main = self.tasks.spawn_main(main);
        while self.tasks.ready_len() > 0 {
            if let Some(task) = self.tasks.pop_ready() {
                self.give_turn(task);
            }
        }
        self.tasks.end(main)
    }

    /// Runs a task until it waits, or ends.
    fn give_turn(&mut self, task: TaskId) {
        use GeneratorState::{Complete, Yielded};
        loop {
            match self.tasks.resume(task) {
                Yielded(Request::Turn) => return self.tasks.make_ready(task),
                Yielded(Request::Spawn(child)) => self.tasks.spawn(child, Some(task)),
                Yielded(Request::Cancel(other)) => {
                    self.tasks.cancel(other);
                    if other == task {
                        return;
                    }
                }
                Yielded(Request::Join(other)) => {
                    if self.tasks.join(task, other) {
                        return;
                    }
                }
                Complete(()) => return self.tasks.finish(task),
            }
        }
    }
}

impl Default for Scheduler {
    fn default() -> Scheduler {
        Scheduler::new()
    }
}
