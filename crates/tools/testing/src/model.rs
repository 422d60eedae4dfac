//! Random programs, and a model of the plainest scheduler, which says what ought to happen.
//!
//! It shares no code and no idea with the schedulers: no generator, no queue of joiners, no heap,
//! no selector. It has a list of tasks, and looks through all of it each time.
//!
//! What happens is told in the lines of [`Transcript`](crate::Transcript), and these of the
//! [player](crate::played): `task 3 dropped` when a task's locals are, `joined task 3`, `joined
//! task 3, cancelled`, and `task 3 received 17`.

use std::env;
use std::ops::Range;
use std::time::Duration;

/// What the tasks of a program can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Turns, spawns, joins and cancels.
    Turns,
    /// And sleeps, in virtual time.
    Time,
    /// Sockets instead of sleeps.
    Sockets,
}

/// How many sockets there are.
pub const SOCKETS: usize = 3;
/// How long the main task sleeps before it cancels all others: longer than all their sleeps.
pub const LONG: Duration = Duration::from_secs(10);
/// How many turns the main task takes before that, where there are sockets.
pub const MANY: usize = 100;

/// What a task of a random program does next.
#[derive(Clone, Copy, Debug)]
pub enum Do {
    /// Spawns a child.
    Spawn,
    /// Lets the others have a turn.
    Turn,
    /// Sleeps for so many milliseconds.
    Sleep(u64),
    /// Joins its oldest child.
    JoinOldest,
    /// Cancels its oldest child, and drops the handle.
    CancelOldest,
    /// Drops the handle of its newest child.
    DetachNewest,
    /// Cancels any task: a child, a parent, itself, or one that has ended.
    Cancel(usize),
    /// Sends a datagram to a socket, which takes no turn.
    Send(usize),
    /// Waits for a datagram on a socket.
    Receive(usize),
}

/// What a task does: each call of [`next`](Program::next) gives the next thing.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// What its tasks can do.
    pub scope: Scope,
    state: u64,
    depth: u32,
    left: u32,
}

impl Program {
    /// Makes the program of a seed.
    pub fn new(seed: u64, scope: Scope) -> Program {
        Program {
            scope,
            state: seed,
            depth: 4,
            left: 8,
        }
    }

    /// Returns what a task does next that has `children`, when `spawned` tasks were spawned after
    /// the main task; `None` at its end.
    pub fn next(&mut self, children: usize, spawned: usize) -> Option<Do> {
        self.left = self.left.checked_sub(1)?;
        let (has_time, has_sockets) = (self.scope == Scope::Time, self.scope == Scope::Sockets);
        Some(match self.random(if has_sockets { 27 } else { 20 }) {
            0..7 if self.depth > 0 => Do::Spawn,
            7..10 if children > 0 => Do::JoinOldest,
            10..12 if children > 0 => Do::CancelOldest,
            12 if children > 0 => Do::DetachNewest,
            13 if spawned > 0 => Do::Cancel(1 + self.random(spawned)),
            14..17 if has_time => Do::Sleep(self.random(4) as u64),
            20..24 => Do::Send(self.random(SOCKETS)),
            24..27 => Do::Receive(self.random(SOCKETS)),
            _ => Do::Turn,
        })
    }

    /// Returns the program of a child.
    pub fn child(&mut self) -> Program {
        Program {
            state: self.random(usize::MAX) as u64,
            depth: self.depth - 1,
            left: 8,
            ..*self
        }
    }

    fn random(&mut self, below: usize) -> usize {
        // SplitMix64, of Steele, Lea and Flood.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    }
}

/// Runs random programs by `run`, and compares what happens with the model, line by line.
///
/// There are hundreds of them, or as many as `SEEDS` says in the environment; `SEED` picks one.
///
/// # Panics
///
/// Panics where the two differ.
pub fn compare(scope: Scope, run: impl Fn(Program) -> Vec<String>) {
    let (mut lines, mut received) = (0, 0);
    for seed in seeds() {
        let program = Program::new(seed, scope);
        let (expected, happened) = (story(program), without_looks(run(program)));
        if let Some(at) = first_difference(&expected, &happened) {
            let (from, to) = (at.saturating_sub(10), at + 3);
            panic!(
                "SEED={seed}, line {at}:\nexpected {:#?}\nhappened {:#?}",
                &expected[from.min(expected.len())..to.min(expected.len())],
                &happened[from.min(happened.len())..to.min(happened.len())]
            );
        }
        lines += expected.len();
        received += expected.iter().filter(|l| l.contains("received")).count();
    }
    println!(
        "{lines} lines, {received} of them datagrams, of {:?}",
        seeds()
    );
    assert_eq!(scope == Scope::Sockets, received > 0);
}

/// Leaves out the waits in which no time passed: a scheduler is free to have them or not.
fn without_looks(mut lines: Vec<String>) -> Vec<String> {
    let mut last = "waited until 0ns".to_owned();
    lines.retain(|line| {
        let is_wait = line.starts_with("waited until");
        let is_look = is_wait && *line == last;
        if is_wait {
            last.clone_from(line);
        }
        !is_look
    });
    lines
}

fn first_difference(a: &[String], b: &[String]) -> Option<usize> {
    (0..a.len().max(b.len())).find(|&i| a.get(i) != b.get(i))
}

fn seeds() -> Range<u64> {
    let number = |name| {
        let text = env::var(name).ok()?;
        Some(
            text.parse()
                .unwrap_or_else(|_| panic!("{name} is a number")),
        )
    };
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SEEDS").unwrap_or(300),
    }
}

