//! Does a condition do as its model under random schedules?

use crate::by_hand::ByHand;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use step6_toolbox::{Condition, Lock, LockGuard};
use testing::random::Random;

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Waits for a notification.
    Waits,
    /// Notified, and not polled since.
    Notified,
    /// In line for the lock.
    Locks,
    /// Was handed the lock, and not polled since.
    HasLock,
}

/// A condition and its lock, in the plainest way: a list of waiters, and the order in which they
/// came to the lock.
struct Model<'a> {
    lock: &'a Lock<i32>,
    condition: &'a Condition,
    guard: Option<LockGuard<'a, i32>>,
    waits: Vec<(usize, ByHand<'a, LockGuard<'a, i32>>, State)>,
    /// In the order in which they came to the lock.
    lockers: Vec<usize>,
    names: usize,
}

impl Model<'_> {
    fn set(&mut self, name: usize, state: State) {
        let wait = self.waits.iter_mut().find(|(other, ..)| *other == name);
        wait.unwrap().2 = state;
    }

    fn is_locked(&self) -> bool {
        self.guard.is_some()
            || self
                .waits
                .iter()
                .any(|(_, _, state)| matches!(state, State::HasLock))
    }

    /// Hands the lock to the first in line for it, if it is free.
    fn hand_on(&mut self) {
        if !self.is_locked() && !self.lockers.is_empty() {
            let name = self.lockers.remove(0);
            let wait = self
                .waits
                .iter_mut()
                .find(|(other, ..)| *other == name)
                .unwrap();
            assert_eq!(wait.2, State::Locks);
            wait.2 = State::HasLock;
        }
    }

    fn notify_one(&mut self) {
        if let Some(wait) = self
            .waits
            .iter_mut()
            .find(|(_, _, state)| *state == State::Waits)
        {
            wait.2 = State::Notified;
        }
    }

    fn step(&mut self, random: &mut Random) {
        match random.below(10) {
            0 | 1 => {
                if let Some(guard) = self.guard.take().or_else(|| self.lock.try_lock()) {
                    self.names += 1;
                    self.waits.push((
                        self.names,
                        ByHand::waiting(self.condition.wait(guard)),
                        State::Waits,
                    ));
                }
            }
            2 => {
                let guard = self.lock.try_lock();
                assert_eq!(guard.is_some(), !self.is_locked());
                self.guard = guard.or(self.guard.take());
            }
            3 => self.guard = None,
            4 => {
                self.condition.notify_one();
                self.notify_one();
            }
            5 if random.below(3) == 0 => {
                self.condition.notify_all();
                for (_, _, state) in self
                    .waits
                    .iter_mut()
                    .filter(|(_, _, state)| *state == State::Waits)
                {
                    *state = State::Notified;
                }
            }
            6 if !self.waits.is_empty() => {
                let (name, wait, state) = self.waits.remove(random.below(self.waits.len()));
                drop(wait);
                self.lockers.retain(|other| *other != name);
                if state != State::Waits {
                    self.notify_one();
                }
            }
            _ if !self.waits.is_empty() => self.poll(random),
            _ => {}
        }
        self.hand_on();
        for (name, wait, state) in &self.waits {
            let is_due = matches!(state, State::Notified | State::HasLock);
            assert_eq!(wait.is_woken(), is_due, "{name}: {state:?}");
        }
        assert_eq!(self.lock.is_locked(), self.is_locked());
    }

    fn poll(&mut self, random: &mut Random) {
        let index = random.below(self.waits.len());
        let (name, wait, state) = &mut self.waits[index];
        let (name, state) = (*name, *state);
        let polled = wait.poll_somehow(random);
        match state {
            State::Waits | State::Locks => assert!(polled.is_pending()),
            State::Notified if self.is_locked() => {
                assert!(polled.is_pending());
                self.set(name, State::Locks);
                self.lockers.push(name);
            }
            State::Notified | State::HasLock => {
                let Poll::Ready(guard) = polled else {
                    panic!("{name} has the lock, and waits")
                };
                self.waits.remove(index);
                assert!(self.guard.replace(guard).is_none());
            }
        }
    }
}

#[test]
fn it_does_as_its_model_under_random_schedules() {
    for seed in 0..2_000 {
        let (lock, condition) = (Lock::new(0), Condition::new());
        let mut random = Random::new(seed);
        let mut model = Model {
            lock: &lock,
            condition: &condition,
            guard: None,
            waits: vec![],
            lockers: vec![],
            names: 0,
        };
        for step in 0..150 {
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| model.step(&mut random))) {
                eprintln!("seed {seed}, step {step}");
                std::panic::resume_unwind(payload);
            }
        }
    }
}
