//! How does an executor sleep without missing a message? The protocol of `inbox.rs` and of `park`
//! and `wait` in `park.rs`, restated as lists of steps, none of which another thread can
//! interrupt.
//!
//! All its atomics are sequentially consistent, so the threads' steps happen one after the other,
//! in some order.

use testing::explorer::Moment;

/// A step of the executor or of a thread that sends to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    // The executor, in one round of its loop:
    /// Polls the tasks that are ready.
    PollTasks,
    /// Goes to `Glance` if a task is ready.
    LookWhoIsReady,
    SaySleeping,
    /// Goes to `SayAwakeEarly` if there are some.
    LookForMessages,
    LookAtHolds,
    LookForMessagesAgain,
    /// Until it is notified; or not at all, if the virtual clock may move on.
    Wait,
    SayAwake,
    /// Continues at `LookWhetherToRead`.
    Skip,
    SayAwakeEarly,
    /// A wait without any length for sockets, which swallows notifications.
    Glance,
    /// Goes to `MoveClock` if not; that is done only then.
    LookWhetherToRead,
    LockToTake,
    ClearFlag,
    TakeMessages,
    UnlockTaken,
    WakeTasks,
    MoveClock,

    // A thread that sends a value:
    StoreValue,
    LockToPut,
    PutMessage,
    UnlockPut,
    SetFlag,
    /// The end of this notification, if it does not sleep.
    LookWhetherItSleeps,
    /// The end of this notification, if another thread notifies it.
    ClearSleeping,
    Notify,
    ReleaseHold,
}

use Step::*;

/// One round of the executor.
pub(crate) const ROUND: &[Step] = &[
    PollTasks,
    LookWhoIsReady,
    SaySleeping,
    LookForMessages,
    LookAtHolds,
    LookForMessagesAgain,
    Wait,
    SayAwake,
    Skip,
    SayAwakeEarly,
    Glance,
    LookWhetherToRead,
    LockToTake,
    ClearFlag,
    TakeMessages,
    UnlockTaken,
    WakeTasks,
    MoveClock,
];

/// A thread sends a value: it stores it, and wakes the task that waits for it.
pub(crate) const SEND: &[Step] = &[
    StoreValue,
    LockToPut,
    PutMessage,
    UnlockPut,
    SetFlag,
    LookWhetherItSleeps,
    ClearSleeping,
    Notify,
];

/// A thread lets the virtual clock go.
pub(crate) const RELEASE: &[Step] = &[ReleaseHold, LookWhetherItSleeps, ClearSleeping, Notify];

/// The steps of all threads: number 0 is the executor.
#[derive(Clone, Debug)]
pub(crate) struct Protocol {
    pub(crate) threads: Vec<Vec<Step>>,
    /// How many turns another task of the executor takes meanwhile.
    pub(crate) others: u8,
    pub(crate) clock: Clock,
    pub(crate) waits_for: WaitsFor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    Real,
    /// The threads hold it to begin with.
    Virtual,
}

/// What each task of the executor waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitsFor {
    /// All values of its thread, however long it takes.
    Values,
    /// All values; and there is a time limit, which by the virtual clock must not be over before
    /// that.
    ValuesInTime,
    /// A deadline of the virtual clock.
    Deadline,
}

/// Some of the executor's tasks, each of which is the bit with the number of the thread that it
/// waits for.
type Tasks = u8;

/// All that the threads share, and where each of them is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World<'a> {
    protocol: Shared<'a>,
    /// The next step of each thread.
    at: Vec<usize>,
    // The inbox:
    is_locked: bool,
    messages: Tasks,
    has_messages: bool,
    is_sleeping: bool,
    holds: u8,
    is_notified: bool,
    // The executor, and its tasks:
    ready: Tasks,
    done: Tasks,
    others: u8,
    is_held: bool,
    /// Whether the virtual clock may move on.
    is_stopped: bool,
    has_read: bool,
    taken: Tasks,
    /// How many values each thread has sent.
    values: Vec<usize>,
    is_time_over: bool,
    is_deadlock: bool,
}

/// The protocol is the same at all moments, and not to be compared.
#[derive(Clone, Copy, Debug)]
struct Shared<'a>(&'a Protocol);

impl PartialEq for Shared<'_> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Shared<'_> {}

