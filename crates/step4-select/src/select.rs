//! How does one thread wait for many sockets? With `select(2)` it hands the kernel a set of descriptors, sleeps, and
//! gets the set back with only the ready ones left in it.

use crate::{
    fd_set::{FD_SETSIZE, FdSet},
    selector::{Direction, Event, Notified, Notifier, Selector, Token, Until},
    sys,
};
use std::{
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd},
    time::Duration,
};

/// A [`Selector`] on `select(2)`, which every Unix has.
///
/// Its sets end at descriptor 1,023. A wait allocates nothing beyond `events`, and its cost grows with the highest
/// armed descriptor, ready or not. Events come in the order of the descriptors.
///
/// A descriptor that was closed while it was armed makes the whole system call fail. Then each is asked about alone.
/// The bad ones are reported in both directions and disarmed, so that their waiters try and see the error. The rest go
/// on.
#[derive(Debug)]
pub struct Select {
    /// The tokens of the registered descriptors, by descriptor.
    tokens: Vec<Option<Token>>,
    /// What is armed: registered descriptors only, and always `notified` in `read`.
    read: FdSet,
    write: FdSet,
    notified: Notified,
    /// Where `notified` is in `read`.
    notified_place: usize,
    calls: u64,
}

impl Select {
    /// Makes a selector that knows no descriptor yet.
    ///
    /// # Errors
    ///
    /// If the system has no descriptors left for the [`Notified`] pair, or only ones that don't fit the set.
    pub fn new() -> io::Result<Select> {
        let notified = Notified::new()?;
        let notified_place = place(notified.as_fd())?;
        let mut read = FdSet::new();
        read.insert(notified_place);
        Ok(Select {
            tokens: Vec::new(),
            read,
            write: FdSet::new(),
            notified,
            notified_place,
            calls: 0,
        })
    }

    /// Returns how many times it has called `select(2)`: a measure of how idle an idle program is.
    ///
    /// ```
    /// use std::time::{Duration, Instant};
    /// use step4_select::{Select, Selector, Until};
    ///
    /// let mut selector = Select::new()?;
    /// let deadline = Instant::now() + Duration::from_millis(5);
    /// selector.wait(Until::Deadline(deadline), &mut Vec::new())?;
    /// assert!(Instant::now() >= deadline);
    /// assert_eq!(selector.calls(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Returns the place of `fd` in the sets, if it is registered with `token`.
    fn registered(&self, fd: BorrowedFd<'_>, token: Token) -> io::Result<usize> {
        let number = fd.as_raw_fd();
        let found = FdSet::place(fd).and_then(|place| Some((place, (*self.tokens.get(place)?)?)));
        let problem = match found {
            Some((place, owner)) if owner == token => return Ok(place),
            Some((_, owner)) => format!("registered with {owner:?}, not with {token:?}"),
            None => "not registered: register it first".to_owned(),
        };
        Err(io::Error::new(
            io::ErrorKind::NotFound,
            format!("descriptor {number} is {problem}"),
        ))
    }

    fn armed(&mut self, direction: Direction) -> &mut FdSet {
        match direction {
            Direction::Read => &mut self.read,
            Direction::Write => &mut self.write,
        }
    }

    /// Calls `select(2)` once, and counts it.
    fn call(
        &mut self,
        read: &mut FdSet,
        write: &mut FdSet,
        timeout: Option<Duration>,
    ) -> io::Result<usize> {
        self.calls += 1;
        sys::select(read, write, timeout)
    }

    /// Turns what is ready into events, and disarms it.
    fn report(&mut self, mut read: FdSet, write: FdSet, events: &mut Vec<Event>) {
        if read.remove(self.notified_place) {
            self.notified.drain();
        }
        for place in read.union(&write).iter() {
            self.report_one(place, read.contains(place), write.contains(place), events);
        }
    }

    fn report_one(
        &mut self,
        place: usize,
        readable: bool,
        writable: bool,
        events: &mut Vec<Event>,
    ) {
        if readable {
            self.read.remove(place);
        }
        if writable {
            self.write.remove(place);
        }
        let token = self.tokens[place].expect("only a registered descriptor is armed");
        events.push(Event {
            token,
            readable,
            writable,
        });
    }

    /// Asks about each armed descriptor alone, because a bad one among them makes the call for all of them fail.
    fn probe(&mut self, events: &mut Vec<Event>) -> io::Result<()> {
        for place in self.read.union(&self.write).iter() {
            let (mut read, mut write) = (self.read.only(place), self.write.only(place));
            match self.call(&mut read, &mut write, Some(Duration::ZERO)) {
                Ok(_) => self.report(read, write, events),
                // It stays armed, so the next wait asks about it again.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if sys::is_bad_descriptor(&error) && place != self.notified_place => {
                    self.report_one(place, true, true, events);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Selector for Select {
    /// Makes `fd` known under `token`, with nothing armed.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if it is registered, and `InvalidInput` if its number does not fit the set.
    fn register(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        let place = place(fd)?;
        if self.tokens.len() <= place {
            self.tokens.resize(place + 1, None);
        }
        if let Some(owner) = self.tokens[place] {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("descriptor {place} is registered already, with {owner:?}"),
            ));
        }
        self.tokens[place] = Some(token);
        Ok(())
    }

    fn deregister(&mut self, fd: BorrowedFd<'_>, token: Token) -> io::Result<()> {
        let place = self.registered(fd, token)?;
        self.tokens[place] = None;
        self.read.remove(place);
        self.write.remove(place);
        Ok(())
    }

    fn arm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) -> io::Result<()> {
        let place = self.registered(fd, token)?;
        self.armed(direction).insert(place);
        Ok(())
    }

    fn disarm(&mut self, fd: BorrowedFd<'_>, token: Token, direction: Direction) {
        if let Ok(place) = self.registered(fd, token) {
            self.armed(direction).remove(place);
        }
    }

    fn wait(&mut self, until: Until, events: &mut Vec<Event>) -> io::Result<()> {
        events.clear();
        loop {
            // The call overwrites its sets, so it gets copies.
            let (mut read, mut write) = (self.read, self.write);
            match self.call(&mut read, &mut write, until.timeout()) {
                Ok(0) if until.timeout() == Some(Duration::ZERO) => return Ok(()),
                // A day is over, and the deadline is further away.
                Ok(0) => {}
                Ok(_) => {
                    self.report(read, write, events);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if sys::is_bad_descriptor(&error) => return self.probe(events),
                Err(error) => return Err(error),
            }
        }
    }

    fn notifier(&self) -> Notifier {
        self.notified.notifier()
    }
}

/// Returns where `fd` is in a set, or an error if it does not fit.
fn place(fd: BorrowedFd<'_>) -> io::Result<usize> {
    FdSet::place(fd).ok_or_else(|| {
        let number = fd.as_raw_fd();
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "descriptor {number} does not fit the set of select(2): its limit is {FD_SETSIZE}, \
                 so the last number is {last}; the epoll selector of step 7 has no such limit",
                last = FD_SETSIZE - 1
            ),
        )
    })
}
