//! What is measured: the workloads, and the contenders that do them.

mod asyncio;
mod idle_sockets;
mod round_trip;
mod sleepers;
mod spawn_join;
mod switch;
mod udp_round_trip;

use std::fmt;
use std::io;
use std::time::Duration;

pub use asyncio::is_there as has_python;

/// An operation that several contenders do, each in its own way.
#[derive(Debug)]
pub struct Workload {
    /// Its name, which is also the name of criterion's group.
    pub name: &'static str,
    /// How many sockets are idle meanwhile. `None` where that is not the question.
    pub idle: Option<usize>,
    /// What one operation is.
    pub operation: String,
    /// What does it: the steps in order, then the others.
    pub contenders: Vec<Contender>,
}

/// One that does the work.
pub struct Contender {
    /// Its name.
    pub who: Who,
    /// Does a number of operations. What it needs for that is made before the time is taken, and
    /// dropped after it.
    run: Box<dyn Fn(u64) -> io::Result<Timed>>,
}

/// The name of a contender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A step of the path, by its number.
    Step(u8),
    /// Threads of the operating system, which block.
    Threads,
    /// CPython's asyncio.
    Asyncio,
}

/// What was done, and how long that took.
#[derive(Clone, Copy, Debug)]
struct Timed {
    /// How many operations have ended as they should, counted where they end.
    done: u64,
    elapsed: Duration,
}

/// Returns all workloads, with all contenders; asyncio is the last of each if there is a `python3`.
///
/// # Examples
///
/// ```
/// let workloads = benches::workloads::all();
/// assert_eq!(workloads[0].to_string(), "switch");
/// let elapsed = workloads[0].contenders[0].run(1_000)?;
/// assert!(!elapsed.is_zero());
/// # std::io::Result::Ok(())
/// ```
pub fn all() -> Vec<Workload> {
    let mut workloads = vec![
        switch::workload(),
        spawn_join::workload(),
        sleepers::workload(),
        udp_round_trip::workload(),
        idle_sockets::workload(0),
        idle_sockets::workload(100),
        idle_sockets::workload(900),
    ];
    if has_python() {
        for workload in &mut workloads {
            let asyncio = asyncio::contender(workload.name, workload.idle.unwrap_or(0));
            workload.contenders.push(asyncio);
        }
    }
    workloads
}

impl Contender {
    fn new(who: Who, run: impl Fn(u64) -> io::Result<Timed> + 'static) -> Contender {
        Contender {
            who,
            run: Box::new(run),
        }
    }

    /// Does that many operations, and returns how long they took.
    ///
    /// # Errors
    ///
    /// Returns an error if no socket or thread can be had, if a datagram does not arrive within a
    /// minute, and if Python fails.
    ///
    /// # Panics
    ///
    /// Panics if another number of operations was done.
    pub fn run(&self, operations: u64) -> io::Result<Duration> {
        let Timed { done, elapsed } = (self.run)(operations)?;
        assert_eq!(
            done, operations,
            "{} did another number of operations than it was asked for",
            self.who
        );
        Ok(elapsed)
    }
}

impl Who {
    /// Returns whether it is a step of the path.
    pub fn is_step(self) -> bool {
        matches!(self, Who::Step(_))
    }
}

impl fmt::Debug for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Contender").field(&self.who).finish()
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        self.idle.map_or(Ok(()), |idle| write!(f, ", {idle}"))
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Step(number) => f.pad(&format!("step {number}")),
            Who::Threads => f.pad("threads"),
            Who::Asyncio => f.pad("asyncio"),
        }
    }
}

/// Divides operations among tasks, as evenly as they can be.
fn shares(operations: u64, tasks: u64) -> impl Iterator<Item = u64> {
    (0..tasks).map(move |task| operations / tasks + u64::from(task < operations % tasks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(Vec::from_iter(shares(10, 4)), [3, 3, 2, 2]);
        assert_eq!(Vec::from_iter(shares(2, 3)), [1, 1, 0]);
    }

    #[test]
    #[should_panic(expected = "step 9 did another number of operations")]
    fn a_run_that_leaves_out_an_operation_is_refused() {
        let lazy = |operations| {
            Ok(Timed {
                done: operations - 1,
                elapsed: Duration::ZERO,
            })
        };
        _ = Contender::new(Who::Step(9), lazy).run(5);
    }
}
