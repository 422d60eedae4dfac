//! Which tasks are there, and who runs next?

use std::collections::VecDeque;
use std::rc::Rc;

use crate::TaskId;
use crate::number::TaskNumber;
use crate::task::{Run, Task};

/// The table of an executor's tasks, and the queue of those that are ready.
///
/// It runs no code but its own: whoever takes a task out drops or polls it after the table's borrow has ended. What is
/// then left of the task in the table, for the sake of its allocation, has nothing of others in it.
pub(crate) struct Tasks {
    executor: u16,
    /// The first slot is that of the future that the executor blocks on, which is not in the table.
    slots: Vec<Slot>,
    /// The first free slot, which names the next one. Zero when there is none.
    free: u32,
    /// How many slots are not free.
    taken: usize,
    /// The one that runs next is in front. Numbers of tasks that are gone stay until they come to the front.
    ready: VecDeque<TaskNumber>,
    spawned: u64,
}

struct Slot {
    /// The task; or, in a free slot, what is left of the last one, whose allocation the next one takes over if it can.
    task: Option<Rc<dyn Run>>,
    /// Which task's slot it is, as in the task's number. In a free slot it is [`FREE`] plus the next free slot.
    generation: u32,
    /// Whether the task is in the ready queue, so that it is never there twice.
    is_ready: bool,
}

/// The least generation of a free slot: too large for a number.
const FREE: u32 = 1 << TaskNumber::GENERATION_BITS;

/// How many tasks there may be at once: all slots but the first and [`FOREIGN`](TaskNumber::FOREIGN).
const MOST: usize = (1 << TaskNumber::SLOT_BITS) - 2;

/// How many free slots keep what is left of a task, if that is small. It is 4 MB at most.
const KEPT: usize = 1 << 14;

/// How many bytes are few enough to be kept. What a larger task does costs more than its allocation.
const SMALL: usize = 256;

/// How many entries of tasks that are gone are too few to mind.
const FEW: usize = 64;

impl Tasks {
    pub(crate) fn new(executor: u16) -> Tasks {
        let main = TaskNumber::main(executor);
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
        }
    }

    /// Returns the number of the future that the executor blocks on.
    pub(crate) fn main(&self) -> TaskNumber {
        TaskNumber::main(self.executor)
    }

    /// Makes sure that there is a free slot for [`insert`](Self::insert), which then has nothing to panic about.
    ///
    /// # Panics
    ///
    /// When there are 16,777,214 tasks.
    pub(crate) fn make_room(&mut self) {
        if self.free == 0 {
            assert!(
                self.slots.len() <= MOST,
                "an executor has room for {MOST} tasks at once: join some"
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
        let number = TaskNumber::new(self.executor, slot, self.spawned);
        let place = &mut self.slots[slot as usize];
        self.free = place.generation - FREE;
        self.taken += 1;
        let task = Task::new(future, slot, TaskId(self.spawned), place.task.take());
        *place = Slot {
            task: Some(task.clone()),
            generation: number.generation(),
            is_ready: true,
        };
        self.ready.push_back(number);
        task
    }

    /// Puts a task at the back of the ready queue. Returns whether it did: not if it is there already, or gone.
    pub(crate) fn make_ready(&mut self, number: TaskNumber) -> bool {
        let Some(slot) = find(&mut self.slots, number).filter(|slot| !slot.is_ready) else {
            return false;
        };
        slot.is_ready = true;
        self.ready.push_back(number);
        true
    }

    /// Returns how many entries the ready queue has. Zero means that nobody is ready.
    pub(crate) fn ready_len(&self) -> usize {
        self.ready.len()
    }

    /// Takes the first entry of the ready queue, to be polled. `None` when that task is gone, or the queue is empty.
    pub(crate) fn next(&mut self) -> Option<Next> {
        let number = self.ready.pop_front()?;
        let slot = find(&mut self.slots, number)?;
        slot.is_ready = false;
        Some(match &slot.task {
            Some(task) => Next::Task(number, task.clone()),
            // Only the first slot can be found by a number and yet has no task.
            None => Next::Main,
        })
    }

    /// Finds a task. `None` when it is gone, and for the future that the executor blocks on.
    pub(crate) fn find(&self, number: TaskNumber) -> Option<&Rc<dyn Run>> {
        self.slots
            .get(number.slot())
            .filter(|slot| slot.generation == number.generation())?
            .task
            .as_ref()
    }

    /// Takes a task out of the table; whoever calls this has another reference to it. Returns whether it was there.
    #[inline]
    pub(crate) fn remove(&mut self, number: TaskNumber) -> bool {
        let free = self.slots.len() - self.taken;
        let Some(slot) = find(&mut self.slots, number) else {
            return false;
        };
        let Some(task) = &slot.task else { return false };
        if free >= KEPT || size_of_val(&**task) > SMALL {
            slot.task = None;
        }
        slot.generation = FREE + self.free;
        self.free = number.slot() as u32;
        self.taken -= 1;
        true
    }

    /// Lets the ready queue forget the tasks that are gone, if they are the greater part: so it does not grow when, between
    /// two turns, task after task is spawned and aborted.
    pub(crate) fn tidy_up(&mut self) {
        if self.ready.len() > 2 * self.taken + FEW {
            let slots = &mut self.slots;
            self.ready.retain(|number| find(slots, *number).is_some());
        }
    }

    /// Returns all tasks in the order of spawning.
    pub(crate) fn in_order(&self) -> Vec<(TaskId, TaskNumber)> {
        let number = |slot: usize, id: TaskId| TaskNumber::new(self.executor, slot as u32, id.0);
        let tasks = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.generation < FREE);
        let ids = tasks
            .filter_map(|(slot, Slot { task, .. })| task.as_ref().map(|task| (slot, task.id())));
        let mut order: Vec<_> = ids.map(|(slot, id)| (id, number(slot, id))).collect();
        order.sort_unstable_by_key(|(id, _)| *id);
        order
    }
}

