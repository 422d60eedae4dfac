//! Does a random program run as the model says, event by event? And with sockets, is no datagram
//! lost?

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{AbortHandle, Executor, JoinHandle, sleep, spawn, yield_now};
use testing::Transcript;
use testing::foreign::turns;
use testing::model::{self, MANY, Program, SOCKETS, Scope};
use testing::played::{self, Player};

/// How a task of this executor plays its part in a program.
#[derive(Default)]
struct Fast {
    /// What aborts the task itself.
    own: Rc<OnceCell<AbortHandle>>,
    sockets: Option<Rc<Sockets>>,
    /// How many turns the main task has taken; `None` for the others.
    turns: Option<Cell<usize>>,
}

/// What the tasks of a program with sockets share.
struct Sockets {
    sender: std::net::UdpSocket,
    receivers: Vec<UdpSocket>,
    /// The datagrams that were sent to each socket, and those that were received there, in order.
    sent: RefCell<BTreeMap<usize, Vec<u32>>>,
    received: RefCell<BTreeMap<usize, Vec<u32>>>,
    waiting: [Cell<usize>; SOCKETS],
}

impl Player for Fast {
    type Task = JoinHandle<()>;
    type Id = AbortHandle;

    async fn spawn(&self, body: impl AsyncFnOnce(Self) + 'static) -> JoinHandle<()> {
        let own = Rc::new(OnceCell::new());
        let task = spawn(body(Fast {
            own: own.clone(),
            sockets: self.sockets.clone(),
            turns: None,
        }));
        own.set(task.abort_handle()).unwrap();
        task
    }

    fn id(task: &JoinHandle<()>) -> AbortHandle {
        task.abort_handle()
    }

    async fn join(&self, task: JoinHandle<()>) -> bool {
        task.await.is_ok()
    }

    async fn cancel(&self, task: AbortHandle) {
        task.abort();
        // A task that aborts itself is dropped where it next waits, and in the model at once.
        if self.own.get() == Some(&task) {
            pending().await
        }
    }

    async fn turn(&self) {
        yield_now().await;
        if let (Some(sockets), Some(turns)) = (&self.sockets, &self.turns) {
            turns.set(turns.get() + 1);
            if turns.get() == MANY {
                sockets.check_waiters();
            }
        }
    }

    async fn sleep(&self, duration: Duration) {
        sleep(duration).await;
    }

    fn send(&self, socket: usize, datagram: u32) {
        let sockets = self.sockets.as_ref().unwrap();
        let to = sockets.receivers[socket].local_addr().unwrap();
        sockets.sender.send_to(&datagram.to_be_bytes(), to).unwrap();
        sockets
            .sent
            .borrow_mut()
            .entry(socket)
            .or_default()
            .push(datagram);
    }

    async fn receive(&self, socket: usize) -> u32 {
        /// Counts a waiter, until it is dropped.
        struct Waits<'a>(&'a Cell<usize>);
        impl Drop for Waits<'_> {
            fn drop(&mut self) {
                self.0.set(self.0.get() - 1);
            }
        }
        let sockets = self.sockets.as_ref().unwrap();
        let waiting = &sockets.waiting[socket];
        waiting.set(waiting.get() + 1);
        let _waits = Waits(waiting);
        let mut datagram = [0; 4];
        sockets.receivers[socket].recv(&mut datagram).await.unwrap();
        let datagram = u32::from_be_bytes(datagram);
        sockets
            .received
            .borrow_mut()
            .entry(socket)
            .or_default()
            .push(datagram);
        datagram
    }
}

impl Sockets {
    /// Fails if a task waits for a datagram that is there.
    fn check_waiters(&self) {
        for (socket, sent) in self.sent.borrow().iter() {
            if self.waiting[*socket].get() > 0 {
                assert_eq!(self.received.borrow().get(socket), Some(sent));
            }
        }
    }
}

/// Runs a program, and returns what happened, as the model tells it.
fn run(program: Program) -> Vec<String> {
    let transcript = Transcript::default();
    let listening = transcript.listen();
    let executor = Executor::with_virtual_time().unwrap();
    let main = played::main(Fast::default(), program, transcript.clone());
    executor.block_on(main);
    let mut lines = transcript.take();
    // The model continues without the main task, until all are done.
    executor.block_on(turns(200));
    drop(listening);
    let rest = transcript.take().into_iter();
    lines.extend(rest.filter(|line| !line.starts_with("main ")));
    let ends_itself = |pair: &[String]| {
        let task = pair[0].strip_suffix(" suspended");
        task.is_some() && task == pair[1].strip_suffix(" cancelled")
    };
    for i in (1..lines.len()).rev() {
        if ends_itself(&lines[i - 1..=i]) {
            lines.remove(i - 1);
        }
    }
    lines
}

/// Promise (order): A program has the same events in the same order on every step that can run it,
/// and on a model of the plainest scheduler.
#[test]
fn turns_are_those_of_the_model() {
    model::compare(Scope::Turns, run);
}

/// Promise (order): A program has the same events in the same order on every step that can run it,
/// and on a model of the plainest scheduler.
#[test]
fn times_are_those_of_the_model() {
    model::compare(Scope::Time, run);
}

/// It tries a socket first, and the model waits first. So the events differ, but not what is
/// received.
#[test]
fn datagrams_are_received_once_and_in_order() {
    let mut all = 0;
    for seed in 0..testing::random::number("SEEDS", 300) {
        let socket = || UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let sockets = Rc::new(Sockets {
            sender: std::net::UdpSocket::bind("127.0.0.1:0").unwrap(),
            receivers: (0..SOCKETS).map(|_| socket()).collect(),
            sent: RefCell::default(),
            received: RefCell::default(),
            waiting: Default::default(),
        });
        let player = Fast {
            sockets: Some(sockets.clone()),
            turns: Some(Cell::new(0)),
            ..Fast::default()
        };
        let program = Program::new(seed, Scope::Sockets);
        let executor = Executor::new().unwrap();
        let main = played::main(player, program, Transcript::default());
        executor.block_on(main);
        let (sent, received) = (sockets.sent.take(), sockets.received.take());
        for (socket, received) in received {
            all += received.len();
            assert_eq!(sent[&socket][..received.len()], received, "seed {seed}");
        }
        drop(executor);
        assert!(sockets.waiting.iter().all(|waiting| waiting.get() == 0));
    }
    assert!(all > 100, "{all} datagrams show little");
}
