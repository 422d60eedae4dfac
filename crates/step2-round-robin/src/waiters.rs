//! Who waits for the same thing, and who is next?

use std::collections::BTreeMap;

use crate::TaskId;

/// The tasks that wait for one thing, first come, first served.
///
/// Each draws a ticket, by which it is taken out from the middle when it is cancelled. That costs a search in a tree,
/// and not a look at all the others.
///
/// # Examples
///
/// ```
/// # use step2_round_robin::{Co, Generated, Scheduler, Turn, Waiters};
/// # let main = Generated::new(async |co: &Co| {
/// #     let a = co.spawn(Generated::new(async |_: &Co| ())).await.id();
/// #     let b = co.spawn(Generated::new(async |_: &Co| ())).await.id();
/// let mut waiters = Waiters::default();
/// let first = waiters.push(a);
/// waiters.push(b);
/// waiters.remove(first);
/// assert_eq!(waiters.pop().map(|(_, task)| task), Some(b));
/// assert!(waiters.is_empty());
/// # });
/// # Scheduler::new().run(main).unwrap();
/// ```
#[derive(Debug, Default)]
pub struct Waiters {
    queue: BTreeMap<Ticket, TaskId>,
    next: u64,
}

/// The place of a task among the [`Waiters`]; a lower one goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

impl Waiters {
    /// Adds a task at the end.
    pub fn push(&mut self, task: TaskId) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        self.queue.insert(ticket, task);
        ticket
    }

    /// Puts a task back in the place it had: before all who came after it.
    ///
    /// Nobody needs that here. In step 4 a task may be woken for nothing, and then keeps its place.
    pub fn put_back(&mut self, ticket: Ticket, task: TaskId) {
        self.queue.insert(ticket, task);
    }

    /// Takes out the first task. `None` when nobody waits.
    pub fn pop(&mut self) -> Option<(Ticket, TaskId)> {
        self.queue.pop_first()
    }

    /// Takes out the task with this ticket. Nothing happens when it is no longer here.
    pub fn remove(&mut self, ticket: Ticket) {
        self.queue.remove(&ticket);
    }

    /// Returns whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}
