//! What ought to happen? Random programs, and the most naive scheduler that there is, which plays them by the rules.
//!
//! It shares no code and no idea with the schedulers: no generator, no queue of joiners, no heap, no table of slots, no
//! selector. It has a list of tasks and a few sockets, and looks through all of it each time.
#![allow(dead_code, reason = "each step's test uses a part of it")]

use std::env;

/// What happened to which task, by its place in the order of spawning, and at which millisecond.
pub(crate) type Event = (&'static str, usize, u64);

/// All that happened in a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Story {
    pub(crate) events: Vec<Event>,
    /// Which task has received which datagram, in order.
    pub(crate) received: Vec<(usize, u32)>,
}

/// What the tasks of a program can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// Turns, spawns, joins and cancels.
    Turns,
    /// And sleeps.
    Time,
    /// And sockets: the next waiter is woken when the one that has received makes its next request.
    SocketsLater,
    /// And sockets: the next waiter is woken as soon as a receive succeeds.
    SocketsAtOnce,
}

/// How many sockets there are.
pub(crate) const SOCKETS: usize = 3;

/// What a task of a random program does next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Do {
    Spawn,
    Turn,
    /// For so many milliseconds.
    Sleep(u64),
    JoinOldest,
    CancelOldest,
    DetachNewest,
    /// The task at this place in the order of spawning: a child, a parent, itself, or one that has ended.
    Cancel(usize),
    /// Sends a datagram to a socket, which takes no turn.
    Send(usize),
    /// Waits for a datagram on a socket.
    Receive(usize),
}

/// A random program: each call gives what it does next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    state: u64,
    depth: u32,
    scope: Scope,
    left: u32,
}

/// How long the first task sleeps, in milliseconds, before it cancels all others: longer than all of them together do.
pub(crate) const LONG: u64 = 10_000;

impl Program {
    pub(crate) fn new(seed: u64, scope: Scope) -> Program {
        Program {
            state: seed,
            depth: 4,
            scope,
            left: 8,
        }
    }

    fn random(&mut self, below: usize) -> usize {
        // SplitMix64, of Steele, Lea and Flood.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    }

    /// Returns what a task with so many children does next, when so many tasks were spawned. `None` at its end.
    pub(crate) fn next(&mut self, children: usize, spawned: usize) -> Option<Do> {
        self.left = self.left.checked_sub(1)?;
        Some(
            match self.random(if self.scope < Scope::SocketsLater {
                20
            } else {
                27
            }) {
                0..7 if self.depth > 0 => Do::Spawn,
                7..10 if children > 0 => Do::JoinOldest,
                10..12 if children > 0 => Do::CancelOldest,
                12 if children > 0 => Do::DetachNewest,
                13 if spawned > 0 => Do::Cancel(1 + self.random(spawned)),
                14..17 if self.scope > Scope::Turns => Do::Sleep(self.random(4) as u64),
                20..24 => Do::Send(self.random(SOCKETS)),
                24..27 => Do::Receive(self.random(SOCKETS)),
                _ => Do::Turn,
            },
        )
    }

    pub(crate) fn child(&mut self) -> Program {
        Program {
            state: self.random(usize::MAX) as u64,
            depth: self.depth - 1,
            left: 8,
            ..*self
        }
    }
}

/// The seeds to try: a few thousand, or as many as `SEEDS` says, or the one that `SEED` names.
fn seeds() -> std::ops::Range<u64> {
    let number = |name| {
        env::var(name).ok().map(|text| {
            text.parse()
                .unwrap_or_else(|_| panic!("{name} is a number"))
        })
    };
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SEEDS").unwrap_or(2_000),
    }
}

/// Plays all seeds on a scheduler and on the model, and fails where the two differ.
pub(crate) fn compare(scope: Scope, on_scheduler: impl Fn(Program) -> Story) {
    let (seeds, mut events, mut received) = (seeds(), 0, 0);
    for seed in seeds.clone() {
        let program = Program::new(seed, scope);
        let expected = Model::play(program);
        assert_eq!(
            on_scheduler(program),
            expected,
            "to run it alone, set SEED={seed}"
        );
        events += expected.events.len();
        received += expected.received.len();
    }
    println!(
        "{events} events and {received} datagrams of {} programs",
        seeds.end - seeds.start
    );
    assert!(
        scope < Scope::SocketsLater || received > 0,
        "nothing was received, which shows little"
    );
}

/// The naive scheduler.
pub(crate) struct Model {
    scope: Scope,
    tasks: Vec<Task>,
    /// The tasks that are ready, in order.
    ready: Vec<usize>,
    sockets: [Socket; SOCKETS],
    now: u64,
    /// How many have gone to sleep so far, and how many datagrams were sent.
    sleeps: usize,
    sent: u32,
    story: Story,
}

