//! What a waker does: it puts its task into the ready queue, from any thread.
//!
//! One lock guards the queue and a flag that says whether the executor sleeps. So no wake is lost:
//! either it comes before the executor finds the queue empty, or it finds the executor asleep, and
//! ends the sleep.

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
    /// Whether a poll is due, so that a hundred wakes are one poll.
    pub(crate) is_queued: AtomicBool,
    /// Whether the task is to be dropped instead of polled.
    pub(crate) is_aborted: AtomicBool,
    pub(crate) queue: Arc<Mutex<ReadyQueue>>,
}

impl TaskWaker {
    pub(crate) fn new(id: TaskId, row: usize, queue: &Arc<Mutex<ReadyQueue>>) -> Arc<TaskWaker> {
        Arc::new(TaskWaker {
            id,
            row,
            is_queued: AtomicBool::new(false),
            is_aborted: AtomicBool::new(false),
            queue: Arc::clone(queue),
        })
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<TaskWaker>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<TaskWaker>) {
        // Lock first: the flag must not be seen before the task is in the queue.
        let mut queue = self.queue.lock().unwrap();
        if !self.is_queued.swap(true, SeqCst) {
            queue.push(Arc::clone(self));
            drop(queue);
            trace::within(&self.queue, || trace::woken(self.id.0));
        }
    }
}

/// The tasks to poll, in order, and whether the executor sleeps.
pub(crate) struct ReadyQueue {
    pub(crate) queue: VecDeque<Arc<TaskWaker>>,
    is_asleep: bool,
    /// Ends the executor's sleep; `None` once the executor was dropped.
    notifier: Option<UnixStream>,
    /// How many [`ClockHold`](crate::ClockHold)s keep the virtual clock still.
    pub(crate) holds: usize,
}

impl ReadyQueue {
    /// Makes an empty queue, and the socket that becomes readable when a wake ends the sleep.
    pub(crate) fn new() -> io::Result<(Arc<Mutex<ReadyQueue>>, UnixStream)> {
        let (notified, notifier) = UnixStream::pair()?;
        notified.set_nonblocking(true)?;
        let ready = ReadyQueue {
            queue: VecDeque::new(),
            is_asleep: false,
            notifier: Some(notifier),
            holds: 0,
        };
        Ok((Arc::new(Mutex::new(ready)), notified))
    }

    pub(crate) fn push(&mut self, task: Arc<TaskWaker>) {
        let was_asleep = mem::replace(&mut self.is_asleep, false);
        if let Some(notifier) = &mut self.notifier {
            self.queue.push_back(task);
            if was_asleep {
                // There is room for it: each sleep gets at most one byte.
                _ = notifier.write(&[1]);
            }
        }
    }

    /// Falls asleep if the queue is empty. From then on a wake ends the sleep.
    /// Returns whether it fell asleep, and whether the clock is held.
    pub(crate) fn fall_asleep(&mut self) -> (bool, bool) {
        self.is_asleep = self.queue.is_empty();
        (self.is_asleep, self.holds > 0)
    }

    /// Wakes up. Returns whether a wake has ended the sleep.
    pub(crate) fn wake_up(&mut self) -> bool {
        !mem::replace(&mut self.is_asleep, false)
    }

    /// Closes the queue for good: later wakes do nothing.
    pub(crate) fn close(&mut self) {
        (self.notifier, self.queue) = (None, VecDeque::new());
    }
}