fn find(slots: &mut [Slot], number: TaskNumber) -> Option<&mut Slot> {
    slots
        .get_mut(number.slot())
        .filter(|slot| slot.generation == number.generation())
}

/// Who runs next.
pub(crate) enum Next {
    /// The future that the executor blocks on.
    Main,
    Task(TaskNumber, Rc<dyn Run>),
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::task::Join;

    fn spawn<F: Future + 'static>(tasks: &mut Tasks, future: F) -> (TaskNumber, Rc<Task<F>>) {
        tasks.make_room();
        let task = tasks.insert(future);
        (
            TaskNumber::new(0, Join::slot(&*task), Run::id(&*task).number()),
            task,
        )
    }

    #[test]
    fn a_task_takes_over_the_allocation_of_the_last_one_in_its_slot() {
        let mut tasks = Tasks::new(0);
        let (number, task) = spawn(&mut tasks, ready(()));
        let allocation = Rc::as_ptr(&task);
        drop(task);
        tasks.remove(number);

        // If it had been given back, this would have it now.
        let _other = Task::new(ready(()), 0, TaskId::MAIN, None);
        let (number, task) = spawn(&mut tasks, ready(()));
        assert_eq!(Rc::as_ptr(&task), allocation);
        tasks.remove(number);

        let (number, next) = spawn(&mut tasks, ready(()));
        assert_ne!(Rc::as_ptr(&next), allocation, "somebody has that still");
        let weak = Rc::downgrade(&next);
        drop((task, next));
        tasks.remove(number);

        spawn(&mut tasks, pending::<()>());
        assert!(
            weak.upgrade().is_none(),
            "a future of another type has no use for it"
        );
    }

    #[test]
    fn what_is_kept_of_tasks_that_are_gone_is_bounded() {
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
        assert!(small.into_iter().all(|number| tasks.remove(number)));
        assert_eq!(kept(&tasks), KEPT);
    }

    #[test]
    fn tasks_that_are_aborted_before_they_run_do_not_pile_up() {
        let mut tasks = Tasks::new(0);
        let kept: Vec<_> = (0..10)
            .map(|_| spawn(&mut tasks, pending::<()>()).0)
            .collect();
        for _ in 0..100_000 {
            let (number, _) = spawn(&mut tasks, pending::<()>());
            assert!(tasks.remove(number));
            tasks.tidy_up();
            assert!(
                tasks.ready_len() <= 2 * 11 + FEW,
                "{} entries",
                tasks.ready_len()
            );
        }
        let ready = std::iter::from_fn(|| (tasks.ready_len() > 0).then(|| tasks.next())).flatten();
        let order: Vec<_> = ready
            .map(|next| {
                if let Next::Task(number, _) = next {
                    number
                } else {
                    unreachable!()
                }
            })
            .collect();
        assert_eq!(order, kept);
    }
}
