//! The table of an executor's tasks, in slots that are used again, and the queue of those that are
//! ready.

use std::collections::BTreeMap;

use step2_round_robin::TaskId;

use crate::ready_ring::ReadyRing;
use crate::task::Task;
use crate::task_key::TaskKey;

/// The table of an executor's tasks, and the queue of those that are ready.
///
/// It runs no user code: a task is polled, and its future dropped, outside of the table.
pub(crate) struct Table {
    executor: u16,
    /// The first slot belongs to the main future, which is not in the table.
    slots: Vec<Slot>,
    /// The first free slot, in which the number of the next one is. Zero if none is free.
    free: u32,
    /// A task that ends in the queue leaves its slot's number there. The slot is free only once
    /// that number has come to the front. Otherwise the next task in the slot would inherit the
    /// place.
    ready: ReadyRing,
    /// How many tasks that are gone are in the ready queue.
    gone: usize,
    spawned: u64,
    /// The names of the tasks that have one.
    names: BTreeMap<TaskId, String>,
}

struct Slot {
    task: Option<Task>,
    /// The task's key and, while the slot is in the ready queue, [`READY`]. So one comparison says
    /// both that a key is this task's, and that the task is not in the queue. A free slot has
    /// `READY`, and the number of the next free slot where a key has its own.
    state: u64,
}

/// The bit that no key has.
const READY: u64 = 1;

/// How many tasks there may be at once: all slots but the first and [`FOREIGN`](TaskKey::FOREIGN).
pub(crate) const MAX_TASKS: usize = (1 << TaskKey::SLOT_BITS) - 2;

/// With fewer dead entries than this, compacting the ready queue is not worth it.
const COMPACT_THRESHOLD: usize = 64;

/// What is polled next.
pub(crate) enum Next<'a> {
    /// The future that the executor blocks on.
    Main,
    Task(TaskKey, &'a Task),
    /// Nothing: the task is gone.
    Gone,
}

impl Table {
    pub(crate) fn new(executor: u16) -> Table {
        let main = Slot {
            task: None,
            state: TaskKey::main(executor).bits(),
        };
        Table {
            executor,
            slots: vec![main],
            free: 0,
            ready: ReadyRing::new(),
            gone: 0,
            spawned: 0,
            names: BTreeMap::new(),
        }
    }

    /// Returns the key of the future that the executor blocks on.
    pub(crate) fn main(&self) -> TaskKey {
        TaskKey::main(self.executor)
    }

    /// Returns the slot and the id of the next task, and makes sure that there is room for it.
    /// `None` if there are [`MAX_TASKS`].
    #[inline]
    pub(crate) fn reserve(&mut self) -> Option<(u32, TaskId)> {
        if self.free == 0 {
            self.add_slot();
        }
        (self.free != 0).then_some((self.free, TaskId(self.spawned + 1)))
    }

    #[cold]
    fn add_slot(&mut self) {
        if self.slots.len() > MAX_TASKS {
            return;
        }
        self.free = self.slots.len() as u32;
        self.slots.push(Slot {
            task: None,
            state: READY,
        });
        self.ready.reserve(self.slots.len());
    }

    /// Puts a task into the slot that was [reserved](Self::reserve) for it, and at the back of the
    /// ready queue.
    #[inline]
    pub(crate) fn insert(&mut self, index: u32, id: TaskId, task: Task) {
        let slot = &mut self.slots[index as usize];
        self.spawned = id.0;
        self.free = TaskKey::from_bits(slot.state).slot() as u32;
        slot.task = Some(task);
        slot.state = READY | TaskKey::new(self.executor, index, id.0).bits();
        self.ready.push(index);
    }

    /// Acts as if so many more tasks had been spawned.
    #[cfg(test)]
    pub(crate) fn skip(&mut self, count: u64) {
        self.spawned += count;
    }

    /// Gives a task a name, for messages and pictures.
    pub(crate) fn set_name(&mut self, id: TaskId, name: String) {
        self.names.insert(id, name);
    }

    /// Returns the name of a task. `None` if it has none.
    pub(crate) fn name(&self, id: TaskId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Puts a task at the back of the ready queue. Returns whether it did: not if it is there
    /// already, or gone.
    #[inline]
    pub(crate) fn make_ready(&mut self, key: TaskKey) -> bool {
        match self.slots.get_mut(key.slot()) {
            Some(slot) if slot.state == key.bits() => {
                slot.state |= READY;
                self.ready.push(key.slot() as u32);
                true
            }
            _ => false,
        }
    }

    /// Returns how many entries the ready queue has. Zero means that no task is ready.
    pub(crate) fn ready_len(&self) -> usize {
        self.ready.len()
    }

    /// Begins a round: until the next one, [`next`](Self::next) leaves alone what gets ready.
    #[inline]
    pub(crate) fn begin_round(&mut self) {
        self.ready.begin_round();
    }

    /// Takes the first entry of the ready queue, to be polled. `None` if the round is over.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Next<'_>> {
        let index = self.ready.pop()?;
        if self.slots[index as usize].task.is_none() {
            return Some(self.next_without_task(index));
        }
        let slot = &mut self.slots[index as usize];
        slot.state &= !READY;
        let key = TaskKey::from_bits(slot.state);
        Some(Next::Task(key, slot.task.as_ref()?))
    }

