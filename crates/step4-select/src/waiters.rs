//! Lines of waiters, one for each socket and direction, and the one place to wait for all of them.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use step3_sleeping_heap::Clock;
use trace::Reason;

use crate::{Direction, Event, Selector};

/// Waiters for sockets: a line for each descriptor and direction, first come, first served.
///
/// A waiter that is woken leaves its line. If it waits again, it does so at the end.
///
/// A socket that was duplicated, with `try_clone`, has two descriptors, and so two lines. A datagram
/// then wakes the first waiter of each, and one of them tries in vain.
///
/// What a waiter is, the type `T` says: here it is the id of a task, and in step 5 a waker.
pub struct Waiters<T> {
    selector: Box<dyn Selector>,
    lines: BTreeMap<Place, T>,
    arrived: u64,
}

/// A place in a line of [`Waiters`]: the event that is waited for, and the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(Event, u64);

impl<T> Waiters<T> {
    /// Makes empty lines, on this selector.
    pub fn new(selector: Box<dyn Selector>) -> Waiters<T> {
        let lines = BTreeMap::new();
        Waiters {
            selector,
            lines,
            arrived: 0,
        }
    }

    /// Puts a waiter at the end of a line.
    ///
    /// # Errors
    ///
    /// Returns an error if the selector cannot wait for this socket, and if the clock is virtual:
    /// on that, every time limit would be over before the network has done anything.
    pub fn push(&mut self, clock: &Clock, event: Event, waiter: T) -> io::Result<Place> {
        if clock.is_virtual() {
            let message = "a socket cannot be awaited on a virtual clock: use the real one";
            return Err(io::Error::new(io::ErrorKind::Unsupported, message));
        }
        self.arm(event)?;
        let place = Place(event, self.arrived);
        self.arrived += 1;
        self.lines.insert(place, waiter);
        Ok(place)
    }

    /// Asks the selector for an event. If it has no waiter, it only ends a wait.
    ///
    /// # Errors
    ///
    /// Returns an error if the selector cannot wait for this socket.
    pub fn arm(&mut self, event: Event) -> io::Result<()> {
        self.selector.arm(event.fd, event.direction)
    }

    /// Finds a waiter. Returns `None` if it has left its line.
    pub fn get_mut(&mut self, place: Place) -> Option<&mut T> {
        self.lines.get_mut(&place)
    }

    /// Takes a waiter out of its line. If it was the last one there, disarms.
    pub fn remove(&mut self, place: Place) -> Option<T> {
        let waiter = self.lines.remove(&place)?;
        let Place(event, _) = place;
        if self.first(event).is_none() {
            self.selector.disarm(event.fd, event.direction);
        }
        Some(waiter)
    }

    /// Waits until a socket can be tried or the deadline has come, and takes the first waiter out
    /// of each line whose socket is ready.
    ///
    /// `None` is no deadline. If `is_idle` is false, this only looks. A line that has more waiters
    /// is armed again, so the next event is for the second.
    ///
    /// # Panics
    ///
    /// Panics if the selector fails, as it does when a socket was closed while it was armed.
    pub fn wait(&mut self, is_idle: bool, deadline: Option<Instant>) -> Vec<T> {
        let left = deadline.map(|until| until.saturating_duration_since(Instant::now()));
        let timeout = if is_idle { left } else { Some(Duration::ZERO) };
        let (mut events, mut woken) = (Vec::new(), Vec::new());
        let waited = self.selector.wait(timeout, &mut events);
        waited.expect("waiting for sockets failed");
        for event in events {
            let first = self.first(event);
            woken.extend(first.and_then(|place| self.lines.remove(&place)));
            if self.first(event).is_some() {
                self.arm(event).expect("it was armed before");
            }
        }
        woken
    }

    /// Returns whether there are no waiters.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn first(&self, event: Event) -> Option<Place> {
        let line = Place(event, 0)..=Place(event, u64::MAX);
        self.lines.range(line).next().map(|(place, _)| *place)
    }
}

impl Place {
    /// Returns what the waiter in this place waits for.
    pub fn reason(self) -> Reason {
        match self.0.direction {
            Direction::Read => Reason::Readable(self.0.fd),
            Direction::Write => Reason::Writable(self.0.fd),
        }
    }
}
