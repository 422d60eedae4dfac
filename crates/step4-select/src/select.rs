//! The selector on `select(2)`: it hands the kernel sets of descriptors, sleeps, and finds the
//! ready ones in them.

use std::collections::BTreeSet;
use std::io;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};

use crate::sys::{self, FD_SETSIZE, FdSet};
use crate::{Direction, Event, Selector};

/// A [`Selector`] on `select(2)`, which every Unix has.
///
/// The cost of a wait grows with the number of descriptors that are armed, ready or not.
/// Events come in the order of the descriptors.
#[derive(Debug)]
pub struct Select {
    armed: BTreeSet<Event>,
}

impl Select {
    /// Makes a selector with nothing armed.
    ///
    /// # Errors
    ///
    /// Never returns one: this selector needs no descriptor. It is a `Result` so that `Epoll` of
    /// step 7 can take its place.
    pub fn new() -> io::Result<Select> {
        let armed = BTreeSet::new();
        Ok(Select { armed })
    }
}

impl Selector for Select {
    /// Asks for one event as soon as `fd` can be tried in `direction`. Arming what is armed changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if the descriptor is past the end of the sets, at 1,023.
    fn arm(&mut self, fd: RawFd, direction: Direction) -> io::Result<()> {
        if fd as usize >= FD_SETSIZE {
            let message = format!(
                "descriptor {fd} is past the end of the sets of select(2), at 1,023: \
                 use fewer sockets, or the epoll selector of step 7"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        self.armed.insert(Event { fd, direction });
        Ok(())
    }

    fn disarm(&mut self, fd: RawFd, direction: Direction) {
        self.armed.remove(&Event { fd, direction });
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        events.clear();
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let mut sets = [FdSet::default(), FdSet::default()];
            for Event { fd, direction } in &self.armed {
                sets[*direction as usize].insert(*fd);
            }
            match sys::wait(&mut sets, left) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                result => result?,
            }
            self.armed.retain(|event| {
                let is_ready = sets[event.direction as usize].contains(event.fd);
                if is_ready {
                    events.push(*event);
                }
                !is_ready
            });
            if !events.is_empty() || left == Some(Duration::ZERO) {
                return Ok(());
            }
        }
    }
}
