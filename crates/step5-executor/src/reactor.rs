//! The wakers of those that wait for sockets, and the one place to wait for all of them.
//!
//! The lines of waiters are those of step 4. What is new: a waiter is a waker, and may leave its line at any time.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::task::Waker;
use std::time::Duration;

use step4_select::{Direction, Event, Selector};

/// A place in a line of waiters: the socket, what for, and the order of arrival.
pub(crate) type Place = (RawFd, Direction, u64);

pub(crate) struct Reactor {
    selector: Box<dyn Selector>,
    waiters: BTreeMap<Place, Waker>,
    arrived: u64,
    events: Vec<Event>,
    /// Becomes readable when a wake from another thread is to end a wait.
    notified: UnixStream,
}

impl Reactor {
    pub(crate) fn new(
        mut selector: Box<dyn Selector>,
        notified: UnixStream,
    ) -> io::Result<Reactor> {
        selector.arm(notified.as_raw_fd(), Direction::Read)?;
        Ok(Reactor {
            selector,
            waiters: BTreeMap::new(),
            arrived: 0,
            events: Vec::new(),
            notified,
        })
    }

    pub(crate) fn has_waiters(&self) -> bool {
        !self.waiters.is_empty()
    }

    /// Puts a waiter at the end of the line of a socket.
    pub(crate) fn enter(
        &mut self,
        fd: RawFd,
        direction: Direction,
        waker: Waker,
    ) -> io::Result<Place> {
        self.selector.arm(fd, direction)?;
        let place = (fd, direction, self.arrived);
        self.arrived += 1;
        self.waiters.insert(place, waker);
        Ok(place)
    }

    /// Returns the waker of a waiter; `None` if it has been woken.
    pub(crate) fn waker(&mut self, place: Place) -> Option<&mut Waker> {
        self.waiters.get_mut(&place)
    }

    /// Takes a waiter out of its line. If it was the last, no event is asked for any more.
    pub(crate) fn leave(&mut self, place: Place) -> Option<Waker> {
        let waker = self.waiters.remove(&place)?;
        let (fd, direction, _) = place;
        if self.first(fd, direction).is_none() {
            self.selector.disarm(fd, direction);
        }
        Some(waker)
    }

    /// Waits for sockets, and returns the wakers that are to be used.
    pub(crate) fn wait(&mut self, timeout: Option<Duration>) -> Vec<Waker> {
        let mut events = std::mem::take(&mut self.events);
        let waited = self.selector.wait(timeout, &mut events);
        waited.expect("waiting for sockets failed");
        let mut woken = Vec::new();
        for Event { fd, direction } in &events {
            if *fd == self.notified.as_raw_fd() {
                _ = self.notified.read(&mut [0; 64]);
                self.arm_again(*fd, *direction);
            } else if let Some(place) = self.first(*fd, *direction) {
                woken.extend(self.waiters.remove(&place));
                // If there are more in the line, the next event is for the second.
                if self.first(*fd, *direction).is_some() {
                    self.arm_again(*fd, *direction);
                }
            }
        }
        self.events = events;
        woken
    }

    fn first(&self, fd: RawFd, direction: Direction) -> Option<Place> {
        let line = (fd, direction, 0)..=(fd, direction, u64::MAX);
        Some(*self.waiters.range(line).next()?.0)
    }

    fn arm_again(&mut self, fd: RawFd, direction: Direction) {
        let armed = self.selector.arm(fd, direction);
        armed.expect("a socket that was armed can be armed again");
    }
}
