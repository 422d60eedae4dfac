//! How the tasks of a scheduler play a random program.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use crate::Transcript;
use crate::model::{Do, LONG, MANY, Program, Scope};

/// What a task can ask its scheduler for. Each step implements it for its own tasks.
pub trait Player: Sized + 'static {
    /// The handle of a task.
    type Task: 'static;
    /// What a task can be cancelled by.
    type Id: Clone + 'static;

    /// Spawns a task.
    fn spawn(&self, body: impl AsyncFnOnce(Self) + 'static) -> impl Future<Output = Self::Task>;

    /// Returns what a task can be cancelled by.
    fn id(task: &Self::Task) -> Self::Id;

    /// Waits for the end of a task, and returns whether it has finished: it may be cancelled.
    fn join(&self, task: Self::Task) -> impl Future<Output = bool>;

    /// Cancels a task.
    fn cancel(&self, task: Self::Id) -> impl Future<Output = ()>;

    /// Lets the other tasks have a turn.
    fn turn(&self) -> impl Future<Output = ()>;

    /// Sleeps.
    fn sleep(&self, _: Duration) -> impl Future<Output = ()> {
        async { unreachable!("this step has no time") }
    }

    /// Sends a datagram to a socket, from another one; it has arrived when this returns.
    fn send(&self, _socket: usize, _datagram: u32) {
        unreachable!("this step has no sockets")
    }

    /// Receives a datagram from a socket.
    fn receive(&self, _socket: usize) -> impl Future<Output = u32> {
        async { unreachable!("this step has no sockets") }
    }
}

/// What the tasks of a run share.
struct Shared<P: Player> {
    transcript: Transcript,
    spawned: RefCell<Vec<P::Id>>,
    sent: Cell<u32>,
}

/// Runs a program as the main task: see [`model`](crate::model).
pub async fn main<P: Player>(player: P, program: Program, transcript: Transcript) {
    let _guard = transcript.guard("main");
    let shared = Rc::new(Shared {
        transcript,
        spawned: RefCell::default(),
        sent: Cell::new(0),
    });
    drop(spawn(&player, program, &shared).await);
    match program.scope {
        Scope::Turns => return,
        Scope::Time => player.sleep(LONG).await,
        Scope::Sockets => {
            for _ in 0..MANY {
                player.turn().await;
            }
        }
    }
    for number in 0.. {
        let Some(task) = shared.spawned.borrow().get(number).cloned() else {
            break;
        };
        player.cancel(task).await;
    }
}

async fn spawn<P: Player>(player: &P, program: Program, shared: &Rc<Shared<P>>) -> P::Task {
    let number = shared.spawned.borrow().len() + 1;
    let guard = shared.transcript.guard(format!("task {number}"));
    let same = shared.clone();
    let body = async move |player: P| {
        let _guard = guard;
        // Boxed, because it spawns tasks of the same type.
        let play: Pin<Box<dyn Future<Output = ()>>> = Box::pin(play(player, number, program, same));
        play.await;
    };
    let task = player.spawn(body).await;
    shared.spawned.borrow_mut().push(P::id(&task));
    task
}

async fn play<P: Player>(player: P, this: usize, mut program: Program, shared: Rc<Shared<P>>) {
    let mut children = Vec::new();
    let spawned = || shared.spawned.borrow().len();
    while let Some(next) = program.next(children.len(), spawned()) {
        match next {
            Do::Spawn => {
                let number = spawned() + 1;
                let task = spawn(&player, program.child(), &shared).await;
                children.push((number, task));
            }
            Do::Turn => player.turn().await,
            Do::Sleep(ms) => player.sleep(Duration::from_millis(ms)).await,
            Do::JoinOldest => {
                let (number, task) = children.remove(0);
                let has_finished = player.join(task).await;
                let cancelled = if has_finished { "" } else { ", cancelled" };
                shared
                    .transcript
                    .note(format!("joined task {number}{cancelled}"));
            }
            Do::CancelOldest => player.cancel(P::id(&children.remove(0).1)).await,
            Do::DetachNewest => drop(children.pop()),
            Do::Cancel(number) => {
                let task = shared.spawned.borrow()[number - 1].clone();
                player.cancel(task).await;
            }
            Do::Send(socket) => player.send(socket, shared.sent.replace(shared.sent.get() + 1)),
            Do::Receive(socket) => {
                let datagram = player.receive(socket).await;
                let transcript = &shared.transcript;
                transcript.note(format!("task {this} received {datagram}"));
            }
        }
    }
}
