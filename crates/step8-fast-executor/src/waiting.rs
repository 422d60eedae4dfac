//! What happens between two turns? The executor finds out who is ready next, and waits if nobody is.

use std::iter;
use std::time::Instant;

use step4_select::Until;

use crate::core::Core;
use crate::inbox::Message;
use crate::task::wake_quietly;

impl Core {
    /// Wakes the tasks that a message, a deadline or a socket is for; waits for the first of these if nobody is ready.
    #[inline]
    pub(crate) fn look_around(&self) {
        if self.tasks.borrow().ready_len() == 0 && self.inbox.fall_asleep() {
            self.wait();
        } else {
            if self.reactor.borrow().is_awaited() {
                self.reactor.borrow_mut().wait(Until::Now);
            }
            self.read_inbox();
        }
        // Looking at the clock costs more than a turn.
        if !self.timers.borrow().is_empty() {
            self.wake_timers();
        }
        if self.reactor.borrow().has_events() {
            self.wake_sockets();
        }
    }

    /// Waits: nobody is ready, and the inbox knows it.
    #[inline(never)]
    fn wait(&self) {
        let deadline = self.timers.borrow_mut().next_deadline();
        // Whoever held the clock has sent its message before letting go, so look for messages last.
        let is_stopped =
            self.clock.is_virtual() && !self.inbox.is_held() && !self.inbox.has_messages();
        let until = match deadline {
            Some(_) if is_stopped => Until::Now,
            // A timer that is due already does not need the clock to go on.
            Some(deadline) if self.clock.is_virtual() && deadline <= self.clock.now() => Until::Now,
            Some(deadline) if !self.clock.is_virtual() => {
                Until::Deadline(self.not_before(deadline))
            }
            _ => Until::Event,
        };
        if is_stopped && deadline.is_none() && !self.reactor.borrow().is_awaited() {
            self.inbox.wake_up();
            self.panic_of_deadlock();
        }
        let has_events = self.reactor.borrow_mut().wait(until);
        self.inbox.wake_up();
        let has_messages = self.read_inbox();
        if let Some(deadline) = deadline.filter(|_| is_stopped && !has_events && !has_messages) {
            self.clock.wait_until(deadline);
        }
    }

    /// Puts a deadline off if timers were woken a moment ago, so that many of them share a wake-up. A timer that was
    /// due by then has been added since, and is not kept waiting.
    fn not_before(&self, deadline: Instant) -> Instant {
        let last = self
            .last_timers
            .get()
            .filter(|last| *last < deadline && self.timers.borrow().len() > 1);
        let earliest = last.and_then(|last| last.checked_add(self.resolution.get()));
        earliest.map_or(deadline, |earliest| deadline.max(earliest))
    }

    /// Lets the next wake-up for timers come without delay, because one that is due already was added.
    pub(crate) fn hurry_timers(&self) {
        self.last_timers.set(None);
    }

    #[inline(never)]
    fn wake_timers(&self) {
        let now = self.clock.now();
        // All at once, so that what is added meanwhile, by a waker that polls at once, waits for the next turn.
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

    /// Does what the messages from elsewhere say. Returns whether there were any.
    #[inline]
    pub(crate) fn read_inbox(&self) -> bool {
        let has_messages = self.inbox.has_messages();
        if has_messages {
            self.read_messages();
        }
        has_messages
    }

    #[inline(never)]
    fn read_messages(&self) {
        for message in self.inbox.take() {
            match message {
                Message::Wake(number) => self.wake(number),
                Message::Abort {
                    executor,
                    number,
                    id,
                } if executor == self.identity => self.abort(number, id),
                // For an executor that had this one's number before.
                Message::Abort { .. } => {}
            }
        }
    }

    fn panic_of_deadlock(&self) -> ! {
        let waiting = self.tasks.borrow().in_order();
        let mut names: Vec<_> = waiting
            .iter()
            .take(10)
            .map(|(id, _)| format!(", task {}", id.number()))
            .collect();
        if waiting.len() > names.len() {
            names.push(format!(" and {} more", waiting.len() - names.len()));
        }
        let (verb, whom) = if waiting.is_empty() {
            ("waits", "it")
        } else {
            ("wait", "them")
        };
        let names = names.concat();
        panic!(
            "deadlock: main{names} {verb}, and no timer, socket or held clock is left that could wake {whom}"
        );
    }
}
