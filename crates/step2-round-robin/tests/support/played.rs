//! How do the tasks of a scheduler of generators play a random program?

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use step2_round_robin::{
    Cancel, Co, Generated, Join, Observer, Spawn, Task, TaskId, TaskName, Turn,
};

use crate::model::{Do, LONG, Program, Story};

/// What happened so far, and who was spawned. Clones are the same log.
#[derive(Clone)]
pub(crate) struct Log(Rc<Inside>);

struct Inside {
    story: RefCell<Story>,
    spawned: RefCell<Vec<TaskId>>,
    sent: Cell<u32>,
    /// By the scheduler's clock, in milliseconds from the start.
    now: Box<dyn Fn() -> u64>,
}

impl Log {
    pub(crate) fn new(now: impl Fn() -> u64 + 'static) -> Log {
        let (story, spawned, sent) = Default::default();
        Log(Rc::new(Inside {
            story,
            spawned,
            sent,
            now: Box::new(now),
        }))
    }

    pub(crate) fn take(&self) -> Story {
        self.0.story.take()
    }

    fn note(&self, what: &'static str, task: usize) {
        self.0
            .story
            .borrow_mut()
            .events
            .push((what, task, (self.0.now)()));
    }
}

/// Says that a task's locals are dropped.
struct Guard(Log, usize);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.note("dropped", self.1);
    }
}

/// How a task asks for what not every step has.
pub(crate) trait Means<Q>: 'static {
    /// Makes the request to sleep. `None` where there is no time.
    fn sleep(&self, _: Duration) -> Option<Q> {
        None
    }

    /// Sends a datagram to a socket.
    fn send(&self, _socket: usize, _number: u32) {}

    /// Receives a datagram from a socket.
    fn receive<'a>(
        &'a self,
        _: &'a Co<Q>,
        _socket: usize,
    ) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
        unreachable!("there are no sockets on this step")
    }
}

/// Returns the first task: it runs the program in another one, and in the end it cancels all that is left.
pub(crate) fn main<Q>(program: Program, log: &Log, means: impl Means<Q>) -> Generated<Q, ()>
where
    Q: From<Turn> + From<Spawn<Q>> + From<Join> + From<Cancel> + 'static,
{
    let (guard, log, means) = (Guard(log.clone(), 0), log.clone(), Rc::new(means));
    Generated::new(async move |co: &Co<Q>| {
        let _guard = guard;
        drop(spawn(co, program, &log, means.clone()).await);
        if let Some(sleep) = means.sleep(Duration::from_millis(LONG)) {
            co.yield_(sleep).await;
            for number in 0.. {
                let Some(task) = log.0.spawned.borrow().get(number).copied() else {
                    break;
                };
                co.yield_(Cancel(task)).await;
            }
        }
    })
}

async fn spawn<Q, M: Means<Q>>(co: &Co<Q>, program: Program, log: &Log, means: Rc<M>) -> Task<()>
where
    Q: From<Turn> + From<Spawn<Q>> + From<Join> + From<Cancel> + 'static,
{
    let guard = Guard(log.clone(), log.0.spawned.borrow().len() + 1);
    let body =
        Generated::new(async move |co: &Co<Q>| Box::pin(play(co, program, &guard, &means)).await);
    let task = co.spawn(body).await;
    log.0.spawned.borrow_mut().push(task.id());
    task
}

async fn play<Q, M: Means<Q>>(
    co: &Co<Q>,
    mut program: Program,
    Guard(log, this): &Guard,
    means: &Rc<M>,
) where
    Q: From<Turn> + From<Spawn<Q>> + From<Join> + From<Cancel> + 'static,
{
    let mut children = Vec::new();
    let spawned = || log.0.spawned.borrow().len();
    while let Some(next) = program.next(children.len(), spawned()) {
        match next {
            Do::Spawn => {
                let number = spawned() + 1;
                children.push((number, spawn(co, program.child(), log, means.clone()).await));
            }
            Do::Turn => co.yield_(Turn).await,
            Do::Sleep(ms) => {
                let sleep = means
                    .sleep(Duration::from_millis(ms))
                    .expect("there is time");
                co.yield_(sleep).await;
            }
            Do::JoinOldest => {
                let (number, task) = children.remove(0);
                let is_cancelled = task.join(co).await.is_err();
                log.note(
                    if is_cancelled {
                        "joined, cancelled"
                    } else {
                        "joined"
                    },
                    number,
                );
            }
            Do::CancelOldest => children.remove(0).1.cancel(co).await,
            Do::DetachNewest => drop(children.pop()),
            Do::Cancel(number) => {
                let task = log.0.spawned.borrow()[number - 1];
                co.yield_(Cancel(task)).await;
            }
            Do::Send(socket) => means.send(socket, log.0.sent.replace(log.0.sent.get() + 1)),
            Do::Receive(socket) => {
                let datagram = means.receive(co, socket).await;
                log.0.story.borrow_mut().received.push((*this, datagram));
            }
        }
    }
}

/// Writes down what it sees in a log.
pub(crate) struct Seen {
    log: Log,
    numbers: HashMap<TaskId, usize>,
    ready: HashSet<TaskId>,
}

impl Seen {
    pub(crate) fn new(log: &Log) -> Seen {
        Seen {
            log: log.clone(),
            numbers: HashMap::new(),
            ready: HashSet::new(),
        }
    }
}

impl<Q> Observer<Q> for Seen {
    fn spawned(&mut self, task: TaskId, _: &TaskName, by: Option<TaskId>) {
        self.numbers.insert(task, self.numbers.len());
        if by.is_some() {
            self.log.note("spawned", self.numbers[&task]);
        }
    }

    fn ready(&mut self, task: TaskId) {
        self.ready.insert(task);
        self.log.note("ready", self.numbers[&task]);
    }

    fn resumed(&mut self, task: TaskId) {
        // A task that goes on after a request which was answered at once is still in the same turn.
        if self.ready.remove(&task) {
            self.log.note("runs", self.numbers[&task]);
        }
    }

    fn finished(&mut self, task: TaskId) {
        self.log.note("finished", self.numbers[&task]);
    }

    fn cancelled(&mut self, task: TaskId) {
        self.log.note("cancelled", self.numbers[&task]);
    }
}