struct Task {
    /// The first task has none: it spawns the second one, sleeps, and cancels all others.
    program: Option<Program>,
    children: Vec<usize>,
    place: Place,
    /// The task whose end has made it ready: it learns of that first thing in its turn.
    joined: Option<usize>,
    /// The socket that it was woken for, and has not tried since.
    woken_for: Option<usize>,
    /// The socket that it received from after it was woken, and whose next waiter has not been woken yet.
    done_with: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Ready,
    /// Until when, and how many went to sleep before.
    Sleeping(u64, usize),
    Joining(usize),
    Receiving(usize),
    Finished,
    Cancelled,
}

#[derive(Default)]
struct Socket {
    datagrams: Vec<u32>,
    /// The tasks that wait, in order of arrival.
    waiting: Vec<usize>,
    /// The one that was woken, and has neither received nor gone since.
    trying: Option<usize>,
    is_armed: bool,
}

impl Model {
    /// Plays a program to its end, and returns all that happened.
    pub(crate) fn play(program: Program) -> Story {
        let mut model = Model {
            scope: program.scope,
            tasks: vec![],
            ready: vec![],
            sockets: Default::default(),
            now: 0,
            sleeps: 0,
            sent: 0,
            story: Story::default(),
        };
        model.add(None);
        model.make_ready(0);
        let mut program = Some(program);
        loop {
            for task in std::mem::take(&mut model.ready) {
                if model.tasks[task].place != Place::Ready {
                    continue;
                }
                if task == 0 {
                    model.give_first_its_turn(program.take());
                } else {
                    model.give_turn(task);
                }
            }
            model.look_around();
            if model.ready.is_empty() {
                return model.story;
            }
        }
    }

    fn note(&mut self, what: &'static str, task: usize) {
        self.story.events.push((what, task, self.now));
    }

    fn add(&mut self, program: Option<Program>) {
        let (joined, woken_for, done_with) = (None, None, None);
        self.tasks.push(Task {
            program,
            children: vec![],
            place: Place::Ready,
            joined,
            woken_for,
            done_with,
        });
    }

    fn make_ready(&mut self, task: usize) {
        self.tasks[task].place = Place::Ready;
        self.ready.push(task);
        self.note("ready", task);
    }

    /// The first task spawns the second, which has the program. Where there is time, it cancels all others in the end.
    fn give_first_its_turn(&mut self, program: Option<Program>) {
        self.note("runs", 0);
        if let Some(program) = program {
            self.spawn(0, program);
            if self.scope > Scope::Turns {
                return self.sleep(0, LONG);
            }
        } else {
            (1..self.tasks.len()).for_each(|task| self.cancel(task));
        }
        self.end(0, Place::Finished);
    }

    fn give_turn(&mut self, task: usize) {
        self.note("runs", task);
        if let Some(child) = self.tasks[task].joined.take() {
            self.note_join(child);
        }
        if let Some(socket) = self.tasks[task].woken_for.take()
            && !self.try_again(task, socket)
        {
            return;
        }
        while self.tasks[task].place == Place::Ready {
            let (children, spawned) = (self.tasks[task].children.len(), self.tasks.len() - 1);
            let program = self.tasks[task]
                .program
                .as_mut()
                .expect("only the first task has none");
            let Some(next) = program.next(children, spawned) else {
                return self.end(task, Place::Finished);
            };
            if !matches!(next, Do::DetachNewest | Do::Send(_) | Do::Receive(_)) {
                self.request(task);
            }
            match next {
                Do::Spawn => {
                    let child = self.tasks[task].program.as_mut().expect("as above").child();
                    self.spawn(task, child);
                }
                Do::Turn => return self.make_ready(task),
                Do::Sleep(ms) => self.sleep(task, ms),
                Do::JoinOldest => {
                    let child = self.tasks[task].children.remove(0);
                    if self.is_over(child) {
                        self.note_join(child);
                    } else {
                        self.tasks[task].place = Place::Joining(child);
                    }
                }
                Do::CancelOldest => {
                    let child = self.tasks[task].children.remove(0);
                    self.cancel(child);
                }
                Do::DetachNewest => drop(self.tasks[task].children.pop()),
                Do::Cancel(other) => self.cancel(other),
                Do::Send(socket) => {
                    self.sockets[socket].datagrams.push(self.sent);
                    self.sent += 1;
                }
                Do::Receive(socket) => self.receive(task, socket),
            }
        }
    }

    /// What a request of a task brings with it: whoever has waited behind it for a socket is woken.
    fn request(&mut self, task: usize) {
        if let Some(socket) = self.tasks[task].done_with.take() {
            self.sockets[socket].trying = None;
            self.wake_first(socket);
        }
    }

    fn spawn(&mut self, parent: usize, program: Program) {
        let child = self.tasks.len();
        self.add(Some(program));
        self.tasks[parent].children.push(child);
        self.note("spawned", child);
        self.make_ready(child);
    }

