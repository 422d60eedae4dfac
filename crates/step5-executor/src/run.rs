//! The loop: poll what is ready, a round at a time, and wait when nothing is.

use std::iter;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use step2_round_robin::{Deadlock, TaskId};

use crate::JoinHandle;
use crate::core::Core;
use crate::join_handle::output_of;
use crate::ready::{Idle, TaskWaker};
use crate::tasks::Task;

impl Core {
    /// Spawns a task, which goes to the back of the ready queue.
    pub(crate) fn spawn<T: 'static>(
        &self,
        name: &str,
        future: impl Future<Output = T> + 'static,
    ) -> JoinHandle<T> {
        let id = TaskId(self.spawned.get() + 1);
        self.spawned.set(id.0);
        trace::spawned(id.0, name);
        let (body, output) = output_of(id, future);
        let task = Task {
            id,
            body: Some(body),
            name: name.into(),
        };
        let row = self.tasks.borrow_mut().insert(task);
        let waker = TaskWaker::new(id, row, &self.ready);
        waker.wake_by_ref();
        JoinHandle::new(output, waker)
    }

    /// Runs tasks until `main` is ready.
    pub(crate) fn run<F: Future>(&self, mut main: Pin<&mut F>) -> F::Output {
        // It has no row, as it is not in the table.
        let main_waker = TaskWaker::new(TaskId(0), usize::MAX, &self.ready);
        trace::spawned(0, "main");
        main_waker.wake_by_ref();
        loop {
            // Tasks that are woken meanwhile wait for the next round, so they cannot starve timers and sockets.
            while let Some(task) = self.next_of_round() {
                if !Arc::ptr_eq(&task, &main_waker) {
                    self.poll_task(&task);
                } else if let Poll::Ready(output) = poll(task, main.as_mut()) {
                    trace::finished(0);
                    return output;
                } else {
                    trace::suspended(0, None);
                }
            }
            self.wait();
            self.ready.take(&mut self.round.borrow_mut());
        }
    }

    fn next_of_round(&self) -> Option<Arc<TaskWaker>> {
        self.round.borrow_mut().pop_front()
    }

    fn poll_task(&self, waker: &Arc<TaskWaker>) {
        if waker.is_aborted.load(SeqCst) {
            return self.abort(waker);
        }
        // A task that has ended, or was aborted, is not there: a late wake does nothing.
        let body = self
            .tasks
            .borrow_mut()
            .get(waker)
            .and_then(|task| task.body.take());
        let Some(mut body) = body else { return };
        if poll(Arc::clone(waker), body.as_mut()).is_ready() {
            self.tasks.borrow_mut().remove(waker);
            return;
        }
        trace::suspended(waker.id.0, None);
        if let Some(task) = self.tasks.borrow_mut().get(waker) {
            task.body = Some(body);
        }
        // It has aborted itself.
        if waker.is_aborted.load(SeqCst) {
            self.abort(waker);
        }
    }

    /// Wakes the tasks whose time or socket has come; if no task is ready, first waits for the first of these.
    fn wait(&self) {
        let clock = &self.clock;
        let idle = self.ready.fall_asleep();
        let deadline = self.timers.borrow_mut().next_deadline();
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
            let due = iter::from_fn(|| self.timers.borrow_mut().pop_due(now));
            // All of them first: a wake may add a timer, which is for the next round.
            let due: Vec<_> = due.collect();
            due.into_iter().for_each(Waker::wake);
        }
        woken.into_iter().for_each(Waker::wake);
    }

    fn panic_of_deadlock(&self) -> ! {
        let mut tasks = vec!["main".to_owned()];
        tasks.extend(self.tasks.borrow().names());
        panic!("{}", Deadlock { tasks });
    }
}

/// Polls a future as a turn of its task.
fn poll<F: Future + ?Sized>(waker: Arc<TaskWaker>, future: Pin<&mut F>) -> Poll<F::Output> {
    trace::resumed(waker.id.0);
    waker.begin_turn();
    future.poll(&mut Context::from_waker(&Waker::from(waker)))
}