    #[cold]
    fn next_without_task(&mut self, index: u32) -> Next<'_> {
        if index == 0 {
            self.slots[0].state &= !READY;
            return Next::Main;
        }
        self.gone -= 1;
        self.free(index);
        Next::Gone
    }

    /// Finds a task. `None` if it is gone, and for the main future.
    pub(crate) fn find(&self, key: TaskKey) -> Option<&Task> {
        let slot = self.slots.get(key.slot())?;
        slot.task
            .as_ref()
            .filter(|_| slot.state & !READY == key.bits())
    }

    /// Takes a task out of the table. `None` if it is gone already.
    #[inline]
    pub(crate) fn remove(&mut self, key: TaskKey) -> Option<Task> {
        let slot = self.slots.get_mut(key.slot())?;
        if slot.state & !READY != key.bits() {
            return None;
        }
        let task = slot.task.take()?;
        if slot.state & READY == 0 {
            self.free(key.slot() as u32);
        } else {
            // Not free yet, but no key fits this slot any more.
            slot.state = READY;
            self.gone += 1;
        }
        if !self.names.is_empty() {
            self.forget_name(task.id());
        }
        Some(task)
    }

    /// Out of line, to keep `remove` short: most tasks have no name.
    #[cold]
    #[inline(never)]
    fn forget_name(&mut self, id: TaskId) {
        self.names.remove(&id);
    }

    /// Frees a slot that has no task, and is not in the ready queue.
    #[inline]
    fn free(&mut self, index: u32) {
        self.slots[index as usize].state = READY | TaskKey::new(0, self.free, 0).bits();
        self.free = index;
    }

    /// Drops the ready queue's dead entries if they are the greater part. Otherwise the queue would
    /// grow if, between two runs, task after task were spawned and aborted.
    pub(crate) fn compact(&mut self) {
        if self.gone <= self.slots.len() / 2 + COMPACT_THRESHOLD {
            return;
        }
        let mut gone = Vec::with_capacity(self.gone);
        let slots = &self.slots;
        self.ready.retain(|index| {
            let is_kept = index == 0 || slots[index as usize].task.is_some();
            gone.extend((!is_kept).then_some(index));
            is_kept
        });
        gone.into_iter().for_each(|index| self.free(index));
        self.gone = 0;
    }

    /// Gives the memory of an empty table back.
    pub(crate) fn clear(&mut self) {
        debug_assert!(self.in_order().is_empty());
        *self = Table::new(self.executor);
    }

    /// Returns all tasks in the order of spawning.
    pub(crate) fn in_order(&self) -> Vec<(TaskId, TaskKey)> {
        let ids = self.slots.iter().enumerate();
        let ids = ids.filter_map(|(slot, Slot { task, .. })| Some((slot, task.as_ref()?.id())));
        let mut order: Vec<_> = ids
            .map(|(slot, id)| (id, TaskKey::new(self.executor, slot as u32, id.0)))
            .collect();
        order.sort_unstable_by_key(|(id, _)| *id);
        order
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use crate::pool::Pool;

    fn spawn(table: &mut Table) -> TaskKey {
        let (slot, id) = table.reserve().unwrap();
        let pool = Pool::new();
        let (task, output) = Task::new(&pool, pending::<()>(), slot, id);
        output.detach(&pool);
        table.insert(slot, id, task);
        TaskKey::new(0, slot, id.0)
    }

    fn remove(table: &mut Table, key: TaskKey) {
        let task = table.remove(key).expect("it was there");
        task.cancel();
        task.settle(&Pool::new());
    }

    /// Ends all tasks, so that nothing leaks.
    fn clear(mut table: Table) {
        for (_, key) in table.in_order() {
            remove(&mut table, key);
        }
    }

    fn round(table: &mut Table) -> Vec<TaskKey> {
        table.begin_round();
        let mut order = vec![];
        while let Some(next) = table.next() {
            if let Next::Task(key, _) = next {
                order.push(key);
            }
        }
        order
    }

    #[test]
    fn name_is_forgotten_with_its_task() {
        let mut table = Table::new(0);
        let key = spawn(&mut table);
        table.set_name(TaskId(1), "a".to_owned());
        let other = spawn(&mut table);
        remove(&mut table, other);
        assert_eq!(table.name(TaskId(1)), Some("a"));
        remove(&mut table, key);
        assert!(table.names.is_empty());
    }

    #[test]
    fn a_newcomer_does_not_inherit_a_place_in_line() {
        let mut table = Table::new(0);
        let (first, second) = (spawn(&mut table), spawn(&mut table));
        remove(&mut table, first);
        let newcomer = spawn(&mut table);
        assert_eq!(round(&mut table), [second, newcomer]);
        let next = spawn(&mut table);
        assert_eq!(next.slot(), first.slot(), "now that slot is free");
        clear(table);
    }

    #[test]
    fn tasks_aborted_before_they_run_do_not_pile_up() {
        let mut table = Table::new(0);
        let kept: Vec<_> = (0..10).map(|_| spawn(&mut table)).collect();
        for _ in 0..100_000 {
            let key = spawn(&mut table);
            remove(&mut table, key);
            table.compact();
            let entries = table.ready_len();
            assert!(entries <= 2 * (11 + COMPACT_THRESHOLD), "{entries} entries");
        }
        assert!(table.slots.len() < 200, "{} slots", table.slots.len());
        assert_eq!(round(&mut table), kept);
        clear(table);
    }
}
