//! How does an executor sleep without missing a wake? The protocol of `ready.rs`, `core.rs` and
//! `clock_hold.rs`, restated as lists of steps, none of which another thread can interrupt.
//!
//! All its atomics are sequentially consistent, so the steps of the threads happen one after the
//! other, in some order.

use std::hash::{Hash, Hasher};
use std::mem;

use testing::explorer::Moment;

use Step::*;

/// A step of the executor or of another thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    // Both, on the lock of the ready queue:
    Lock,
    Unlock,

    // The executor, in one round of its loop:
    /// Skips to the step after `Poll` if the task is not in the round.
    LookAtRound,
    /// The task is not queued any more.
    BeginTurn,
    /// The task looks for what it waits for.
    Poll,
    LookAtHolds,
    LookAtQueue,
    /// If the queue was empty.
    FallAsleep,
    /// Goes to `Lock` before `Take` if the queue was not empty. Else waits for a notification; or
    /// moves the virtual clock, if that was not held.
    Wait,
    /// Finds out whether a wake has ended the sleep.
    WakeUp,
    /// Reads the notification, if a wake has ended the sleep.
    Drain,
    /// Lets the next notification end a wait, if a wake has ended this one.
    Arm,
    /// Wakes the task if its time has come.
    FireTimer,
    Take,

    // A thread that sends a value, and wakes the task:
    StoreValue,
    /// Goes to `Unlock` if the task is queued already; else it is queued now.
    SetQueued,
    /// Finds out whether the executor is asleep, and marks it as awake.
    EndSleep,
    Push,
    /// If the executor slept.
    Notify,
    /// Lets go of the virtual clock. After this it wakes a task that does not exist.
    Release,
    PushNoTask,
}

/// One round of the executor.
pub(crate) const ROUND: &[Step] = &[
    LookAtRound,
    BeginTurn,
    Poll,
    Lock,
    LookAtQueue,
    FallAsleep,
    LookAtHolds,
    Unlock,
    Wait,
    Lock,
    WakeUp,
    Unlock,
    Drain,
    Arm,
    FireTimer,
    Lock,
    Take,
    Unlock,
];

/// A thread sends a value: it stores it, and wakes the task that waits for it.
pub(crate) const SEND: &[Step] = &[StoreValue, Lock, SetQueued, EndSleep, Push, Notify, Unlock];

/// A thread lets go of the virtual clock.
pub(crate) const RELEASE: &[Step] = &[Lock, Release, EndSleep, PushNoTask, Notify, Unlock];

/// The steps of all threads: number 0 is the executor.
#[derive(Clone, Debug)]
pub(crate) struct Protocol {
    pub(crate) threads: Vec<Vec<Step>>,
    /// Each thread that releases it holds it at first.
    pub(crate) is_virtual: bool,
    pub(crate) waits_for: WaitsFor,
}

/// What the task of the executor waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitsFor {
    /// All values.
    Values,
    /// All values, with a time limit, which must not be over by the virtual clock before they came.
    ValuesInTime,
    /// A time by the virtual clock.
    Time,
}

/// All that the threads share, and where each of them is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World<'a> {
    protocol: Shared<'a>,
    /// The next step of each thread.
    at: Vec<usize>,
    /// Whether each thread has found the executor asleep.
    found_asleep: Vec<bool>,
    /// How many values are still to come.
    owed: usize,
    holds: usize,
    is_queued: bool,
    // The ready queue, behind its lock:
    is_locked: bool,
    has_task: bool,
    has_no_task: bool,
    is_asleep: bool,
    // The socket of the notifier:
    is_notified: bool,
    is_armed: bool,
    // The executor:
    is_in_round: bool,
    was_empty: bool,
    was_held: bool,
    was_woken: bool,
    is_time_over: bool,
    is_done: bool,
    fault: Option<&'static str>,
}

/// The protocol, which is the same at all moments, and so is not compared.
#[derive(Clone, Copy, Debug)]
struct Shared<'a>(&'a Protocol);

impl PartialEq for Shared<'_> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Shared<'_> {}

