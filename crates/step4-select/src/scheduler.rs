//! Who runs next, who sleeps until when, and who waits for which socket? The `match` of step 3, with two more arms.

use std::fmt;
use std::io;
use std::time::Duration;

use step2_round_robin::{Deadlock, Generator, GeneratorState, Observer, TaskId, Tasks};
use step3_sleeping_heap::{Clock, TimerHeap, TimerKey};

use crate::request::Interest;
use crate::sockets::{Sockets, Waiting};
use crate::{Direction, Request, Select, Selector, Until, budget};

/// Runs tasks in turn, and lets them sleep and wait for sockets, until all of them are done.
#[derive(Debug)]
pub struct Scheduler<O = ()> {
    tasks: Tasks<Request, Place, O>,
    sleepers: TimerHeap<TaskId>,
    sockets: Sockets,
    clock: Clock,
}

/// The place of a task that is neither ready nor joining.
#[derive(Debug)]
enum Place {
    Sleeping(TimerKey),
    Waiting(Waiting),
}

impl Scheduler {
    /// Makes a scheduler on [`Select`] and the real clock.
    ///
    /// # Errors
    ///
    /// When the selector cannot be made because no descriptor is left.
    pub fn new() -> io::Result<Scheduler> {
        Ok(Scheduler::with_selector(Select::new()?))
    }

    /// Makes a scheduler on another selector, and the real clock.
    pub fn with_selector(selector: impl Selector + 'static) -> Scheduler {
        let clock = Clock::real_time();
        let sockets = Sockets::new(Box::new(selector));
        Scheduler {
            tasks: Tasks::new(()),
            sleepers: TimerHeap::new(clock.now()),
            sockets,
            clock,
        }
    }
}

impl<O: Observer<Request>> Scheduler<O> {
    /// Puts the scheduler on another clock.
    ///
    /// On the virtual one, only tasks of this scheduler may be at the other end of a socket: time moves on as soon as
    /// nothing has come, and a peer elsewhere needs real time for its answer.
    pub fn with_clock(self, clock: Clock) -> Scheduler<O> {
        Scheduler {
            sleepers: TimerHeap::new(clock.now()),
            clock,
            ..self
        }
    }

    /// Gives the scheduler an observer, which is told what happens to its tasks.
    pub fn with_observer<N: Observer<Request>>(self, observer: N) -> Scheduler<N> {
        let Scheduler {
            tasks,
            sleepers,
            sockets,
            clock,
        } = self;
        Scheduler {
            tasks: tasks.with_observer(observer),
            sleepers,
            sockets,
            clock,
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
    /// When the selector fails to wait, which it does only for lack of memory.
    pub fn run<T: 'static>(
        mut self,
        main: impl Generator<Yield = Request, Return = T> + 'static,
    ) -> Result<T, Deadlock> {
        let main = self.tasks.spawn_main(main);
        loop {
            // Tasks that become ready meanwhile wait for the next round, so that nobody starves the others.
            for _ in 0..self.tasks.ready_len() {
                if let Some(task) = self.tasks.pop_ready() {
                    self.give_turn(task);
                }
            }
            self.wait();
            if self.tasks.ready_len() == 0
                && self.sockets.is_empty()
                && self.sleepers.next_deadline().is_none()
            {
                return self.tasks.end(main);
            }
        }
    }

    /// Makes the tasks ready whose deadline or event has come; if nobody is ready, waits for the first of either.
    fn wait(&mut self) {
        let is_idle = self.tasks.ready_len() == 0;
        let deadline = self.sleepers.next_deadline();
        let until = match deadline {
            _ if !is_idle => Until::Now,
            Some(_) if self.clock.is_virtual() => Until::Now,
            Some(deadline) => Until::Deadline(deadline),
            None => Until::Event,
        };
        let has_to_look = !self.sockets.is_empty() || (is_idle && deadline.is_some());
        let came = has_to_look && self.sockets.wait(until);

        if let Some(deadline) = deadline {
            if is_idle && !came && self.clock.is_virtual() {
                self.clock.wait_until(deadline);
            }
            let now = self.clock.now();
            while let Some(task) = self.sleepers.pop_due(now) {
                self.tasks.make_ready(task);
            }
        }
        self.sockets.wake_each(|task| self.tasks.make_ready(task));
    }

    /// Runs a task until it waits, or ends.
    fn give_turn(&mut self, task: TaskId) {
        use GeneratorState::{Complete, Yielded};
        budget::renew();
        loop {
            let state = self.tasks.resume(task);
            if let Some(next) = self.sockets.after(task, &state) {
                self.tasks.make_ready(next);
            }
            match state {
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
                Yielded(Request::Readable(socket)) => {
                    if self.wait_for(task, socket, Direction::Read) {
                        return;
                    }
                }
                Yielded(Request::Writable(socket)) => {
                    if self.wait_for(task, socket, Direction::Write) {
                        return;
                    }
                }
                Complete(()) => return self.tasks.finish(task),
            }
        }
    }

    fn put_to_sleep(&mut self, task: TaskId, duration: Duration) {
        // A time that the clock cannot show never comes.
        let deadline = self.clock.now().checked_add(duration);
        let timer = self.sleepers.push(deadline, task);
        self.tasks.park(task, Place::Sleeping(timer));
    }

    /// Lets a task wait for a socket. `false` when the selector refuses: then the task goes on, and finds out why.
    fn wait_for(&mut self, task: TaskId, interest: Interest, direction: Direction) -> bool {
        let source = interest.source.clone();
        let place = self.sockets.enqueue(task, interest, direction);
        match place {
            Ok(waiting) => {
                self.tasks.park(task, Place::Waiting(waiting));
                true
            }
            Err(error) => {
                source.state().refused.set(Some(error));
                false
            }
        }
    }

    fn cancel(&mut self, task: TaskId) {
        if let Some(next) = self.sockets.gone(task) {
            self.tasks.make_ready(next);
        }
        match self.tasks.cancel(task) {
            Some(Place::Sleeping(timer)) => _ = self.sleepers.cancel(timer),
            Some(Place::Waiting(waiting)) => self.sockets.leave(waiting),
            None => {}
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Said of a task only when no deadline is left that will ever come.
            Place::Sleeping(_) => f.write_str("sleeps for ever"),
            Place::Waiting(_) => f.write_str("waits for a socket"),
        }
    }
}
