//! What can a task ask for?

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use crate::{Generator, GeneratorState, Task, TaskId};

/// Asks for another turn: the task goes to the back of the ready queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn;

/// Asks to wait for the end of a task; if that has ended, the asker goes on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join(pub TaskId);

/// Asks to drop a task where it stands; the asker goes on at once. Nothing happens to a task that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancel(pub TaskId);

/// Asks to run a generator as a task; the asker goes on at once.
///
/// [`Co::spawn`](crate::Co::spawn) makes one.
pub struct Spawn<Q> {
    pub(crate) body: Box<dyn Generator<Yield = Q, Return = ()>>,
    pub(crate) name: Option<String>,
    /// Where the scheduler writes its answer.
    pub(crate) id: Rc<Cell<Option<TaskId>>>,
}

impl<Q: 'static> Spawn<Q> {
    /// Makes the request, and a function that gives the task's handle once the scheduler has answered.
    pub(crate) fn new<T: 'static>(
        generator: impl Generator<Yield = Q, Return = T> + 'static,
    ) -> (Spawn<Q>, impl FnOnce() -> Task<T>) {
        let value = Rc::new(Cell::new(None));
        let id = Rc::new(Cell::new(None));
        let body = Box::new(Valued {
            generator,
            value: value.clone(),
        });
        let spawn = Spawn {
            body,
            name: None,
            id: id.clone(),
        };
        (spawn, move || {
            Task::new(
                id.get()
                    .expect("a scheduler answers a spawn before it resumes the asker"),
                value,
            )
        })
    }

    /// Gives the task a name.
    pub(crate) fn named(self, name: impl Into<String>) -> Spawn<Q> {
        Spawn {
            name: Some(name.into()),
            ..self
        }
    }
}

impl<Q> fmt::Debug for Spawn<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Spawn").field(&self.name).finish()
    }
}

/// A generator that leaves its value where the task's handle finds it, so that tasks of all types fit in one table.
struct Valued<G: Generator> {
    generator: G,
    value: Rc<Cell<Option<G::Return>>>,
}

impl<G: Generator> Generator for Valued<G> {
    type Yield = G::Yield;
    type Return = ();

    fn resume(&mut self) -> GeneratorState<G::Yield, ()> {
        match self.generator.resume() {
            GeneratorState::Yielded(request) => GeneratorState::Yielded(request),
            GeneratorState::Complete(value) => {
                self.value.set(Some(value));
                GeneratorState::Complete(())
            }
        }
    }
}

/// All that a task of this step can ask for.
#[derive(Debug)]
pub enum Request {
    /// See [`Turn`].
    Turn,
    /// See [`Spawn`].
    Spawn(Spawn<Request>),
    /// See [`Join`].
    Join(TaskId),
    /// See [`Cancel`].
    Cancel(TaskId),
}

impl From<Turn> for Request {
    fn from(_: Turn) -> Request {
        Request::Turn
    }
}

impl From<Spawn<Request>> for Request {
    fn from(spawn: Spawn<Request>) -> Request {
        Request::Spawn(spawn)
    }
}

impl From<Join> for Request {
    fn from(Join(task): Join) -> Request {
        Request::Join(task)
    }
}

impl From<Cancel> for Request {
    fn from(Cancel(task): Cancel) -> Request {
        Request::Cancel(task)
    }
}
