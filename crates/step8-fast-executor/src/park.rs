//! Between two rounds: the executor finds out which tasks are ready next, and waits if none is.

use std::iter;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::core::Core;
use crate::inbox::Message;
use crate::unwind::wake_quietly;

impl Core {
    /// Wakes the tasks for which a message, a deadline or a socket has come. If no task is ready,
    /// waits for the first of these.
    #[inline(always)]
    pub(crate) fn park(self: &Rc<Core>) {
        let is_awaited = self.reactor.borrow().is_awaited();
        // Tasks that only take turns do not pay for timers and sockets that are not there.
        if !self.tasks.has_ready()
            || is_awaited
            || self.inbox.has_messages()
            || !self.timers.borrow().is_empty()
        {
            self.park_slow(is_awaited);
        }
    }

    #[inline(never)]
    fn park_slow(self: &Rc<Core>, is_awaited: bool) {
        if !self.tasks.has_ready() && self.inbox.fall_asleep() {
            self.wait();
        } else {
            if is_awaited {
                self.reactor.borrow_mut().wait(Some(Duration::ZERO));
            }
            self.read_inbox();
        }
        // Looking at the clock costs more than a turn of a task.
        if !self.timers.borrow().is_empty() {
            self.wake_timers();
        }
        if self.reactor.borrow().has_events() {
            self.wake_sockets();
        }
    }

    /// Waits. No task is ready, and the inbox knows that the executor is about to sleep.
    #[inline(never)]
    fn wait(self: &Rc<Core>) {
        let deadline = self.timers.borrow_mut().next_deadline();
        // A thread that held the clock has sent its message before it let go, so look for messages
        // last.
        let is_stopped =
            self.clock.is_virtual() && !self.inbox.is_held() && !self.inbox.has_messages();
        let timeout = match deadline {
            // A timer that is due already does not need the clock to move.
            Some(deadline) if self.clock.is_virtual() => {
                (deadline <= self.clock.now()).then_some(Duration::ZERO)
            }
            Some(deadline) => {
                let deadline = self.coalesce(deadline);
                Some(deadline.saturating_duration_since(Instant::now()))
            }
            None => None,
        };
        if !is_stopped {
            self.reactor.borrow_mut().wait(timeout);
        } else if deadline.is_none() {
            self.inbox.wake_up();
            self.panic_of_deadlock();
        }
        self.inbox.wake_up();
        let has_messages = self.inbox.has_messages();
        if let Some(deadline) = deadline.filter(|_| is_stopped && !has_messages) {
            self.clock.wait_until(deadline);
        }
        if trace::has_listener() {
            trace::waited(self.clock.now());
        }
        if has_messages {
            self.read_messages();
        }
    }

    /// Delays a deadline if timers were woken a moment ago and a second timer is due soon: the two
    /// then share a wake-up. A deadline from before that last wake-up is of a timer that was added
    /// since, and is not delayed.
    fn coalesce(&self, deadline: Instant) -> Instant {
        let last = self.last_timers.get().filter(|last| *last < deadline);
        let earliest = last.and_then(|last| last.checked_add(self.resolution.get()));
        earliest
            .filter(|earliest| {
                deadline < *earliest && self.timers.borrow_mut().has_second_due(*earliest)
            })
            .unwrap_or(deadline)
    }

    /// Lets the next wake-up for timers come without delay: a timer was added that is due already.
    pub(crate) fn hurry_timers(&self) {
        self.last_timers.set(None);
    }

    #[inline(never)]
    fn wake_timers(&self) {
        let now = self.clock.now();
        // Collect all due timers first. A wake may run user code that adds a timer which is due
        // already, and that one has to wait for the next round.
        self.due
            .borrow_mut()
            .extend(iter::from_fn(|| self.timers.borrow_mut().pop_due(now)));
        loop {
            let due = self.due.borrow_mut().pop_front();
            let Some(sleeper) = due else { return };
            self.last_timers.set(Some(now));
            self.call(sleeper);
        }
    }

    #[inline(never)]
    fn wake_sockets(&self) {
        loop {
            let next = self.reactor.borrow_mut().next_woken();
            let Some(waker) = next else { return };
            wake_quietly(waker);
        }
    }

    /// Does what the messages of other threads say, if there are any.
    #[inline]
    pub(crate) fn read_inbox(self: &Rc<Core>) {
        if self.inbox.has_messages() {
            self.read_messages();
        }
    }

    #[inline(never)]
    fn read_messages(self: &Rc<Core>) {
        for message in self.inbox.take() {
            match message {
                Message::Wake(key) => _ = self.wake(key),
                Message::Abort { executor, key, id } if executor == self.executor_id => {
                    self.abort(key, id)
                }
                // For an executor that had this one's number before.
                Message::Abort { .. } => {}
            }
        }
    }

    /// Panics, and names the tasks that are left: ten of them, and how many more there are.
    fn panic_of_deadlock(&self) -> ! {
        let mut names = vec!["main".to_owned()];
        for (id, _) in self.tasks.in_order() {
            let name = self.tasks.name(id);
            names.push(name.unwrap_or_else(|| format!("task {}", id.0)));
        }
        let (named, more) = names.split_at(names.len().min(10));
        let more = match more.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        panic!("deadlock: nothing can wake {}{more}", named.join(", "));
    }
}
