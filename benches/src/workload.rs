//! What is measured: an operation, and the contenders that do it.

use std::fmt;
use std::io;
use std::time::Duration;

/// An operation that several contenders do, each in its own way.
#[derive(Debug)]
pub struct Workload {
    /// What one operation is: the name of its rows, and of criterion's group.
    pub name: String,
    /// The part of the page that it belongs to.
    pub section: Section,
    /// The least number of operations that a run does. It does a multiple of this.
    pub batch: u64,
    /// What is counted beside the time.
    pub count: Option<Count>,
    /// The row of a growth table that it also is.
    pub growth: Option<Growth>,
    /// Whether it is in the chart.
    pub is_charted: bool,
    /// What does it: the steps in order, then the others.
    pub contenders: Vec<Contender>,
}

/// A part of the page, with a table of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Section {
    Switch,
    HandOver,
    SpawnJoin,
    Memory,
    Timers,
    Wakes,
    Sockets,
    Toolbox,
    Simulation,
    /// Only in the growth tables.
    Growth,
}

/// What is counted, not timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Instructions of the program, without the kernel's: by valgrind.
    Instructions,
    /// System calls of all its threads: by strace.
    SystemCalls,
    /// Allocations from the heap: by the allocator.
    Allocations,
    /// Bytes that one takes while it waits. There is no time.
    Bytes,
}

/// The place of a workload in a growth table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// What there is more and more of.
    pub of: &'static str,
    /// How many of that there are.
    pub n: u64,
}

/// One that does the work.
pub struct Contender {
    /// Its name: `step 5`, `threads`.
    pub name: &'static str,
    run: Run,
}

/// Does a number of operations. What it needs for that is made before the time is taken, and
/// dropped after it.
type Timing = Box<dyn Fn(u64) -> io::Result<Timed>>;
/// Makes so many that wait, and returns how many bytes they take. It is handed what tells how many
/// bytes are allocated.
type Weighing = Box<dyn Fn(u64, fn() -> usize) -> io::Result<u64>>;

enum Run {
    Timed(Timing),
    Weighed(Weighing),
}

/// What was done, and how long that took.
#[derive(Clone, Copy, Debug)]
pub struct Timed {
    /// How many operations have ended as they should, counted where they end.
    pub done: u64,
    /// The time from the first to the last.
    pub elapsed: Duration,
}

impl Workload {
    /// Rounds a number of operations up to what a run can do.
    pub fn at_least(&self, operations: u64) -> u64 {
        operations.max(1).next_multiple_of(self.batch)
    }

    /// Does at least that many operations, and returns how many, and how long they took.
    ///
    /// # Errors
    ///
    /// Returns an error if the system has no room for the sockets or threads, if a datagram does
    /// not arrive within a minute, if Python fails, and if this has no time.
    ///
    /// # Panics
    ///
    /// Panics if fewer operations were done.
    pub fn run(&self, contender: &Contender, operations: u64) -> io::Result<Timed> {
        let Run::Timed(run) = &contender.run else {
            return Err(io::Error::other("it has a size, and no time"));
        };
        let operations = self.at_least(operations);
        let timed = run(operations)?;
        let done = timed.done;
        assert!(
            done >= operations,
            "{self}, {contender}: {done} operations of {operations} were done"
        );
        Ok(timed)
    }

    /// Returns whether this has a time.
    pub fn is_timed(&self) -> bool {
        self.count != Some(Count::Bytes)
    }
}

impl Contender {
    pub(crate) fn new(
        name: &'static str,
        run: impl Fn(u64) -> io::Result<Timed> + 'static,
    ) -> Contender {
        let run = Run::Timed(Box::new(run));
        Contender { name, run }
    }

    pub(crate) fn weighed(
        name: &'static str,
        run: impl Fn(u64, fn() -> usize) -> io::Result<u64> + 'static,
    ) -> Contender {
        let run = Run::Weighed(Box::new(run));
        Contender { name, run }
    }

    /// Makes `count` that wait, and returns how many bytes each takes. `live` tells how many bytes
    /// are allocated.
    ///
    /// # Errors
    ///
    /// Returns an error if the system has no room for them, and if this has no size.
    pub fn bytes(&self, count: u64, live: fn() -> usize) -> io::Result<f64> {
        match &self.run {
            Run::Weighed(run) => Ok(run(count, live)? as f64 / count as f64),
            Run::Timed(_) => Err(io::Error::other("it has a time, and no size")),
        }
    }
}

/// Returns the number of a plain step: 5 for `step 5`, but none for `step 2 by hand`.
pub fn step(name: &str) -> Option<u8> {
    name.strip_prefix("step ")?.parse().ok()
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Count::Instructions => "instructions",
            Count::SystemCalls => "system calls",
            Count::Allocations => "allocations",
            Count::Bytes => "bytes",
        })
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Debug for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Contender").field(&self.name).finish()
    }
}
