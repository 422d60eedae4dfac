//! Who waits for which socket, and whose try is next?

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io;
use std::rc::{Rc, Weak};

use step2_round_robin::{GeneratorState, TaskId, Ticket, Waiters};

use crate::request::Interest;
use crate::source::{SharedSelector, Source, State};
use crate::{Direction, Event, Request, Selector, Token, Until};

/// The tasks that wait for sockets, and the selector that waits for them all.
///
/// Of several tasks that wait for one direction, the first is woken. Once its try has succeeded, or it is gone without
/// one, the next is woken: so each datagram finds its reader, and only the last one is woken for nothing.
pub(crate) struct Sockets {
    selector: SharedSelector,
    /// The sockets that somebody waits for, or was woken for.
    watched: BTreeMap<Token, Watched>,
    /// The tasks that were woken and have made no request since. The next request shows whether the try succeeded.
    woken: HashMap<TaskId, Waiting>,
    events: Vec<Event>,
}

/// The place of a task that waits for a socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    token: Token,
    direction: Direction,
    ticket: Ticket,
}

struct Watched {
    /// Weak, because whoever waits for the socket holds it: so it is closed as soon as they drop it.
    source: Weak<dyn Source>,
    queues: [Waiters; 2],
    /// For each queue, whether one of its tasks was woken and has not tried yet.
    is_trying: [bool; 2],
}

impl Sockets {
    pub(crate) fn new(selector: Box<dyn Selector>) -> Sockets {
        let selector = SharedSelector::new(selector.into());
        Sockets {
            selector,
            watched: BTreeMap::new(),
            woken: HashMap::new(),
            events: Vec::new(),
        }
    }

    /// Returns whether nobody waits for a socket.
    pub(crate) fn is_empty(&self) -> bool {
        self.watched.is_empty()
    }

    /// Lets a task wait: at the end, or in the place it had if it was woken and its try failed.
    pub(crate) fn enqueue(
        &mut self,
        task: TaskId,
        interest: Interest,
        direction: Direction,
    ) -> io::Result<Waiting> {
        let Interest { source, again } = interest;
        let token = source.token();
        let before = self
            .woken
            .get(&task)
            .copied()
            .filter(|before| again && before.is_for(token, direction));
        source.register(&self.selector)?;
        let watched = self
            .watched
            .entry(token)
            .or_insert_with(|| Watched::new(&source));
        // The one that was woken tries for all that wait: if it fails, it comes back here; if not, the next one tries.
        if before.is_some() || !watched.is_trying[direction as usize] {
            let armed = self
                .selector
                .borrow_mut()
                .arm(source.fd(), token, direction);
            if let Err(error) = armed {
                self.tidy(token, direction);
                return Err(error);
            }
        }
        let ticket = watched.enqueue(task, before.map(|before| before.ticket), direction);
        if before.is_some() {
            self.woken.remove(&task);
        }
        Ok(Waiting {
            token,
            direction,
            ticket,
        })
    }

    /// Takes out a task that waits.
    pub(crate) fn leave(&mut self, place: Waiting) {
        let Waiting {
            token,
            direction,
            ticket,
        } = place;
        let Some(watched) = self.watched.get_mut(&token) else {
            return;
        };
        watched.queues[direction as usize].remove(ticket);
        if watched.queues[direction as usize].is_empty()
            && let Some(source) = watched.source.upgrade()
        {
            self.selector
                .borrow_mut()
                .disarm(source.fd(), token, direction);
        }
        self.tidy(token, direction);
    }

    /// Looks at what a task does after it was resumed. If it was woken for a socket and is done with it, returns the
    /// next one to wake.
    pub(crate) fn after(
        &mut self,
        task: TaskId,
        state: &GeneratorState<Request, ()>,
    ) -> Option<TaskId> {
        use GeneratorState::Yielded;
        let before = self.woken.get(&task)?;
        let (interest, direction) = match state {
            Yielded(Request::Readable(interest)) => (interest, Direction::Read),
            Yielded(Request::Writable(interest)) => (interest, Direction::Write),
            _ => return self.gone(task),
        };
        let tries_again = interest.again && before.is_for(interest.source.token(), direction);
        if tries_again { None } else { self.gone(task) }
    }

