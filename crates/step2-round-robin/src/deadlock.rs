//! The end of a run in which the tasks that are left wait for each other.

use std::error::Error;
use std::fmt;

/// The error of a run in which some tasks are left, and none of them can ever continue.
///
/// # Examples
///
/// ```
/// use std::{cell::Cell, rc::Rc};
/// use step2_round_robin::{Scheduler, Task};
///
/// let error = Scheduler::new().run(async |co| {
///     let handle = Rc::new(Cell::new(None::<Task<()>>));
///     let own = handle.clone();
///     let narcissus = co.spawn_named("narcissus", async move |co| {
///         own.take().unwrap().join(&co).await.unwrap()
///     });
///     handle.set(Some(narcissus.await));
/// });
/// assert_eq!(error.unwrap_err().to_string(), "deadlock: nothing can wake narcissus");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlock {
    tasks: Vec<String>,
}

impl Deadlock {
    /// How many tasks the message names, at most.
    const NAMED: usize = 10;

    /// Makes the error from the names of the tasks that are left.
    pub fn new(tasks: impl Iterator<Item = String>) -> Deadlock {
        Deadlock {
            tasks: tasks.collect(),
        }
    }

    /// Returns the names of the tasks that are left, in the order of spawning.
    pub fn tasks(&self) -> &[String] {
        &self.tasks
    }
}

impl fmt::Display for Deadlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (named, more) = self.tasks.split_at(self.tasks.len().min(Self::NAMED));
        write!(f, "deadlock: nothing can wake {}", named.join(", "))?;
        match more.len() {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

impl Error for Deadlock {}
