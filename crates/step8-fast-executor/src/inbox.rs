//! How other threads reach an executor, and wake it up if it sleeps.

use std::fmt;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard, PoisonError};

use step2_round_robin::TaskId;

use crate::notifier::Notifier;
use crate::task_key::TaskKey;

/// Messages to an executor from other threads, and from this one while it is not entered.
///
/// No message is missed by an executor that is about to sleep. The sender puts its message in, and
/// then checks whether the executor sleeps; the executor says that it sleeps, and then checks
/// whether there is a message. Whatever the order of these four steps, one of the two sees the
/// other: they are sequentially consistent.
pub(crate) struct Inbox {
    messages: Mutex<Messages>,
    /// Whether there are messages, for those who do not take the lock. It is raised after the lock
    /// is released, so the messages may be gone by then: that costs a look in vain.
    has_messages: AtomicBool,
    is_sleeping: AtomicBool,
    /// Under a lock of its own: the executor that it wakes wants the messages at once, and should
    /// not wait for their lock. `None` once the executor was dropped: wakers may outlive it, and
    /// its pipe need not.
    notifier: Mutex<Option<Notifier>>,
    /// How many guards hold the virtual clock still.
    holds: AtomicUsize,
}

#[derive(Default)]
struct Messages {
    list: Vec<Message>,
    /// How many were left when doubles were last dropped.
    distinct: usize,
    is_closed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Message {
    Wake(TaskKey),
    /// Abort this task of this executor. The key alone would not do: it may have come round.
    Abort {
        executor: u64,
        key: TaskKey,
        id: TaskId,
    },
}

/// Below this many messages, no look for doubles is worth it.
const COMPACT_THRESHOLD: usize = 64;

impl Inbox {
    pub(crate) fn new(notifier: Notifier) -> Inbox {
        Inbox {
            messages: Mutex::default(),
            has_messages: AtomicBool::new(false),
            is_sleeping: AtomicBool::new(false),
            notifier: Mutex::new(Some(notifier)),
            holds: AtomicUsize::new(0),
        }
    }

    /// Puts a message in, from any thread, and wakes the executor up if it sleeps.
    pub(crate) fn put(&self, message: Message) {
        lock(&self.messages).put(message);
        self.has_messages.store(true, SeqCst);
        self.notify();
    }

    /// Wakes the executor up if it sleeps.
    fn notify(&self) {
        if self.is_sleeping.load(SeqCst) && self.is_sleeping.swap(false, SeqCst) {
            lock(&self.notifier).iter().for_each(Notifier::notify);
        }
    }

    /// Says that the executor is about to sleep. Returns whether it may: not if there are messages.
    pub(crate) fn fall_asleep(&self) -> bool {
        self.is_sleeping.store(true, SeqCst);
        let may_sleep = !self.has_messages.load(SeqCst);
        if !may_sleep {
            self.wake_up();
        }
        may_sleep
    }

    /// Says that the executor does not sleep any more.
    pub(crate) fn wake_up(&self) {
        self.is_sleeping.store(false, SeqCst);
    }

    /// Returns whether there are messages.
    pub(crate) fn has_messages(&self) -> bool {
        self.has_messages.load(SeqCst)
    }

    /// Takes all messages out, in the order in which they came.
    pub(crate) fn take(&self) -> Vec<Message> {
        let mut messages = lock(&self.messages);
        self.has_messages.store(false, SeqCst);
        messages.distinct = 0;
        mem::take(&mut messages.list)
    }

    /// Holds the virtual clock still, until there have been as many releases.
    pub(crate) fn hold(&self) {
        self.holds.fetch_add(1, SeqCst);
    }

    pub(crate) fn release(&self) {
        self.holds.fetch_sub(1, SeqCst);
        self.notify();
    }

    /// Returns whether the virtual clock is held still.
    pub(crate) fn is_held(&self) -> bool {
        self.holds.load(SeqCst) > 0
    }

    /// Lets nothing more in, because it would never be read.
    pub(crate) fn close(&self) {
        let mut messages = lock(&self.messages);
        messages.is_closed = true;
        messages.list = Vec::new();
        *lock(&self.notifier) = None;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics under the locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Messages {
    /// Adds a message. Doubles are dropped once they may outnumber the rest. Otherwise a thread
    /// that wakes the same tasks over and over, while the executor is busy, would fill the memory.
    fn put(&mut self, message: Message) {
        if self.is_closed {
            return;
        }
        if self.list.len() >= 2 * self.distinct + COMPACT_THRESHOLD {
            let mut order: Vec<usize> = (0..self.list.len()).collect();
            order.sort_by_key(|&i| (self.list[i], i));
            order.dedup_by_key(|i| self.list[*i]);
            order.sort_unstable();
            self.list = order.into_iter().map(|i| self.list[i]).collect();
            self.distinct = self.list.len();
        }
        self.list.push(message);
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("is_sleeping", &self.is_sleeping)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wake(slot: u32) -> Message {
        Message::Wake(TaskKey::new(0, slot, 0))
    }

    fn abort(slot: u32) -> Message {
        Message::Abort {
            executor: 0,
            key: TaskKey::new(0, slot, 0),
            id: TaskId(0),
        }
    }

    /// Promise (wakers): However often other threads wake a task, the queue of their wakes stays
    /// short.
    #[test]
    fn doubles_do_not_pile_up() {
        let mut messages = Messages::default();
        for i in 0..1_000_000 {
            messages.put(wake(i % 100));
            assert!(
                messages.list.len() <= 2 * 100 + COMPACT_THRESHOLD,
                "{} messages",
                messages.list.len()
            );
        }
        assert!(messages.list.capacity() < 1_000);
    }

    #[test]
    fn different_messages_are_all_kept() {
        let mut messages = Messages::default();
        (0..100_000).for_each(|i| messages.put(wake(i)));
        assert_eq!(messages.list, (0..100_000).map(wake).collect::<Vec<_>>());
    }

    #[test]
    fn order_is_that_of_the_first_of_each() {
        let mut messages = Messages::default();
        let order = [wake(7), abort(3), wake(1), abort(7), wake(3)];
        for _ in 0..1_000 {
            order.iter().for_each(|message| messages.put(*message));
        }
        assert_eq!(messages.list[..5], order);
        assert!(messages.list.iter().all(|message| order.contains(message)));
    }

    #[test]
    fn an_abort_is_not_lost_among_wakes() {
        let mut messages = Messages::default();
        for i in 0..1_000 {
            if i == 500 {
                messages.put(abort(2));
            }
            messages.put(wake(i % 3));
        }
        assert_eq!(
            messages
                .list
                .iter()
                .filter(|message| **message == abort(2))
                .count(),
            1
        );
    }

    #[test]
    fn a_closed_inbox_keeps_nothing() {
        let notified = crate::notifier::Notified::new().unwrap();
        let inbox = Inbox::new(notified.notifier());
        inbox.put(wake(1));
        inbox.close();
        inbox.put(wake(2));
        assert_eq!(inbox.take(), []);
    }
}
