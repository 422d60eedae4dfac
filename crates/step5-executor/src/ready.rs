//! What a waker does: it puts its task into the ready queue, from any thread.
//!
//! The queue, and whether the executor sleeps, are behind one lock. So a wake either comes before the executor looks
//! whether the queue is empty, or it finds the executor asleep and ends its sleep: none is lost.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::mem;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::Wake;

use step2_round_robin::TaskId;

/// What all wakers of a task share.
pub(crate) struct TaskWaker {
    pub(crate) id: TaskId,
    /// Its row in the table of tasks.
    pub(crate) row: usize,
    /// Whether it is in the queue, so that a hundred wakes are one poll.
    is_queued: AtomicBool,
    /// Whether the task is to be dropped instead of polled.
    pub(crate) is_aborted: AtomicBool,
    pub(crate) queue: Arc<ReadyQueue>,
}

impl TaskWaker {
    pub(crate) fn new(id: TaskId, row: usize, queue: &Arc<ReadyQueue>) -> Arc<TaskWaker> {
        let (is_queued, is_aborted) = (AtomicBool::new(false), AtomicBool::new(false));
        let queue = Arc::clone(queue);
        Arc::new(TaskWaker {
            id,
            row,
            is_queued,
            is_aborted,
            queue,
        })
    }

    /// Begins a turn. From here on a wake puts the task into the queue again, even in the middle of its poll.
    pub(crate) fn begin_turn(&self) {
        self.is_queued.swap(false, SeqCst);
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<TaskWaker>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<TaskWaker>) {
        if !self.is_queued.swap(true, SeqCst) {
            trace::woken(self.id.0);
            self.queue.push(Arc::clone(self));
        }
    }
}

/// The tasks that are to be polled, in order.
pub(crate) struct ReadyQueue {
    state: Mutex<State>,
}

struct State {
    queue: VecDeque<Arc<TaskWaker>>,
    is_asleep: bool,
    /// Ends the executor's sleep; `None` once the executor was dropped.
    notifier: Option<UnixStream>,
    /// How many hold the virtual clock still: see `clock_hold.rs`.
    holds: usize,
}

/// What an executor finds when it has nothing left to poll.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idle {
    /// Tasks were woken meanwhile.
    No,
    /// It may sleep.
    Yes,
    /// It may sleep, but on a virtual clock no time may pass.
    ClockIsHeld,
}

impl ReadyQueue {
    /// Makes an empty queue, and the socket that becomes readable when a sleep is to end.
    pub(crate) fn new() -> io::Result<(Arc<ReadyQueue>, UnixStream)> {
        let (notified, notifier) = UnixStream::pair()?;
        notified.set_nonblocking(true)?;
        notifier.set_nonblocking(true)?;
        let (queue, notifier) = (VecDeque::new(), Some(notifier));
        let state = Mutex::new(State {
            queue,
            is_asleep: false,
            notifier,
            holds: 0,
        });
        Ok((Arc::new(ReadyQueue { state }), notified))
    }

    fn push(&self, task: Arc<TaskWaker>) {
        let mut state = self.state.lock().unwrap();
        if state.notifier.is_some() {
            state.queue.push_back(task);
            state.end_sleep();
        }
    }

    /// Takes all tasks that are in the queue, as the next round. `round` is empty, and lends its memory to the queue.
    pub(crate) fn take(&self, round: &mut VecDeque<Arc<TaskWaker>>) {
        mem::swap(&mut self.state.lock().unwrap().queue, round);
    }

    /// Falls asleep, unless tasks were woken meanwhile: from here on a wake ends the sleep.
    pub(crate) fn fall_asleep(&self) -> Idle {
        let mut state = self.state.lock().unwrap();
        state.is_asleep = state.queue.is_empty();
        match (state.is_asleep, state.holds) {
            (false, _) => Idle::No,
            (true, 0) => Idle::Yes,
            (true, _) => Idle::ClockIsHeld,
        }
    }

    pub(crate) fn wake_up(&self) {
        self.state.lock().unwrap().is_asleep = false;
    }

    pub(crate) fn hold_clock(&self) {
        self.state.lock().unwrap().holds += 1;
    }

    pub(crate) fn release_clock(&self) {
        let mut state = self.state.lock().unwrap();
        state.holds -= 1;
        state.end_sleep();
    }

    /// Ends it for good: later wakes do nothing.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock().unwrap();
        (state.notifier, state.queue) = (None, VecDeque::new());
    }
}

impl State {
    fn end_sleep(&mut self) {
        if mem::replace(&mut self.is_asleep, false)
            && let Some(notifier) = &mut self.notifier
        {
            // It fails if the socket is full, and then the sleep ends anyway.
            _ = notifier.write(&[1]);
        }
    }
}