impl Hash for Shared<'_> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl World<'_> {
    pub(crate) fn new(protocol: &Protocol) -> World<'_> {
        let count = |step| {
            protocol
                .threads
                .iter()
                .flatten()
                .filter(|s| **s == step)
                .count()
        };
        World {
            at: vec![0; protocol.threads.len()],
            found_asleep: vec![false; protocol.threads.len()],
            owed: count(StoreValue),
            holds: count(Release),
            is_queued: true,
            is_locked: false,
            has_task: false,
            has_no_task: false,
            is_asleep: false,
            is_notified: false,
            is_armed: true,
            is_in_round: true,
            was_empty: false,
            was_held: false,
            was_woken: false,
            is_time_over: false,
            is_done: false,
            fault: None,
            protocol: Shared(protocol),
        }
    }

    /// Returns whether a step has to wait for another thread.
    fn is_blocked(&self, step: Step) -> bool {
        match step {
            Lock => self.is_locked,
            Wait => self.was_empty && !self.may_move_clock() && !self.is_heard(),
            // It takes the lock for a moment.
            FireTimer => self.is_locked,
            _ => false,
        }
    }

    fn may_move_clock(&self) -> bool {
        self.protocol.0.is_virtual && !self.was_held
    }

    fn is_heard(&self) -> bool {
        self.is_notified && self.is_armed
    }

    /// Does one step of a thread.
    fn step(&mut self, thread: usize, step: Step) {
        let steps = &self.protocol.0.threads[thread];
        let next = self.at[thread] + 1;
        // The place of the first such step from here on.
        let find = |step| {
            let found = steps[next..].iter().position(|other| *other == step);
            found.map_or(steps.len(), |place| next + place)
        };
        self.at[thread] = next;
        match step {
            Lock => self.is_locked = true,
            Unlock => self.is_locked = false,
            LookAtRound if self.is_in_round => {}
            LookAtRound => self.at[thread] = find(Poll) + 1,
            BeginTurn => self.is_queued = false,
            Poll => {
                self.is_in_round = false;
                self.is_done = match self.protocol.0.waits_for {
                    WaitsFor::Time => self.is_time_over,
                    _ => self.owed == 0,
                };
            }
            LookAtHolds => self.was_held = self.holds > 0,
            LookAtQueue => self.was_empty = !self.has_task && !self.has_no_task,
            FallAsleep => self.is_asleep = self.was_empty,
            Wait if !self.was_empty => {
                self.was_woken = false;
                self.at[thread] = find(Take) - 1;
            }
            Wait if self.may_move_clock() => self.move_clock(),
            Wait => self.is_armed = false,
            WakeUp => self.was_woken = !mem::take(&mut self.is_asleep),
            Drain => self.is_notified &= !self.was_woken,
            Arm => self.is_armed |= self.was_woken,
            FireTimer if self.is_time_over && !self.is_queued => {
                (self.is_queued, self.has_task) = (true, true);
            }
            FireTimer => {}
            Take => {
                self.is_in_round |= mem::take(&mut self.has_task);
                self.has_no_task = false;
            }
            StoreValue => self.owed -= 1,
            SetQueued if self.is_queued => {
                let has_lock = next > 1 && steps[next - 2] == Lock;
                self.at[thread] = find(Unlock) + usize::from(!has_lock);
            }
            SetQueued => self.is_queued = true,
            EndSleep => self.found_asleep[thread] = mem::take(&mut self.is_asleep),
            Push => self.has_task = true,
            PushNoTask => self.has_no_task = true,
            Notify => self.is_notified |= mem::take(&mut self.found_asleep[thread]),
            Release => self.holds -= 1,
        }
        if thread == 0 {
            self.at[0] %= steps.len();
        }
    }

    fn move_clock(&mut self) {
        if self.protocol.0.waits_for == WaitsFor::Values {
            self.fault = Some("a false deadlock");
        } else if self.holds > 0 {
            self.fault = Some("time moves while the clock is held");
        } else if self.owed > 0 || self.protocol.0.waits_for == WaitsFor::ValuesInTime {
            self.fault = Some("time moves before a value is seen");
        }
        self.is_time_over = true;
    }
}

impl Moment for World<'_> {
    type Step = Step;

    fn next(&self) -> Vec<(usize, Step, Self)> {
        let mut all = Vec::new();
        for (thread, steps) in self.protocol.0.threads.iter().enumerate() {
            let is_over = thread == 0 && self.is_done;
            if let Some(step) = steps.get(self.at[thread])
                && !is_over
                && !self.is_blocked(*step)
            {
                let mut next = self.clone();
                next.step(thread, *step);
                all.push((thread, *step, next));
            }
        }
        all
    }

    fn fault(&self) -> Option<&'static str> {
        let is_stuck = !self.is_done && self.next().is_empty();
        self.fault.or(is_stuck.then_some("it sleeps forever"))
    }
}
