//! Which tasks are there, and who runs next?

use std::collections::VecDeque;
use std::rc::Rc;

use crate::TaskId;
use crate::number::TaskNumber;
use crate::task::AnyTask;

/// The table of an executor's tasks, and the queue of those that are ready.
///
/// It runs no code but its own: whoever takes a task out drops or polls it after the table's borrow has ended.
pub(crate) struct Tasks {
    executor: u16,
    slots: Vec<Option<Rc<AnyTask>>>,
    /// The slots without a task.
    free: Vec<u32>,
    /// Who runs next is in front. Numbers of tasks that are gone stay until they come to the front.
    ready: VecDeque<TaskNumber>,
    /// Whether the future that the executor blocks on is in the ready queue.
    is_main_ready: bool,
    spawned: u64,
}

/// The slot of the future that the executor blocks on, which is not in the table.
const MAIN: u32 = (1 << TaskNumber::SLOT_BITS) - 1;

impl Tasks {
    pub(crate) fn new(executor: u16) -> Tasks {
        Tasks { executor, slots: vec![], free: vec![], ready: VecDeque::new(), is_main_ready: false, spawned: 0 }
    }

    /// Returns the number of the future that the executor blocks on.
    pub(crate) fn main(&self) -> TaskNumber {
        TaskNumber::new(self.executor, MAIN, 0)
    }

    /// Gives the next task its number and its place in the order of spawning. It is to be put in right then.
    ///
    /// # Panics
    ///
    /// When there are 16,777,215 tasks.
    pub(crate) fn next_number(&mut self) -> (TaskNumber, TaskId) {
        let slot = self.free.pop().unwrap_or_else(|| {
            assert!(self.slots.len() < MAIN as usize, "an executor has room for {MAIN} tasks at once: join some");
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        self.spawned += 1;
        (TaskNumber::new(self.executor, slot, self.spawned), TaskId(self.spawned))
    }

    /// Puts a task in, at the back of the ready queue.
    pub(crate) fn insert(&mut self, task: Rc<AnyTask>) {
        self.ready.push_back(task.number);
        let slot = task.number.slot() as usize;
        self.slots[slot] = Some(task);
    }

    /// Puts a task at the back of the ready queue. `None` when it is there already, or gone.
    pub(crate) fn make_ready(&mut self, number: TaskNumber) -> Option<TaskId> {
        let (was_ready, id) = match find(&self.slots, number) {
            Some(task) => (task.is_ready.replace(true), task.id),
            None if number.slot() == MAIN => (std::mem::replace(&mut self.is_main_ready, true), TaskId::MAIN),
            None => return None,
        };
        if was_ready {
            return None;
        }
        self.ready.push_back(number);
        Some(id)
    }

    /// Returns how many entries the ready queue has. Zero means that nobody is ready.
    pub(crate) fn ready_len(&self) -> usize {
        self.ready.len()
    }

    /// Takes the first entry of the ready queue, to be polled. `None` when that task is gone, or the queue is empty.
    pub(crate) fn next(&mut self) -> Option<Next> {
        let number = self.ready.pop_front()?;
        match find(&self.slots, number) {
            Some(task) => {
                task.is_ready.set(false);
                task.is_polled.set(true);
                Some(Next::Task(task.clone()))
            }
            None if number.slot() == MAIN => {
                self.is_main_ready = false;
                Some(Next::Main)
            }
            None => None,
        }
    }

    /// Finds a task. `None` when it is gone.
    pub(crate) fn find(&self, number: TaskNumber) -> Option<&Rc<AnyTask>> {
        find(&self.slots, number)
    }

    /// Takes a task out of the table. `None` when it is gone.
    pub(crate) fn remove(&mut self, number: TaskNumber) -> Option<Rc<AnyTask>> {
        find(&self.slots, number)?;
        self.free.push(number.slot());
        self.slots[number.slot() as usize].take()
    }

    /// Returns all tasks in the order of spawning.
    pub(crate) fn in_order(&self) -> Vec<(TaskId, TaskNumber)> {
        let mut order: Vec<_> = self.slots.iter().flatten().map(|task| (task.id, task.number)).collect();
        order.sort_unstable_by_key(|(id, _)| *id);
        order
    }
}

fn find(slots: &[Option<Rc<AnyTask>>], number: TaskNumber) -> Option<&Rc<AnyTask>> {
    slots.get(number.slot() as usize)?.as_ref().filter(|task| task.number == number)
}

/// Who runs next.
pub(crate) enum Next {
    /// The future that the executor blocks on.
    Main,
    Task(Rc<AnyTask>),
}