    /// Ends the try of a task, if it was woken for one. Returns the next one to wake.
    pub(crate) fn gone(&mut self, task: TaskId) -> Option<TaskId> {
        let Waiting {
            token, direction, ..
        } = self.woken.remove(&task)?;
        self.watched.get_mut(&token)?.is_trying[direction as usize] = false;
        let next = self.wake_first(token, direction);
        self.tidy(token, direction);
        next
    }

    /// Waits for sockets. Returns whether there is something to wake somebody for.
    pub(crate) fn wait(&mut self, until: Until) -> bool {
        let waited = self.selector.borrow_mut().wait(until, &mut self.events);
        waited.expect("a selector fails to wait only for lack of memory");
        self.events.sort_unstable_by_key(|event| event.token);
        !self.events.is_empty()
    }

    /// Hands the tasks that the last wait wakes to `wake`, by descriptor, readers first.
    pub(crate) fn wake_each(&mut self, mut wake: impl FnMut(TaskId)) {
        let mut events = std::mem::take(&mut self.events);
        for event in events.drain(..) {
            let ready = [
                (Direction::Read, event.readable),
                (Direction::Write, event.writable),
            ];
            for (direction, _) in ready.into_iter().filter(|ready| ready.1) {
                if let Some(task) = self.wake_first(event.token, direction) {
                    wake(task);
                }
            }
        }
        // Its memory serves the next wait.
        self.events = events;
    }

    /// Wakes the first task, unless one was woken already and is still to try. `None` when there is nobody.
    fn wake_first(&mut self, token: Token, direction: Direction) -> Option<TaskId> {
        let watched = self
            .watched
            .get_mut(&token)
            .filter(|watched| !watched.is_trying[direction as usize])?;
        let (ticket, task) = watched.queues[direction as usize].pop()?;
        watched.is_trying[direction as usize] = true;
        watched.tell(direction);
        self.woken.insert(
            task,
            Waiting {
                token,
                direction,
                ticket,
            },
        );
        Some(task)
    }

    /// Forgets a socket that nobody waits for any more.
    fn tidy(&mut self, token: Token, direction: Direction) {
        let Some(watched) = self.watched.get(&token) else {
            return;
        };
        watched.tell(direction);
        if !watched.is_awaited(Direction::Read) && !watched.is_awaited(Direction::Write) {
            self.watched.remove(&token);
        }
    }
}

impl Drop for Sockets {
    fn drop(&mut self) {
        // A socket may live on, and be waited for in another scheduler, where nobody is in line yet.
        for source in self
            .watched
            .values()
            .filter_map(|watched| watched.source.upgrade())
        {
            let State {
                is_queued,
                is_trying,
                ..
            } = source.state();
            is_queued
                .iter()
                .chain(is_trying)
                .for_each(|is_awaited| is_awaited.set(false));
        }
    }
}

impl Waiting {
    fn is_for(&self, token: Token, direction: Direction) -> bool {
        (self.token, self.direction) == (token, direction)
    }
}

impl Watched {
    fn new(source: &Rc<dyn Source>) -> Watched {
        Watched {
            source: Rc::downgrade(source),
            queues: Default::default(),
            is_trying: [false; 2],
        }
    }

    fn enqueue(&mut self, task: TaskId, before: Option<Ticket>, direction: Direction) -> Ticket {
        let queue = &mut self.queues[direction as usize];
        let ticket = match before {
            Some(ticket) => {
                self.is_trying[direction as usize] = false;
                queue.put_back(ticket, task);
                ticket
            }
            None => queue.push(task),
        };
        self.tell(direction);
        ticket
    }

    /// Tells the socket, if it is still there, whether anybody waits for it, so that newcomers queue behind them.
    fn tell(&self, direction: Direction) {
        if let Some(source) = self.source.upgrade() {
            source.state().is_queued[direction as usize]
                .set(!self.queues[direction as usize].is_empty());
            source.state().is_trying[direction as usize].set(self.is_trying[direction as usize]);
        }
    }

    fn is_awaited(&self, direction: Direction) -> bool {
        self.is_trying[direction as usize] || !self.queues[direction as usize].is_empty()
    }
}

impl fmt::Debug for Sockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sockets")
            .field("awaited", &self.watched.keys())
            .field("woken", &self.woken)
            .finish()
    }
}
