//! When tasks are left, and none of them can ever continue.

use std::error::Error;
use std::fmt;

/// The error of a run that ends with tasks left, none of which can ever continue.
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
    /// The names of the tasks that are left, in the order of spawning.
    pub tasks: Vec<String>,
}

impl fmt::Display for Deadlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, more) = self.tasks.split_at(self.tasks.len().min(10));
        write!(f, "deadlock: nothing can wake {}", first.join(", "))?;
        match more.len() {
            0 => Ok(()),
            more => write!(f, ", and {more} more"),
        }
    }
}

impl Error for Deadlock {}
