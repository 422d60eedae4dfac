//! The table of the tasks, and the queue of those that are ready.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use step2_round_robin::TaskId;

use crate::task::{Run, Task};
use crate::task_key::TaskKey;

/// The table of an executor's tasks, and the queue of those that are ready.
///
/// It runs no code but its own: a task that is taken out is dropped or polled after the table's
/// borrow has ended. What is then left of the task in the table, for the sake of its allocation,
/// has no user code in it.
pub(crate) struct Tasks {
    executor: u16,
    /// The first slot is that of the future that the executor blocks on, which is not in the table.
    slots: Vec<Slot>,
    /// The first free slot, which names the next one. Zero when there is none.
    free: u32,
    /// How many slots are not free.
    taken: usize,
    /// The one that runs next is in front. Keys of tasks that are gone stay until they come to the
    /// front.
    ready: VecDeque<TaskKey>,
    spawned: u64,
    /// The names of the tasks that have one.
    names: BTreeMap<TaskId, String>,
}

struct Slot {
    /// The task; or, in a free slot, what is left of the last one, whose allocation the next one
    /// takes over if it can.
    task: Option<Rc<dyn Run>>,
    /// Which task's slot it is, as in the task's key. In a free slot it is [`FREE`] plus the next
    /// free slot.
    generation: u32,
    /// Whether the task is in the ready queue, so that it is never there twice.
    is_ready: bool,
}

/// The least generation of a free slot: too large for a key.
const FREE: u32 = 1 << TaskKey::GENERATION_BITS;

/// How many tasks there may be at once: all slots but the first and [`FOREIGN`](TaskKey::FOREIGN).
const MAX_TASKS: usize = (1 << TaskKey::SLOT_BITS) - 2;

/// How many free slots keep what is left of a task, if that is small. It is 4 MB at most.
const KEPT: usize = 1 << 14;

/// How many bytes are few enough to be kept. What a larger task does costs more than its
/// allocation.
const SMALL: usize = 256;

/// How many entries of tasks that are gone are too few to mind.
const COMPACT_THRESHOLD: usize = 64;

impl Tasks {
    pub(crate) fn new(executor: u16) -> Tasks {
        let main = TaskKey::main(executor);
        let slot = Slot {
            task: None,
            generation: main.generation(),
            is_ready: false,
        };
        Tasks {
            executor,
            slots: vec![slot],
            free: 0,
            taken: 1,
            ready: VecDeque::new(),
            spawned: 0,
            names: BTreeMap::new(),
        }
    }

    /// Returns the key of the future that the executor blocks on.
    pub(crate) fn main(&self) -> TaskKey {
        TaskKey::main(self.executor)
    }

    /// Makes sure that there is a free slot for [`insert`](Self::insert), which then has nothing to
    /// panic about.
    ///
    /// # Panics
    ///
    /// Panics if there are 16,777,214 tasks.
    pub(crate) fn make_room(&mut self) {
        if self.free == 0 {
            assert!(
                self.slots.len() <= MAX_TASKS,
                "an executor has room for {MAX_TASKS} tasks at once: join some"
            );
            self.free = self.slots.len() as u32;
            self.slots.push(Slot {
                task: None,
                generation: FREE,
                is_ready: false,
            });
        }
    }

    /// Makes a task in the first free slot, and puts it at the back of the ready queue.
    pub(crate) fn insert<F>(&mut self, future: F) -> Rc<Task<F>>
    where
        F: Future + 'static,
    {
        let slot = self.free;
        self.spawned += 1;
        let key = TaskKey::new(self.executor, slot, self.spawned);
        let place = &mut self.slots[slot as usize];
        self.free = place.generation - FREE;
        self.taken += 1;
        let task = Task::new(future, slot, TaskId(self.spawned), place.task.take());
        *place = Slot {
            task: Some(task.clone()),
            generation: key.generation(),
            is_ready: true,
        };
        self.ready.push_back(key);
        task
    }

    /// Acts as if so many more tasks had been spawned.
    #[cfg(test)]
    pub(crate) fn skip(&mut self, count: u64) {
        self.spawned += count;
    }

    /// Gives a task a name, by which messages and pictures call it.
    pub(crate) fn set_name(&mut self, id: TaskId, name: String) {
        self.names.insert(id, name);
    }

