//! Does a random program with sockets run as a naive model says, event by event, on the real clock?

use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::rc::Rc;

use step4_select::{Co, Scheduler, Task, TaskId};
use testing::model::{Program, SOCKETS, Scope, compare};
use testing::played::{self, Player};
use testing::{Transcript, watchdog};

struct OnUdp {
    co: Co,
    sockets: Rc<Sockets>,
}

struct Sockets {
    sender: UdpSocket,
    /// By descriptor, which is the order of the events of `Select`.
    receivers: Vec<UdpSocket>,
}

impl Sockets {
    fn new() -> Sockets {
        let bind = || UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut receivers: Vec<UdpSocket> = (0..SOCKETS).map(|_| bind()).collect();
        receivers.sort_by_key(AsRawFd::as_raw_fd);
        for receiver in &receivers {
            receiver.set_nonblocking(true).unwrap();
        }
        let sender = bind();
        Sockets { sender, receivers }
    }
}

impl Player for OnUdp {
    type Task = Task<()>;
    type Id = TaskId;

    async fn spawn(&self, body: impl AsyncFnOnce(Self) + 'static) -> Task<()> {
        let sockets = self.sockets.clone();
        let body = async move |co| body(OnUdp { co, sockets }).await;
        self.co.spawn(body).await
    }

    fn id(task: &Task<()>) -> TaskId {
        task.id()
    }

    async fn join(&self, task: Task<()>) -> bool {
        task.join(&self.co).await.is_some()
    }

    async fn cancel(&self, task: TaskId) {
        self.co.cancel(task).await;
    }

    async fn turn(&self) {
        self.co.turn().await;
    }

    fn send(&self, socket: usize, datagram: u32) {
        let to = self.sockets.receivers[socket].local_addr().unwrap();
        let bytes = datagram.to_be_bytes();
        self.sockets.sender.send_to(&bytes, to).unwrap();
    }

    async fn receive(&self, socket: usize) -> u32 {
        let (socket, mut buffer) = (&self.sockets.receivers[socket], [0; 4]);
        loop {
            self.co.readable(socket).await.unwrap();
            // Another task may have been faster.
            if let Ok(length) = socket.recv(&mut buffer) {
                assert_eq!(length, 4);
                return u32::from_be_bytes(buffer);
            }
        }
    }
}

fn run(program: Program) -> Vec<String> {
    let transcript = Transcript::default();
    let _listening = transcript.listen();
    let notes = transcript.clone();
    let sockets = Rc::new(Sockets::new());
    let main = async move |co| played::main(OnUdp { co, sockets }, program, notes).await;
    Scheduler::new().unwrap().run(main).unwrap();
    transcript.take()
}

/// Promise (order): A program has the same events in the same order on every step that can run it,
/// and on a model of the plainest scheduler.
#[test]
fn random_programs_run_as_the_model_says() {
    watchdog::within_a_minute(|| compare(Scope::Sockets, run));
}