/// Returns all that ought to happen in the run of a program.
pub fn story(program: Program) -> Vec<String> {
    let mut model = Model::default();
    model.note("started");
    model.note("main spawned");
    model.tasks.push(Task::new(program));
    model.make_ready(0);
    loop {
        for task in std::mem::take(&mut model.ready) {
            if model.tasks[task].status == Status::Ready {
                model.resume(task);
            }
        }
        model.wake();
        if model.ready.is_empty() {
            return model.story;
        }
    }
}

#[derive(Default)]
struct Model {
    tasks: Vec<Task>,
    /// The tasks that are ready, in order.
    ready: Vec<usize>,
    /// The datagrams of each socket, in order.
    datagrams: [Vec<u32>; SOCKETS],
    sent: u32,
    /// Counts sleeps and waits for sockets, to tell who was first.
    arrived: usize,
    now: Duration,
    story: Vec<String>,
}

struct Task {
    program: Program,
    children: Vec<usize>,
    status: Status,
    /// What it notes or tries at the beginning of its next turn.
    resumed_for: Option<Resumed>,
    /// How many turns the main task has taken.
    turns: usize,
}

#[derive(Clone, Copy)]
enum Resumed {
    Joined(usize),
    ToReceive(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Ready,
    /// Until when, and how many sleeps and waits began before.
    Sleeping(Duration, usize),
    Joining(usize),
    /// At which socket, and how many sleeps and waits began before.
    Receiving(usize, usize),
    Finished,
    Cancelled,
}

fn name(task: usize) -> String {
    match task {
        0 => "main".to_owned(),
        _ => format!("task {task}"),
    }
}

impl Task {
    fn new(program: Program) -> Task {
        Task {
            program,
            children: Vec::new(),
            status: Status::Ready,
            resumed_for: None,
            turns: 0,
        }
    }
}

impl Model {
    fn note(&mut self, line: impl Into<String>) {
        self.story.push(line.into());
    }

    fn make_ready(&mut self, task: usize) {
        self.tasks[task].status = Status::Ready;
        self.ready.push(task);
        self.note(format!("{} woken", name(task)));
    }

    /// Ends the turn of a task, which now waits.
    fn suspend(&mut self, task: usize, status: Status, why: &str) {
        self.note(format!("{} waits {why}", name(task)));
        self.note(format!("{} suspended", name(task)));
        self.tasks[task].status = status;
    }

    fn turn(&mut self, task: usize) {
        self.make_ready(task);
        self.suspend(task, Status::Ready, "for its turn");
    }

    fn sleep(&mut self, task: usize, duration: Duration) {
        let until = self.now + duration;
        self.arrived += 1;
        let status = Status::Sleeping(until, self.arrived);
        self.suspend(task, status, &format!("until {until:?}"));
    }

    fn receive(&mut self, task: usize, socket: usize) {
        self.arrived += 1;
        self.tasks[task].resumed_for = Some(Resumed::ToReceive(socket));
        self.suspend(task, Status::Receiving(socket, self.arrived), "to read");
    }

    fn resume(&mut self, task: usize) {
        self.note(format!("{} resumed", name(task)));
        match self.tasks[task].resumed_for.take() {
            Some(Resumed::Joined(child)) => self.note_join(child),
            Some(Resumed::ToReceive(socket)) => {
                if self.datagrams[socket].is_empty() {
                    return self.receive(task, socket);
                }
                let datagram = self.datagrams[socket].remove(0);
                self.note(format!("{} received {datagram}", name(task)));
            }
            None => {}
        }
        if task == 0 {
            return self.resume_main();
        }
        while self.tasks[task].status == Status::Ready {
            let (children, spawned) = (self.tasks[task].children.len(), self.tasks.len() - 1);
            let Some(next) = self.tasks[task].program.next(children, spawned) else {
                return self.end(task, Status::Finished);
            };
            match next {
                Do::Spawn => {
                    let program = self.tasks[task].program.child();
                    self.spawn(task, program);
                }
                Do::Turn => return self.turn(task),
                Do::Sleep(ms) => return self.sleep(task, Duration::from_millis(ms)),
                Do::JoinOldest => {
                    let child = self.tasks[task].children.remove(0);
                    if self.is_over(child) {
                        self.note_join(child);
                    } else {
                        let why = format!("for {}", name(child));
                        return self.suspend(task, Status::Joining(child), &why);
                    }
                }
                Do::CancelOldest => {
                    let child = self.tasks[task].children.remove(0);
                    self.cancel(child);
                }
                Do::DetachNewest => drop(self.tasks[task].children.pop()),
                Do::Cancel(other) => self.cancel(other),
                Do::Send(socket) => {
                    self.datagrams[socket].push(self.sent);
                    self.sent += 1;
                }
                Do::Receive(socket) => return self.receive(task, socket),
            }
        }
    }

