//! What if all the tasks that are left wait for each other?

use std::error::Error;
use std::fmt;

/// The error of a run in which some tasks are left, and none of them can ever go on.
///
/// # Examples
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
///
/// use step2_round_robin::{Co, Generated, Scheduler};
///
/// let me = Rc::new(Cell::new(None));
/// let main = Generated::new(async move |co: &Co| {
///     let itself = me.clone();
///     let task = co.spawn_named("narcissus", Generated::new(async move |co: &Co| {
///         co.join(itself.get().unwrap()).await;
///     }));
///     me.set(Some(task.await.id()));
/// });
/// let error = Scheduler::new().run(main).unwrap_err();
/// assert_eq!(error.to_string(), "deadlock: \"narcissus\" joins itself");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlock {
    waiting: Vec<(String, String)>,
}

impl Deadlock {
    /// How many tasks the message names, at most.
    const NAMED: usize = 10;

    /// Makes the error from each task's name and what it waits for, such as `joins "b"`.
    pub(crate) fn new(waiting: Vec<(String, String)>) -> Deadlock {
        Deadlock { waiting }
    }

    /// Returns the names of the tasks that are left, in the order in which they were spawned.
    pub fn tasks(&self) -> impl Iterator<Item = &str> {
        self.waiting.iter().map(|(name, _)| name.as_str())
    }
}

impl fmt::Display for Deadlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, what)) in self.waiting.iter().take(Self::NAMED).enumerate() {
            write!(
                f,
                "{} {name:?} {what}",
                if i == 0 { "deadlock:" } else { "," }
            )?;
        }
        match self.waiting.len().saturating_sub(Self::NAMED) {
            0 => Ok(()),
            more => write!(f, ", and {more} more wait"),
        }
    }
}

impl Error for Deadlock {}