    fn sleep(&mut self, task: usize, ms: u64) {
        self.tasks[task].place = Place::Sleeping(self.now + ms, self.sleeps);
        self.sleeps += 1;
    }

    /// Receives, or waits behind those who wait.
    fn receive(&mut self, task: usize, number: usize) {
        let socket = &mut self.sockets[number];
        let others_try = socket.trying.is_some() && self.tasks[task].done_with != Some(number);
        if !others_try && socket.waiting.is_empty() && !socket.datagrams.is_empty() {
            let datagram = socket.datagrams.remove(0);
            return self.story.received.push((task, datagram));
        }
        self.request(task);
        let socket = &mut self.sockets[number];
        socket.is_armed |= socket.trying.is_none();
        socket.waiting.push(task);
        self.tasks[task].place = Place::Receiving(number);
    }

    /// Lets a woken task receive, or else wait in the place that it had. Returns whether it has received.
    fn try_again(&mut self, task: usize, number: usize) -> bool {
        let socket = &mut self.sockets[number];
        if socket.datagrams.is_empty() {
            socket.trying = None;
            socket.is_armed = true;
            socket.waiting.insert(0, task);
            self.tasks[task].place = Place::Receiving(number);
            return false;
        }
        let datagram = socket.datagrams.remove(0);
        self.story.received.push((task, datagram));
        self.tasks[task].done_with = Some(number);
        if self.scope == Scope::SocketsAtOnce {
            self.request(task);
        }
        true
    }

    /// Wakes the first task that waits for a socket, unless one was woken that is still to try.
    fn wake_first(&mut self, number: usize) {
        let socket = &mut self.sockets[number];
        if socket.trying.is_none() && !socket.waiting.is_empty() {
            let task = socket.waiting.remove(0);
            socket.trying = Some(task);
            self.tasks[task].woken_for = Some(number);
            self.make_ready(task);
        }
    }

    fn is_over(&self, task: usize) -> bool {
        matches!(self.tasks[task].place, Place::Finished | Place::Cancelled)
    }

    fn cancel(&mut self, task: usize) {
        if !self.is_over(task) {
            self.ready.retain(|ready| *ready != task);
            self.end(task, Place::Cancelled);
        }
    }

    fn end(&mut self, task: usize, how: Place) {
        // If it was this task's try, it is the next one's now.
        self.tasks[task].done_with = self.tasks[task]
            .done_with
            .or(self.tasks[task].woken_for.take());
        if let Place::Receiving(number) = self.tasks[task].place {
            let socket = &mut self.sockets[number];
            socket.waiting.retain(|waiting| *waiting != task);
            socket.is_armed &= !socket.waiting.is_empty();
        }
        self.tasks[task].place = how;
        if how == Place::Finished {
            // A task that returns has dropped its locals by then; one that is cancelled drops them afterwards.
            self.note("dropped", task);
            self.request(task);
            self.note("finished", task);
        } else {
            if self.scope == Scope::SocketsLater {
                self.request(task);
            }
            self.note("cancelled", task);
            self.request(task);
            self.note("dropped", task);
        }
        // A task has one handle, so at most one other waits for it.
        if let Some(joiner) =
            (0..self.tasks.len()).find(|other| self.tasks[*other].place == Place::Joining(task))
        {
            self.tasks[joiner].joined = Some(task);
            self.make_ready(joiner);
        }
    }

    fn note_join(&mut self, child: usize) {
        let is_cancelled = self.tasks[child].place == Place::Cancelled;
        self.note(
            if is_cancelled {
                "joined, cancelled"
            } else {
                "joined"
            },
            child,
        );
    }

    /// Makes the tasks ready that a deadline or a datagram wakes; moves the clock on if nobody would be ready.
    fn look_around(&mut self) {
        let has_come = |socket: &Socket| socket.is_armed && !socket.datagrams.is_empty();
        let come: Vec<usize> = (0..SOCKETS)
            .filter(|number| has_come(&self.sockets[*number]))
            .collect();
        come.iter()
            .for_each(|number| self.sockets[*number].is_armed = false);

        let mut sleepers: Vec<(u64, usize, usize)> = vec![];
        for (task, Task { place, .. }) in self.tasks.iter().enumerate() {
            if let Place::Sleeping(until, order) = *place {
                sleepers.push((until, order, task));
            }
        }
        sleepers.sort();
        if let Some((until, ..)) = sleepers
            .first()
            .filter(|_| self.ready.is_empty() && come.is_empty())
        {
            self.now = self.now.max(*until);
        }
        let now = self.now;
        sleepers
            .iter()
            .filter(|(until, ..)| *until <= now)
            .for_each(|(_, _, task)| self.make_ready(*task));
        come.into_iter().for_each(|number| self.wake_first(number));
    }
}