impl std::hash::Hash for Shared<'_> {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl World<'_> {
    pub(crate) fn new(protocol: &Protocol) -> World<'_> {
        let holds = protocol
            .threads
            .iter()
            .flatten()
            .filter(|step| **step == ReleaseHold)
            .count();
        let count = protocol.threads.len();
        World {
            protocol: Shared(protocol),
            at: vec![0; count],
            is_locked: false,
            messages: 0,
            has_messages: false,
            is_sleeping: false,
            holds: holds as u8,
            is_notified: false,
            ready: Tasks::MAX >> (9 - count) << 1,
            done: 0,
            others: protocol.others,
            is_held: false,
            is_stopped: false,
            has_read: false,
            taken: 0,
            values: vec![0; count],
            is_time_over: false,
            is_deadlock: false,
        }
    }

    fn protocol(&self) -> &Protocol {
        self.protocol.0
    }

    /// Returns whether all values are there that a thread will send.
    fn has_all_of(&self, thread: usize) -> bool {
        let steps = &self.protocol().threads[thread];
        self.values[thread] == steps.iter().filter(|step| **step == StoreValue).count()
    }

    fn senders(&self) -> std::ops::Range<usize> {
        1..self.at.len()
    }

    fn is_done(&self) -> bool {
        self.senders().all(|thread| self.done & 1 << thread != 0)
    }

    fn has_deadline(&self) -> bool {
        self.protocol().waits_for != WaitsFor::Values && !self.is_time_over
    }

    /// Returns whether a step has to wait for another thread.
    fn is_blocked(&self, step: Step) -> bool {
        match step {
            LockToTake | LockToPut => self.is_locked,
            Wait => !self.is_notified && !self.is_stopped,
            _ => false,
        }
    }

    /// Does one step of a thread.
    fn go(&mut self, thread: usize, step: Step) {
        let mut target = None;
        match step {
            PollTasks => self.poll_tasks(),
            LookWhoIsReady => target = (self.ready != 0 || self.others > 0).then_some(Glance),
            SaySleeping => self.is_sleeping = true,
            LookForMessages => target = self.has_messages.then_some(SayAwakeEarly),
            LookAtHolds => {
                self.is_held = self.holds > 0;
                self.stop_clock(true);
            }
            LookForMessagesAgain => self.stop_clock(!self.has_messages),
            Wait => {
                self.is_deadlock = self.is_stopped && !self.has_deadline();
                // There is no wait then, and what notified it is left for the next.
                self.is_notified &= self.is_stopped;
            }
            SayAwake | SayAwakeEarly => self.is_sleeping = false,
            Skip => target = Some(LookWhetherToRead),
            Glance => self.is_notified = false,
            LookWhetherToRead => {
                self.has_read = self.has_messages;
                target = (!self.has_read).then_some(MoveClock);
            }
            LockToTake | LockToPut => self.is_locked = true,
            ClearFlag => self.has_messages = false,
            TakeMessages => self.taken = std::mem::take(&mut self.messages),
            UnlockTaken | UnlockPut => self.is_locked = false,
            WakeTasks => self.ready |= std::mem::take(&mut self.taken),
            MoveClock => self.move_clock(),
            StoreValue => self.values[thread] += 1,
            PutMessage => self.messages |= 1 << thread,
            SetFlag => self.has_messages = true,
            LookWhetherItSleeps => target = (!self.is_sleeping).then_some(Notify),
            ClearSleeping => {
                let was_sleeping = std::mem::take(&mut self.is_sleeping);
                target = (!was_sleeping).then_some(Notify);
            }
            Notify => self.is_notified = true,
            ReleaseHold => self.holds -= 1,
        }
        self.at[thread] = self.after(thread, target);
    }

    /// Returns the number of the step after this one, or of the one to go to.
    fn after(&self, thread: usize, target: Option<Step>) -> usize {
        let steps = &self.protocol().threads[thread];
        let next = self.at[thread] + 1;
        let Some(target) = target else {
            return if thread == 0 {
                next % steps.len()
            } else {
                next
            };
        };
        let found = steps
            .iter()
            .enumerate()
            .skip(next)
            .find(|(_, step)| **step == target)
            .map(|(place, _)| place);
        // To go to the notification is to be past it.
        if target == Notify {
            found.map_or(next, |place| place + 1)
        } else {
            found.unwrap_or(0)
        }
    }

    fn poll_tasks(&mut self) {
        self.others = self.others.saturating_sub(1);
        for thread in self
            .senders()
            .filter(|thread| self.ready & 1 << thread != 0)
        {
            let is_done = match self.protocol().waits_for {
                WaitsFor::Values | WaitsFor::ValuesInTime => self.has_all_of(thread),
                WaitsFor::Deadline => self.is_time_over,
            };
            self.done |= Tasks::from(is_done) << thread;
        }
        self.ready = 0;
    }

    /// Lets the virtual clock move on if it is not held and the other reason says so too.
    fn stop_clock(&mut self, may_be: bool) {
        self.is_stopped = self.protocol().clock == Clock::Virtual && !self.is_held && may_be;
    }

    fn move_clock(&mut self) {
        if self.is_stopped && !self.has_read && self.has_deadline() {
            self.is_time_over = true;
            self.ready = Tasks::MAX;
        }
        self.is_stopped = false;
        self.is_held = false;
    }
}

impl Moment for World<'_> {
    type Step = Step;

    fn next(&self) -> Vec<(usize, Step, Self)> {
        let threads = self.protocol().threads.iter().enumerate();
        let steps =
            threads.filter_map(|(thread, steps)| Some((thread, *steps.get(self.at[thread])?)));
        let free = steps
            .filter(|(thread, step)| !(self.is_blocked(*step) || (*thread == 0 && self.is_done())));
        free.map(|(thread, step)| {
            let mut next = self.clone();
            next.go(thread, step);
            (thread, step, next)
        })
        .collect()
    }

    fn fault(&self) -> Option<&'static str> {
        if self.is_deadlock {
            return Some("it takes for a deadlock what is none");
        }
        if self.is_time_over && !self.senders().all(|thread| self.has_all_of(thread)) {
            return Some("time moves on while a value is owed");
        }
        (!self.is_done() && self.next().is_empty()).then_some("it sleeps forever")
    }
}
