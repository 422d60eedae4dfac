//! Where does a scheduler keep its tasks, and where does each of them stand?

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::mem;
use std::num::NonZeroU32;

use crate::{
    Deadlock, Generator, GeneratorState, Observer, Request, Spawn, Task, TaskId, TaskName, Ticket,
    Waiters,
};

/// The tasks of a scheduler, and the queue of those that are ready to run.
///
/// A task is in exactly one place: it runs, or is in the ready queue, or waits for the end of another one, or is
/// parked in a place `P` of the scheduler's own (step 3: the heap of sleepers; step 4: a socket's waiters; here there
/// is none). `Q` is what tasks ask for, `O` is the observer.
pub struct Tasks<Q = Request, P = Infallible, O = ()> {
    slots: Vec<Slot<Q, P>>,
    /// The slots without a task.
    free: Vec<u32>,
    /// The task that runs next is in front. A cancelled one stays in here, as a number that means nobody any more.
    ready: VecDeque<TaskId>,
    spawned: u64,
    observer: O,
}

struct Slot<Q, P> {
    generation: NonZeroU32,
    entry: Option<Entry<Q, P>>,
}

struct Entry<Q, P> {
    body: Box<dyn Generator<Yield = Q, Return = ()>>,
    place: Place<P>,
    /// The tasks that wait for its end.
    joiners: Waiters,
    name: TaskName,
    /// Its place in the order of spawning.
    number: u64,
}

/// Where a task is.
enum Place<P> {
    Running,
    Ready,
    Joining(TaskId, Ticket),
    Parked(P),
}

