//! Does a random program run as a naive reference says, event by event, and at the same times?

#[path = "../../step2-round-robin/tests/support/model.rs"]
mod model;

use std::cell::{Cell, OnceCell, RefCell};
use std::future::pending;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use model::{Do, LONG, Program, SOCKETS, Scope, Story};
use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{
    AbortHandle, Executor, JoinHandle, Observer, TaskId, now, sleep, spawn, yield_now,
};

/// What happened so far, and who was spawned.
#[derive(Default)]
struct Log {
    story: RefCell<Story>,
    spawned: RefCell<Vec<AbortHandle>>,
    start: OnceCell<Instant>,
}

/// What all tasks share. It is not part of the log, because the log is the observer: sockets hold the executor that
/// they wait in.
struct Sockets {
    sent: Cell<u32>,
    sender: std::net::UdpSocket,
    /// By descriptor.
    receivers: Vec<UdpSocket>,
}

impl Log {
    fn note(&self, what: &'static str, task: usize) {
        let ms = (now() - *self.start.get_or_init(now)).as_millis();
        self.story.borrow_mut().events.push((what, task, ms as u64));
    }

    fn note_of(&self, what: &'static str, task: TaskId) {
        self.note(what, task.number() as usize);
    }
}

impl Observer for Log {
    fn spawned(&self, task: TaskId, _: Option<TaskId>) {
        self.note_of("spawned", task);
    }

    fn woken(&self, task: TaskId) {
        self.note_of("ready", task);
    }

    fn polled(&self, task: TaskId) {
        self.note_of("runs", task);
    }

    fn finished(&self, task: TaskId) {
        self.note_of("finished", task);
    }

    fn aborted(&self, task: TaskId) {
        self.note_of("cancelled", task);
    }
}

/// What a task knows of itself. It says so when it is dropped.
struct Player {
    log: Rc<Log>,
    sockets: Rc<Sockets>,
    number: usize,
}

impl Drop for Player {
    fn drop(&mut self) {
        self.log.note("dropped", self.number);
    }
}

impl Sockets {
    fn new() -> Sockets {
        let receivers = (0..SOCKETS)
            .map(|_| UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap())
            .collect();
        Sockets {
            sent: Cell::new(0),
            sender: std::net::UdpSocket::bind("127.0.0.1:0").unwrap(),
            receivers,
        }
    }
}

impl Player {
    /// Plays a program in a new task.
    fn spawn(&self, program: Program) -> JoinHandle<()> {
        let number = self.log.spawned.borrow().len() + 1;
        let player = Player {
            log: self.log.clone(),
            sockets: self.sockets.clone(),
            number,
        };
        let playing: Pin<Box<dyn Future<Output = ()>>> = Box::pin(play(program, player));
        let task = spawn(playing);
        self.log.spawned.borrow_mut().push(task.abort_handle());
        task
    }
}

async fn play(mut program: Program, player: Player) {
    let Player {
        log,
        sockets,
        number: this,
    } = &player;
    let mut children = Vec::new();
    let spawned = || log.spawned.borrow().len();
    while let Some(next) = program.next(children.len(), spawned()) {
        match next {
            Do::Spawn => children.push(player.spawn(program.child())),
            Do::Turn => yield_now().await,
            Do::Sleep(ms) => sleep(Duration::from_millis(ms)).await,
            Do::JoinOldest => {
                let task = children.remove(0);
                let number = task.id();
                let is_cancelled = task.await.is_err();
                log.note_of(
                    if is_cancelled {
                        "joined, cancelled"
                    } else {
                        "joined"
                    },
                    number,
                );
            }
            Do::CancelOldest => children.remove(0).abort(),
            Do::DetachNewest => drop(children.pop()),
            Do::Cancel(number) => {
                let task = log.spawned.borrow()[number - 1];
                task.abort();
                // A task that aborts itself is dropped when it next waits, which it does at once, as on the other steps.
                if number == *this {
                    pending::<()>().await;
                }
            }
            Do::Send(socket) => {
                // It has arrived when this returns.
                let (number, to) = (
                    sockets.sent.get(),
                    sockets.receivers[socket].local_addr().unwrap(),
                );
                sockets.sender.send_to(&number.to_be_bytes(), to).unwrap();
                sockets.sent.set(number + 1);
            }
            Do::Receive(socket) => {
                let mut buffer = [0; 4];
                assert_eq!(
                    sockets.receivers[socket].recv(&mut buffer).await.unwrap(),
                    4
                );
                log.story
                    .borrow_mut()
                    .received
                    .push((*this, u32::from_be_bytes(buffer)));
            }
        }
    }
}

/// The first task: it runs the program in another one, and in the end it aborts all that is left.
async fn main(program: Program, player: Player) {
    drop(player.spawn(program));
    sleep(Duration::from_millis(LONG)).await;
    let handles = player.log.spawned.borrow().clone();
    handles.iter().for_each(AbortHandle::abort);
}

/// As long as no other test opens and closes descriptors, those of three sockets are in the order of their making.
static ALONE: Mutex<()> = Mutex::new(());

fn story(program: Program) -> Story {
    let _alone = ALONE.lock();
    let (log, sockets) = (Rc::new(Log::default()), Rc::new(Sockets::new()));
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_observer(log.clone());
    executor.block_on(main(
        program,
        Player {
            log: log.clone(),
            sockets,
            number: 0,
        },
    ));
    log.story.take()
}

#[test]
fn thousands_of_random_programs_give_the_events_of_the_model() {
    model::compare(Scope::SocketsAtOnce, story);
}

#[test]
fn thousands_of_random_programs_without_sockets_do_too() {
    model::compare(Scope::Time, story);
}