    /// Does what the main task does: it spawns a task with the program, waits, and cancels all
    /// tasks that are left.
    fn resume_main(&mut self) {
        let (scope, turns) = (self.tasks[0].program.scope, self.tasks[0].turns);
        if turns == 0 {
            self.spawn(0, self.tasks[0].program);
        }
        self.tasks[0].turns += 1;
        match scope {
            Scope::Time if turns == 0 => return self.sleep(0, LONG),
            Scope::Sockets if turns < MANY => return self.turn(0),
            Scope::Turns => {}
            _ => (1..self.tasks.len()).for_each(|task| self.cancel(task)),
        }
        self.end(0, Status::Finished);
    }

    fn spawn(&mut self, parent: usize, program: Program) {
        let child = self.tasks.len();
        self.tasks.push(Task::new(program));
        self.tasks[parent].children.push(child);
        self.note(format!("{} spawned by {}", name(child), name(parent)));
        self.make_ready(child);
    }

    fn note_join(&mut self, child: usize) {
        let is_cancelled = self.tasks[child].status == Status::Cancelled;
        let cancelled = if is_cancelled { ", cancelled" } else { "" };
        self.note(format!("joined {}{cancelled}", name(child)));
    }

    fn is_over(&self, task: usize) -> bool {
        matches!(
            self.tasks[task].status,
            Status::Finished | Status::Cancelled
        )
    }

    fn cancel(&mut self, task: usize) {
        if !self.is_over(task) {
            self.ready.retain(|ready| *ready != task);
            self.end(task, Status::Cancelled);
        }
    }

    fn end(&mut self, task: usize, how: Status) {
        self.tasks[task].status = how;
        // A task that returns has dropped its locals by then.
        if how == Status::Finished {
            self.note(format!("{} dropped", name(task)));
            self.note(format!("{} finished", name(task)));
        } else {
            self.note(format!("{} cancelled", name(task)));
            self.note(format!("{} dropped", name(task)));
        }
        // A task has one handle, so at most one other waits for it.
        let joins = |other: &usize| self.tasks[*other].status == Status::Joining(task);
        if let Some(joiner) = (0..self.tasks.len()).find(joins) {
            self.tasks[joiner].resumed_for = Some(Resumed::Joined(task));
            self.make_ready(joiner);
        }
    }

    /// Wakes the tasks whose time or datagram has come; if no task is ready, time passes first.
    fn wake(&mut self) {
        let mut sleepers = Vec::new();
        for (task, Task { status, .. }) in self.tasks.iter().enumerate() {
            if let Status::Sleeping(until, arrived) = *status {
                sleepers.push((until, arrived, task));
            }
        }
        sleepers.sort();
        if let Some((until, ..)) = sleepers.first()
            && self.ready.is_empty()
            && *until > self.now
        {
            self.now = *until;
            self.note(format!("waited until {until:?}"));
        }
        for (until, _, task) in sleepers {
            if until <= self.now {
                self.make_ready(task);
            }
        }
        for socket in 0..SOCKETS {
            let mut line = Vec::new();
            for (task, Task { status, .. }) in self.tasks.iter().enumerate() {
                if let Status::Receiving(at, arrived) = *status
                    && at == socket
                {
                    line.push((arrived, task));
                }
            }
            if let (Some((_, first)), false) =
                (line.iter().min(), self.datagrams[socket].is_empty())
            {
                self.make_ready(*first);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_one_story() {
        for scope in [Scope::Turns, Scope::Time, Scope::Sockets] {
            let story = |seed| story(Program::new(seed, scope));
            assert_eq!(story(7), story(7));
            assert_ne!(story(7), story(8));
        }
    }

    #[test]
    fn programs_do_all_that_there_is() {
        let mut stories = (0..100).map(|seed| story(Program::new(seed, Scope::Time)));
        for what in [
            "cancelled",
            "joined",
            "waits until",
            "for its turn",
            "waits for task",
        ] {
            let has = |lines: Vec<String>| lines.iter().any(|line| line.contains(what));
            assert!(stories.any(has), "{what}");
        }
    }

    #[test]
    #[should_panic(expected = "SEED=0, line 3:")]
    fn a_wrong_line_is_found() {
        compare(Scope::Turns, |program| {
            let mut lines = story(program);
            lines[3].push('!');
            lines
        });
    }

    #[test]
    #[should_panic(expected = "SEED=0, line ")]
    fn a_missing_line_is_found() {
        compare(Scope::Turns, |program| {
            let mut lines = story(program);
            lines.pop();
            lines
        });
    }
}