impl<Q: 'static, P, O: Observer<Q>> Tasks<Q, P, O> {
    /// Makes a table without tasks.
    pub fn new(observer: O) -> Self {
        Tasks {
            slots: Vec::new(),
            free: Vec::new(),
            ready: VecDeque::new(),
            spawned: 0,
            observer,
        }
    }

    /// Gives the table another observer.
    ///
    /// # Panics
    ///
    /// When it already has tasks: the new observer would not know of them.
    pub fn with_observer<N: Observer<Q>>(self, observer: N) -> Tasks<Q, P, N> {
        assert_eq!(self.spawned, 0, "an observer comes before the first task");
        Tasks::new(observer)
    }

    /// Spawns the first task, named "main".
    pub fn spawn_main<T: 'static>(
        &mut self,
        body: impl Generator<Yield = Q, Return = T> + 'static,
    ) -> Task<T> {
        let (spawn, task) = Spawn::new(body);
        self.spawn(spawn.named("main"), None);
        task()
    }

    /// Answers a request to spawn a task, made by the task `by` if there is one. The new task goes to the back of the
    /// ready queue.
    ///
    /// # Panics
    ///
    /// When there are more than 4,294,967,296 tasks.
    pub fn spawn(&mut self, spawn: Spawn<Q>, by: Option<TaskId>) {
        let number = self.spawned;
        self.spawned += 1;
        let name = spawn.name.map_or(TaskName::Number(number), TaskName::Given);
        let entry = Entry {
            body: spawn.body,
            place: Place::Running,
            joiners: Waiters::default(),
            name,
            number,
        };

        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot {
                generation: NonZeroU32::MIN,
                entry: None,
            });
            u32::try_from(self.slots.len() - 1)
                .expect("there is room for 4,294,967,296 tasks at once")
        });
        let id = TaskId {
            slot,
            generation: self.slots[slot as usize].generation,
        };
        self.observer.spawned(id, &entry.name, by);
        self.slots[slot as usize].entry = Some(entry);
        spawn.id.set(Some(id));
        self.make_ready(id);
    }

    /// Returns how many places of the ready queue are taken.
    ///
    /// Cancelled tasks count until they are [popped](Self::pop_ready). Zero means that nothing is ready.
    pub fn ready_len(&self) -> usize {
        self.ready.len()
    }

    /// Takes a task from the front of the ready queue. `None` when it was cancelled, or when the queue is empty.
    pub fn pop_ready(&mut self) -> Option<TaskId> {
        let id = self.ready.pop_front()?;
        self.entry(id)?.place = Place::Running;
        Some(id)
    }

    /// Puts a task at the back of the ready queue, wherever it was. Nothing happens when it is there already, or gone.
    pub fn make_ready(&mut self, id: TaskId) {
        let Some(entry) = self.entry(id) else { return };
        if !matches!(mem::replace(&mut entry.place, Place::Ready), Place::Ready) {
            self.ready.push_back(id);
            self.observer.ready(id);
        }
    }

    /// Runs a task up to its next request, or to its end.
    ///
    /// # Panics
    ///
    /// When the task does, and when there is no such task.
    pub fn resume(&mut self, id: TaskId) -> GeneratorState<Q, ()> {
        self.observer.resumed(id);
        let state = self
            .entry(id)
            .expect("only a task that is there is resumed")
            .body
            .resume();
        if let GeneratorState::Yielded(request) = &state {
            self.observer.yielded(id, request);
        }
        state
    }

    /// Lets a task wait for the end of another one. `false` when the other one has ended: then the task may go on.
    pub fn join(&mut self, id: TaskId, other: TaskId) -> bool {
        let Some(joined) = self.entry(other) else {
            return false;
        };
        let place = Place::Joining(other, joined.joiners.push(id));
        self.set_place(id, place);
        true
    }

    /// Lets a task wait in a place of the scheduler's own, until the scheduler makes it ready.
    pub fn park(&mut self, id: TaskId, place: P) {
        self.set_place(id, Place::Parked(place));
    }

    /// Takes a task that has returned out of the table, and makes those that joined it ready.
    pub fn finish(&mut self, id: TaskId) {
        if let Some(entry) = self.take(id) {
            self.observer.finished(id);
            self.release(entry.joiners);
        }
    }

    /// Drops a task where it stands, and returns where the scheduler had parked it, so that it can be taken out there.
    ///
    /// Those that joined it become ready. `None` when it was not parked, or is gone already.
    pub fn cancel(&mut self, id: TaskId) -> Option<P> {
        let Entry {
            body,
            place,
            joiners,
            ..
        } = self.take(id)?;
        self.observer.cancelled(id);
        drop(body);
        self.release(joiners);
        match place {
            Place::Parked(place) => Some(place),
            Place::Joining(other, ticket) => {
                if let Some(joined) = self.entry(other) {
                    joined.joiners.remove(ticket);
                }
                None
            }
            Place::Running | Place::Ready => None,
        }
    }

    /// Ends a run in which nothing is ready and nothing will be: gives the value of the first task.
    ///
    /// # Errors
    ///
    /// [`Deadlock`] when tasks are left that wait for each other, or for ever.
    ///
    /// # Panics
    ///
    /// When the first task was cancelled, because there is no value then.
    pub fn end<T>(self, main: Task<T>) -> Result<T, Deadlock>
    where
        P: fmt::Display,
    {
        let mut left: Vec<_> = self
            .slots
            .iter()
            .filter_map(|slot| slot.entry.as_ref())
            .collect();
        if left.is_empty() {
            return Ok(main
                .value()
                .expect("the first task was cancelled, so a run has no value"));
        }
        left.sort_by_key(|entry| entry.number);
        Err(Deadlock::new(
            left.iter()
                .map(|entry| (entry.name.to_string(), self.waits_for(entry)))
                .collect(),
        ))
    }

    /// Says what a task that is left at the end waits for.
    fn waits_for(&self, entry: &Entry<Q, P>) -> String
    where
        P: fmt::Display,
    {
        match &entry.place {
            Place::Parked(place) => place.to_string(),
            Place::Joining(other, _) => match self.slots[other.slot as usize].entry.as_ref() {
                Some(joined) if joined.number == entry.number => "joins itself".to_owned(),
                Some(joined) => format!("joins {:?}", joined.name.to_string()),
                None => unreachable!("the end of a task makes its joiners ready"),
            },
            Place::Running | Place::Ready => unreachable!("a run goes on while a task is ready"),
        }
    }

    /// Makes the joiners of a task ready.
    fn release(&mut self, mut joiners: Waiters) {
        while let Some((_, joiner)) = joiners.pop() {
            self.make_ready(joiner);
        }
    }

    fn set_place(&mut self, id: TaskId, place: Place<P>) {
        self.entry(id)
            .expect("only a task that is there can wait")
            .place = place;
    }

    /// Finds a task. `None` when it is gone.
    fn entry(&mut self, id: TaskId) -> Option<&mut Entry<Q, P>> {
        let slot = self.slots.get_mut(id.slot as usize)?;
        if slot.generation == id.generation {
            slot.entry.as_mut()
        } else {
            None
        }
    }

    /// Takes a task out of the table, and frees its slot for the next one. `None` when it is gone already.
    fn take(&mut self, id: TaskId) -> Option<Entry<Q, P>> {
        self.entry(id)?;
        let slot = &mut self.slots[id.slot as usize];
        let entry = slot.entry.take();
        // A slot whose generations are used up stays empty for good: no number is ever given twice.
        if let Some(generation) = slot.generation.checked_add(1) {
            slot.generation = generation;
            self.free.push(id.slot);
        }
        entry
    }
}