    /// Returns the name of a task. `None` if it has none.
    pub(crate) fn name(&self, id: TaskId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Puts a task at the back of the ready queue. Returns whether it did: not if it is there
    /// already, or gone.
    pub(crate) fn make_ready(&mut self, key: TaskKey) -> bool {
        let Some(slot) = find(&mut self.slots, key).filter(|slot| !slot.is_ready) else {
            return false;
        };
        slot.is_ready = true;
        self.ready.push_back(key);
        true
    }

    /// Returns how many entries the ready queue has. Zero means that no task is ready.
    pub(crate) fn ready_len(&self) -> usize {
        self.ready.len()
    }

    /// Takes the first entry of the ready queue, to be polled. `None` when that task is gone, or
    /// the queue is empty.
    pub(crate) fn next(&mut self) -> Option<Next> {
        let key = self.ready.pop_front()?;
        let slot = find(&mut self.slots, key)?;
        slot.is_ready = false;
        Some(match &slot.task {
            Some(task) => Next::Task(key, task.clone()),
            // Only the first slot can be found by a key and yet has no task.
            None => Next::Main,
        })
    }

    /// Finds a task. `None` when it is gone, and for the future that the executor blocks on.
    pub(crate) fn find(&self, key: TaskKey) -> Option<&Rc<dyn Run>> {
        self.slots
            .get(key.slot())
            .filter(|slot| slot.generation == key.generation())?
            .task
            .as_ref()
    }

    /// Takes a task out of the table; the caller has another reference to it. Returns whether it
    /// was there.
    #[inline]
    pub(crate) fn remove(&mut self, key: TaskKey) -> bool {
        let free = self.slots.len() - self.taken;
        let Some(slot) = find(&mut self.slots, key) else {
            return false;
        };
        let Some(task) = &slot.task else { return false };
        if !self.names.is_empty() {
            self.names.remove(&task.id());
        }
        if free >= KEPT || size_of_val(&**task) > SMALL {
            slot.task = None;
        }
        slot.generation = FREE + self.free;
        self.free = key.slot() as u32;
        self.taken -= 1;
        true
    }

    /// Lets the ready queue forget the tasks that are gone, if they are the greater part: so it
    /// does not grow when, between two turns, task after task is spawned and aborted.
    pub(crate) fn compact(&mut self) {
        if self.ready.len() > 2 * self.taken + COMPACT_THRESHOLD {
            let slots = &mut self.slots;
            self.ready.retain(|key| find(slots, *key).is_some());
        }
    }

    /// Returns all tasks in the order of spawning.
    pub(crate) fn in_order(&self) -> Vec<(TaskId, TaskKey)> {
        let key = |slot: usize, id: TaskId| TaskKey::new(self.executor, slot as u32, id.0);
        let tasks = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.generation < FREE);
        let ids = tasks
            .filter_map(|(slot, Slot { task, .. })| task.as_ref().map(|task| (slot, task.id())));
        let mut order: Vec<_> = ids.map(|(slot, id)| (id, key(slot, id))).collect();
        order.sort_unstable_by_key(|(id, _)| *id);
        order
    }
}

fn find(slots: &mut [Slot], key: TaskKey) -> Option<&mut Slot> {
    slots
        .get_mut(key.slot())
        .filter(|slot| slot.generation == key.generation())
}

/// What runs next.
pub(crate) enum Next {
    /// The future that the executor blocks on.
    Main,
    Task(TaskKey, Rc<dyn Run>),
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::task::Join;

    fn spawn<F: Future + 'static>(tasks: &mut Tasks, future: F) -> (TaskKey, Rc<Task<F>>) {
        tasks.make_room();
        let task = tasks.insert(future);
        (TaskKey::new(0, Join::slot(&*task), Run::id(&*task).0), task)
    }

    #[test]
    fn task_takes_over_the_allocation_in_its_slot() {
        let mut tasks = Tasks::new(0);
        let (key, task) = spawn(&mut tasks, ready(()));
        let allocation = Rc::as_ptr(&task);
        drop(task);
        tasks.remove(key);

        // If it had been given back, this would have it now.
        let _other = Task::new(ready(()), 0, TaskId(0), None);
        let (key, task) = spawn(&mut tasks, ready(()));
        assert_eq!(Rc::as_ptr(&task), allocation);
        tasks.remove(key);

        let (key, next) = spawn(&mut tasks, ready(()));
        assert_ne!(Rc::as_ptr(&next), allocation, "that is still in use");
        let weak = Rc::downgrade(&next);
        drop((task, next));
        tasks.remove(key);

        spawn(&mut tasks, pending::<()>());
        assert!(
            weak.upgrade().is_none(),
            "a future of another type has no use for it"
        );
    }

    #[test]
    fn name_is_forgotten_with_its_task() {
        let mut tasks = Tasks::new(0);
        let (key, task) = spawn(&mut tasks, pending::<()>());
        tasks.set_name(Run::id(&*task), "a".to_owned());
        let (other, _) = spawn(&mut tasks, pending::<()>());
        tasks.remove(other);
        assert_eq!(tasks.name(Run::id(&*task)), Some("a"));
        tasks.remove(key);
        assert!(tasks.names.is_empty());
    }

    #[test]
    fn what_is_kept_of_gone_tasks_is_bounded() {
        let kept = |tasks: &Tasks| {
            tasks
                .slots
                .iter()
                .filter(|slot| slot.task.is_some())
                .count()
        };
        let mut tasks = Tasks::new(0);
        let (large, _) = spawn(&mut tasks, ready([0; SMALL]));
        tasks.remove(large);
        assert_eq!(kept(&tasks), 0);

        let small: Vec<_> = (0..KEPT + 1_000)
            .map(|_| spawn(&mut tasks, ready(())).0)
            .collect();
        assert!(small.into_iter().all(|key| tasks.remove(key)));
        assert_eq!(kept(&tasks), KEPT);
    }

    #[test]
    fn tasks_aborted_before_they_run_do_not_pile_up() {
        let mut tasks = Tasks::new(0);
        let kept: Vec<_> = (0..10)
            .map(|_| spawn(&mut tasks, pending::<()>()).0)
            .collect();
        for _ in 0..100_000 {
            let (key, _) = spawn(&mut tasks, pending::<()>());
            assert!(tasks.remove(key));
            tasks.compact();
            assert!(
                tasks.ready_len() <= 2 * 11 + COMPACT_THRESHOLD,
                "{} entries",
                tasks.ready_len()
            );
        }
        let ready = std::iter::from_fn(|| (tasks.ready_len() > 0).then(|| tasks.next())).flatten();
        let order: Vec<_> = ready
            .map(|next| {
                if let Next::Task(key, _) = next {
                    key
                } else {
                    unreachable!()
                }
            })
            .collect();
        assert_eq!(order, kept);
    }
}
