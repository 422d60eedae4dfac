//! The loop: poll what is ready, a round at a time, and wait when nothing is.

use std::iter;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use step2_round_robin::TaskId;

use crate::JoinHandle;
use crate::core::{Core, MAIN, Task};
use crate::join_handle::task_of;
use crate::ready::{Idle, TaskWaker};

impl Core {
    /// Spawns a task, which goes to the back of the ready queue.
    pub(crate) fn spawn<F>(&self, name: Option<&str>, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let id = TaskId(self.spawned.get() + 1);
        self.spawned.set(id.0);
        trace::spawned(id.0, name, self.current.get().map(|by| by.0));
        let waker = TaskWaker::new(id, &self.ready);
        let (future, handle) = task_of(future, Arc::clone(&waker));
        let task = Task {
            name: name.map(Box::from),
            future: Some(future),
        };
        self.tasks.borrow_mut().insert(id, task);
        waker.wake();
        handle
    }

    /// Runs tasks until `main` is ready.
    pub(crate) fn run<F: Future>(&self, mut main: Pin<&mut F>) -> F::Output {
        let main_waker = TaskWaker::new(MAIN, &self.ready);
        trace::spawned(MAIN.0, Some("main"), None);
        main_waker.wake_by_ref();
        loop {
            // Tasks that are woken meanwhile wait for the next round, so they cannot starve timers and sockets.
            while let Some(task) = self.next_of_round() {
                if !Arc::ptr_eq(&task, &main_waker) {
                    self.poll_task(task);
                } else if let Poll::Ready(output) = self.poll(task, main.as_mut()) {
                    return output;
                } else {
                    trace::suspended(MAIN.0, None);
                }
            }
            self.wait();
            self.ready.take(&mut self.round.borrow_mut());
        }
    }

    fn next_of_round(&self) -> Option<Arc<TaskWaker>> {
        self.round.borrow_mut().pop_front()
    }

    fn poll_task(&self, task: Arc<TaskWaker>) {
        let id = task.id;
        if task.is_aborted() {
            return self.abort(id);
        }
        // A task that has ended, or was aborted, is not there: a late wake does nothing.
        let future = self
            .tasks
            .borrow_mut()
            .get_mut(&id)
            .and_then(|task| task.future.take());
        let Some(mut future) = future else { return };
        if self.poll(Arc::clone(&task), future.as_mut()).is_ready() {
            self.tasks.borrow_mut().remove(&id);
            return;
        }
        trace::suspended(id.0, None);
        if let Some(entry) = self.tasks.borrow_mut().get_mut(&id) {
            entry.future = Some(future);
        }
        // It has aborted itself.
        if task.is_aborted() {
            self.abort(id);
        }
    }

    /// Polls a future as a turn of its task.
    fn poll<F: Future + ?Sized>(
        &self,
        task: Arc<TaskWaker>,
        future: Pin<&mut F>,
    ) -> Poll<F::Output> {
        trace::resumed(task.id.0);
        task.begin_turn();
        self.current.set(Some(task.id));
        let polled = future.poll(&mut Context::from_waker(&Waker::from(task)));
        self.current.set(None);
        polled
    }

    /// Wakes the tasks whose time or socket has come; if no task is ready, first waits for the first of these.
    fn wait(&self) {
        let clock = &self.timers.clock;
        let idle = self.ready.fall_asleep();
        let deadline = self.timers.heap.borrow_mut().next_deadline();
        let left = deadline.map(|deadline| deadline.saturating_duration_since(clock.now()));
        let woken = match idle {
            Idle::No if !self.reactor.borrow().has_waiters() => Vec::new(),
            Idle::No => self.reactor.borrow_mut().wait(Some(Duration::ZERO)),
            _ if !clock.is_virtual() => self.reactor.borrow_mut().wait(left),
            // Only a thread that holds the clock can end this wait, or a timer that is due already.
            Idle::ClockIsHeld => self
                .reactor
                .borrow_mut()
                .wait(left.filter(Duration::is_zero)),
            Idle::Yes => {
                clock.wait_until(deadline.unwrap_or_else(|| self.panic_of_deadlock()));
                Vec::new()
            }
        };
        if idle != Idle::No {
            self.ready.wake_up();
            trace::waited(clock.now());
        }
        if deadline.is_some() {
            let now = clock.now();
            let due = iter::from_fn(|| self.timers.heap.borrow_mut().pop_due(now));
            // All of them first: a wake may add a timer, which is for the next round.
            let due: Vec<_> = due.collect();
            due.into_iter().for_each(Waker::wake);
        }
        woken.into_iter().for_each(Waker::wake);
    }

    fn panic_of_deadlock(&self) -> ! {
        self.ready.wake_up();
        let mut names = vec!["main".to_owned()];
        for (id, task) in self.tasks.borrow().iter() {
            names.push(
                task.name
                    .as_ref()
                    .map_or_else(|| id.to_string(), |name| name.to_string()),
            );
        }
        panic!("{}", step2_round_robin::Deadlock::new(names.into_iter()));
    }
}
