//! Does a random program run as a naive model says, event by event, and at the same times? Steps 2
//! to 4 do.

use std::cell::OnceCell;
use std::future::pending;
use std::net;
use std::os::fd::RawFd;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use step5_executor::net::UdpSocket;
use step5_executor::{
    AbortHandle, Executor, JoinHandle, TaskId, block_on, sleep, spawn, yield_now,
};
use testing::foreign::poll_once;
use testing::model::{Program, SOCKETS, Scope, compare};
use testing::played::{self, Player};
use testing::{Transcript, events, watchdog};
use trace::{Event, Reason};

use crate::support::udp;

/// What a task knows of itself and the world.
struct OnStep5 {
    /// Its own id. The main task is never aborted, so it needs none.
    own: Rc<OnceCell<TaskId>>,
    /// On the virtual clock there are none.
    sockets: Option<Rc<Sockets>>,
}

struct Sockets {
    sender: net::UdpSocket,
    /// By descriptor, which is the order of the events of `Select`.
    receivers: Vec<UdpSocket>,
}

impl Sockets {
    fn new() -> Sockets {
        let mut receivers: Vec<UdpSocket> = (0..SOCKETS).map(|_| udp()).collect();
        receivers.sort_by_cached_key(descriptor);
        let sender = net::UdpSocket::bind("127.0.0.1:0").unwrap();
        Sockets { sender, receivers }
    }
}

/// Returns the descriptor of a socket, which only `trace` reports.
fn descriptor(socket: &UdpSocket) -> RawFd {
    let wait = async { drop(poll_once(pin!(socket.recv(&mut [0]))).await) };
    let fd = |event| match event {
        Event::Waits(Reason::Readable(fd)) => Some(fd),
        _ => None,
    };
    let mut heard = events(|| block_on(wait)).into_iter();
    heard.find_map(fd).unwrap()
}

impl Player for OnStep5 {
    type Task = JoinHandle<()>;
    type Id = (TaskId, AbortHandle);

    async fn spawn(&self, body: impl AsyncFnOnce(Self) + 'static) -> JoinHandle<()> {
        let (own, sockets) = (Rc::default(), self.sockets.clone());
        let player = OnStep5 {
            own: Rc::clone(&own),
            sockets,
        };
        let task = spawn(async move { body(player).await });
        own.set(task.id()).unwrap();
        task
    }

    fn id(task: &JoinHandle<()>) -> (TaskId, AbortHandle) {
        (task.id(), task.abort_handle())
    }

    async fn join(&self, task: JoinHandle<()>) -> bool {
        task.await.is_ok()
    }

    async fn cancel(&self, (id, task): (TaskId, AbortHandle)) {
        task.abort();
        // A task that aborts itself is dropped at its next wait, and on the other steps at once.
        if self.own.get() == Some(&id) {
            pending().await
        }
    }

    async fn turn(&self) {
        yield_now().await;
    }

    async fn sleep(&self, duration: Duration) {
        sleep(duration).await;
    }

    fn send(&self, socket: usize, datagram: u32) {
        let sockets = self.sockets.as_ref().unwrap();
        let to = sockets.receivers[socket].local_addr().unwrap();
        let bytes = datagram.to_be_bytes();
        sockets.sender.send_to(&bytes, to).unwrap();
    }

    async fn receive(&self, socket: usize) -> u32 {
        let mut buffer = [0; 4];
        let receivers = &self.sockets.as_ref().unwrap().receivers;
        assert_eq!(receivers[socket].recv(&mut buffer).await.unwrap(), 4);
        u32::from_be_bytes(buffer)
    }
}

fn run(program: Program) -> Vec<String> {
    let has_sockets = program.scope == Scope::Sockets;
    let player = OnStep5 {
        own: Rc::default(),
        sockets: has_sockets.then(|| Rc::new(Sockets::new())),
    };
    let transcript = Transcript::default();
    let _listening = transcript.listen();
    let executor = if has_sockets {
        Executor::new().unwrap()
    } else {
        Executor::with_virtual_time().unwrap()
    };
    executor.block_on(played::main(player, program, transcript.clone()));
    as_on_the_other_steps(transcript.take())
}

/// Leaves out what only this step reports: that a wait was given up, and that a task was suspended
/// before it was cancelled.
fn as_on_the_other_steps(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|line| !line.contains(" gave up "));
    let aborts_itself = |at: usize, lines: &[String]| {
        let name = lines[at].strip_suffix(" suspended");
        let next = lines
            .get(at + 1)
            .and_then(|line| line.strip_suffix(" cancelled"));
        name.is_some() && name == next
    };
    let kept = (0..lines.len()).filter(|at| !aborts_itself(*at, &lines));
    kept.map(|at| lines[at].clone()).collect()
}

/// Promise (order): A program has the same events in the same order on every step that can run it,
/// and on a model of the plainest scheduler.
#[test]
fn programs_of_step_3_run_as_on_step_3() {
    watchdog::within_a_minute(|| compare(Scope::Time, run));
}

/// Promise (order): A program has the same events in the same order on every step that can run it,
/// and on a model of the plainest scheduler.
#[test]
fn programs_of_step_4_run_as_on_step_4() {
    watchdog::within_a_minute(|| compare(Scope::Sockets, run));
}
