//! The inside of an executor: its parts, and the loop that polls the ready tasks, and waits if none
//! is ready.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::{io, iter, mem};

use step2_round_robin::TaskId;
use step3_sleeping_heap::{Clock, TimerHeap};
use step4_select::{Direction, Event, Selector, Waiters};

use crate::ready::{ReadyQueue, TaskWaker};
use crate::tasks::Tasks;

/// The parts of an executor.
///
/// None is borrowed while user code runs, because that code may use the executor: each borrow ends
/// before a future is polled or dropped, and before a waker is used. (The clone and the drop of a
/// foreign waker are trusted not to use it.)
pub(crate) struct Core {
    pub(crate) tasks: RefCell<Tasks>,
    /// How many tasks there have been. The main future has id 0, and is not counted.
    pub(crate) spawned: Cell<u64>,
    pub(crate) ready: Arc<Mutex<ReadyQueue>>,
    /// What is left of the round that runs.
    round: RefCell<VecDeque<Arc<TaskWaker>>>,
    pub(crate) clock: Clock,
    pub(crate) timers: RefCell<TimerHeap<Waker>>,
    /// The wakers of the tasks that wait for sockets.
    pub(crate) sockets: RefCell<Waiters<Waker>>,
    /// Becomes readable when a wake from another thread ends a wait.
    notified: UnixStream,
}

impl Core {
    pub(crate) fn new(selector: Box<dyn Selector>, clock: Clock) -> io::Result<Rc<Core>> {
        let (ready, notified) = ReadyQueue::new()?;
        trace::started_in(&ready, Some(clock.now()), clock.is_virtual());
        let core = Core {
            tasks: RefCell::default(),
            spawned: Cell::new(0),
            ready,
            round: RefCell::default(),
            clock,
            timers: RefCell::new(TimerHeap::new()),
            sockets: RefCell::new(Waiters::new(selector)),
            notified,
        };
        core.listen()?;
        Ok(Rc::new(core))
    }

    /// Reads what wakes from other threads have written, and lets the next one end a wait.
    pub(crate) fn listen(&self) -> io::Result<()> {
        _ = (&self.notified).read(&mut [0; 64]);
        let (fd, direction) = (self.notified.as_raw_fd(), Direction::Read);
        self.sockets.borrow_mut().arm(Event { fd, direction })
    }

    /// Runs tasks until `main` is ready.
    pub(crate) fn run<F: Future>(&self, mut main: Pin<&mut F>) -> F::Output {
        // No row: `main` is not in the table.
        let main_waker = TaskWaker::new(TaskId(0), usize::MAX, &self.ready);
        trace::spawned(0, "main");
        main_waker.wake_by_ref();
        loop {
            let next = self.round.borrow_mut().pop_front();
            match next {
                Some(task) if Arc::ptr_eq(&task, &main_waker) => match poll(task, main.as_mut()) {
                    Poll::Ready(output) => {
                        trace::finished(0);
                        return output;
                    }
                    Poll::Pending => trace::suspended(0, None),
                },
                Some(task) => self.poll_task(&task),
                // The round is over. Tasks that were queued in it have to wait
                // for the next, so they cannot starve timers and sockets.
                None => {
                    self.wait();
                    // Swap, so the queue gets the memory of the old round.
                    let mut round = self.round.borrow_mut();
                    mem::swap(&mut self.ready.lock().unwrap().queue, &mut round);
                }
            }
        }
    }

    fn poll_task(&self, waker: &Arc<TaskWaker>) {
        if waker.is_aborted.load(SeqCst) {
            return self.abort(waker);
        }
        // A late wake does nothing: its task is not in the table.
        let mut tasks = self.tasks.borrow_mut();
        let Some(mut body) = tasks.get(waker).and_then(|task| task.body.take()) else {
            return;
        };
        drop(tasks);
        let polled = poll(Arc::clone(waker), body.as_mut());
        let mut tasks = self.tasks.borrow_mut();
        if polled.is_ready() {
            return drop(tasks.remove(waker));
        }
        trace::suspended(waker.id.0, None);
        // It is still there: `abort` leaves a task whose body is out.
        if let Some(task) = tasks.get(waker) {
            task.body = Some(body);
        }
        drop(tasks);
        // Aborted during its poll, by itself or by another thread.
        if waker.is_aborted.load(SeqCst) {
            self.abort(waker);
        }
    }

    /// Drops a task where it stands. If it is being polled, its body is not here now, and
    /// `poll_task` drops it afterwards.
    pub(crate) fn abort(&self, waker: &TaskWaker) {
        let mut tasks = self.tasks.borrow_mut();
        if tasks.get(waker).is_some_and(|task| task.body.is_some()) {
            let task = tasks.remove(waker);
            drop(tasks);
            trace::within(&self.ready, || trace::cancelled(waker.id.0));
            drop(task);
        }
    }

    /// Wakes the tasks whose deadline or socket has come. If no task is ready, waits for the first
    /// one.
    fn wait(&self) {
        let (is_idle, is_held) = self.ready.lock().unwrap().fall_asleep();
        let mut woken = Vec::new();
        if is_idle {
            let deadline = self.timers.borrow_mut().next_deadline();
            match self.clock.is_virtual() {
                true => self.wait_on_virtual_clock(is_held, deadline),
                false => woken = self.sockets.borrow_mut().wait(true, deadline),
            }
            if self.ready.lock().unwrap().wake_up() {
                self.listen().expect("it was armed before");
            }
            trace::waited(self.clock.now());
        } else if !self.sockets.borrow().is_empty() {
            woken = self.sockets.borrow_mut().wait(false, None);
        }
        if !self.timers.borrow().is_empty() {
            let now = self.clock.now();
            // Collect all first: a timer added by a wake is for the next round.
            let due = iter::from_fn(|| self.timers.borrow_mut().pop_due(now));
            let due: Vec<Waker> = due.collect();
            due.into_iter().for_each(Waker::wake);
        }
        woken.into_iter().for_each(Waker::wake);
    }
}

/// Polls a future as a turn of its task.
fn poll<F: Future + ?Sized>(waker: Arc<TaskWaker>, future: Pin<&mut F>) -> Poll<F::Output> {
    trace::resumed(waker.id.0);
    // From here on a wake puts the task into the queue again, even in the
    // middle of this poll. Swap, not store: a wake that finds the flag set
    // pushes nothing. Only by reading the flag it wrote can this poll be sure
    // to see what was stored before that wake.
    waker.is_queued.swap(false, SeqCst);
    future.poll(&mut Context::from_waker(&Waker::from(waker)))
}