impl<Q, P, O> Drop for Tasks<Q, P, O> {
    /// Drops the tasks that are left, in the order in which they were spawned.
    fn drop(&mut self) {
        let mut left: Vec<_> = self.slots.drain(..).filter_map(|slot| slot.entry).collect();
        left.sort_by_key(|entry| entry.number);
    }
}

impl<Q, P, O> fmt::Debug for Tasks<Q, P, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tasks = self
            .slots
            .iter()
            .filter_map(|slot| slot.entry.as_ref())
            .map(|entry| &entry.name);
        f.debug_list()
            .entries(tasks.map(|name| name.to_string()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Co, Generated, Turn};

    fn tasks_with(count: usize) -> (Tasks, Vec<TaskId>) {
        let mut tasks = Tasks::new(());
        let body = || Generated::new(async |co: &Co| co.yield_(Turn).await);
        let ids = (0..count).map(|_| tasks.spawn_main(body()).id()).collect();
        (tasks, ids)
    }

    #[test]
    fn a_joiner_that_is_cancelled_is_forgotten_by_whom_it_joined() {
        let (mut tasks, ids) = tasks_with(2);
        assert!(tasks.join(ids[1], ids[0]));
        assert!(!tasks.entry(ids[0]).unwrap().joiners.is_empty());
        assert!(tasks.cancel(ids[1]).is_none());
        assert!(tasks.entry(ids[0]).unwrap().joiners.is_empty());
    }

    #[test]
    fn a_task_is_never_queued_twice() {
        let (mut tasks, ids) = tasks_with(1);
        tasks.make_ready(ids[0]);
        tasks.make_ready(ids[0]);
        assert_eq!(tasks.ready_len(), 1);
        assert_eq!(tasks.pop_ready(), Some(ids[0]));
        tasks.make_ready(ids[0]);
        assert_eq!(tasks.ready_len(), 1);
    }

    #[test]
    fn a_slot_whose_generations_are_used_up_is_not_used_again() {
        let (mut tasks, ids) = tasks_with(1);
        tasks.slots[0].generation = NonZeroU32::MAX;
        let last = TaskId {
            generation: NonZeroU32::MAX,
            ..ids[0]
        };
        assert!(tasks.cancel(last).is_none());
        let next = tasks.spawn_main(Generated::new(async |_: &Co| ())).id();
        assert_ne!(next.slot, last.slot);
    }
}
