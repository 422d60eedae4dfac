//! Selectors that count, refuse, or do what a script says.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::{Duration, Instant};

use step4_select::{Direction, Event, Selector};

/// What a [`Counting`] selector was asked for; clones are the same counts.
#[derive(Clone, Default)]
pub struct Counts(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    waits: Vec<Option<Duration>>,
    ends: Vec<Option<Instant>>,
    arms: Vec<(RawFd, Direction)>,
    disarms: usize,
    armed: BTreeSet<(RawFd, Direction)>,
    at_next_wait: Option<Box<dyn FnOnce()>>,
}

impl Counts {
    /// Returns the timeouts of all waits so far.
    pub fn waits(&self) -> Vec<Option<Duration>> {
        self.0.borrow().waits.clone()
    }

    /// Returns when each wait so far was to end; `None` is without end.
    ///
    /// It is measured when the wait begins, so it is a little later than the deadline that the
    /// caller had in mind.
    pub fn ends(&self) -> Vec<Option<Instant>> {
        self.0.borrow().ends.clone()
    }

    /// Returns how many waits only had a look.
    pub fn looks(&self) -> usize {
        let is_look = |timeout: &&Option<Duration>| **timeout == Some(Duration::ZERO);
        self.0.borrow().waits.iter().filter(is_look).count()
    }

    /// Returns how often a direction was armed, of any socket.
    pub fn arms(&self, direction: Direction) -> usize {
        let arms = &self.0.borrow().arms;
        arms.iter().filter(|armed| armed.1 == direction).count()
    }

    /// Returns how often something that was armed was disarmed.
    pub fn disarms(&self) -> usize {
        self.0.borrow().disarms
    }

    /// Returns how many directions of sockets are armed now.
    pub fn armed(&self) -> usize {
        self.0.borrow().armed.len()
    }

    /// Runs `action` when the next wait begins.
    pub fn at_next_wait(&self, action: impl FnOnce() + 'static) {
        self.0.borrow_mut().at_next_wait = Some(Box::new(action));
    }
}

/// Counts what another selector is asked for.
pub struct Counting<S> {
    selector: S,
    counts: Counts,
}

impl<S: Selector> Counting<S> {
    /// Wraps a selector, and returns the counts as well.
    pub fn new(selector: S) -> (Counting<S>, Counts) {
        let counts = Counts::default();
        let same = counts.clone();
        (Counting { selector, counts }, same)
    }
}

impl<S: Selector> Selector for Counting<S> {
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        self.selector.arm(fd, direction)?;
        let mut counts = self.counts.0.borrow_mut();
        counts.arms.push((fd, direction));
        counts.armed.insert((fd, direction));
        Ok(())
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        let mut counts = self.counts.0.borrow_mut();
        counts.disarms += usize::from(counts.armed.remove(&(fd, direction)));
        self.selector.disarm(fd, direction);
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        let end = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        self.counts.0.borrow_mut().ends.push(end);
        self.counts.0.borrow_mut().waits.push(timeout);
        let action = self.counts.0.borrow_mut().at_next_wait.take();
        if let Some(action) = action {
            action();
        }
        self.selector.wait(timeout, events)?;
        let armed = &mut self.counts.0.borrow_mut().armed;
        for event in events {
            armed.remove(&(event.fd, event.direction));
        }
        Ok(())
    }
}

/// Refuses to arm anything, with an error of this kind.
pub struct Refusing(pub io::ErrorKind);

impl Selector for Refusing {
    fn arm(&mut self, _: RawFd, _: Direction) -> io::Result<()> {
        Err(self.0.into())
    }

    fn disarm(&mut self, _: RawFd, _: Direction) {}

    fn wait(&mut self, _: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        events.clear();
        Ok(())
    }
}

/// Lets a script decide what each wait finds. The script gets what is armed.
pub struct Scripted<F> {
    armed: BTreeSet<(RawFd, Direction)>,
    script: F,
}

impl<F: FnMut(&BTreeSet<(RawFd, Direction)>) -> io::Result<Vec<Event>>> Scripted<F> {
    /// Makes a selector with nothing armed.
    pub fn new(script: F) -> Scripted<F> {
        let armed = BTreeSet::new();
        Scripted { armed, script }
    }
}

impl<F: FnMut(&BTreeSet<(RawFd, Direction)>) -> io::Result<Vec<Event>>> Selector for Scripted<F> {
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        self.armed.insert((fd, direction));
        Ok(())
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        self.armed.remove(&(fd, direction));
    }

    fn wait(&mut self, _: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        *events = (self.script)(&self.armed)?;
        for event in events {
            self.armed.remove(&(event.fd, event.direction));
        }
        Ok(())
    }
}
