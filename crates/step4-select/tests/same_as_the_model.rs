//! Does a random program run as a naive reference says, event by event, and at the same times?

#[path = "../../step2-round-robin/tests/support/model.rs"]
mod model;
#[path = "../../step2-round-robin/tests/support/played.rs"]
mod played;

use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::pin::Pin;
use std::time::Duration;

use model::{Program, SOCKETS, Scope, Story};
use played::{Log, Means, Seen};
use step4_select::{Clock, Co, Direction, Request, Scheduler, Sleep, Socket};

/// There are time and sockets.
struct Sockets {
    sender: UdpSocket,
    /// By descriptor.
    receivers: Vec<Socket>,
}

impl Sockets {
    fn new() -> Sockets {
        let bind = || UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut receivers: Vec<UdpSocket> = (0..SOCKETS).map(|_| bind()).collect();
        receivers.sort_by_key(AsRawFd::as_raw_fd);
        receivers
            .iter()
            .for_each(|socket| socket.set_nonblocking(true).unwrap());
        Sockets {
            sender: bind(),
            receivers: receivers.into_iter().map(Socket::new).collect(),
        }
    }
}

impl Means<Request> for Sockets {
    fn sleep(&self, duration: Duration) -> Option<Request> {
        Some(Sleep(duration).into())
    }

    fn send(&self, socket: usize, number: u32) {
        // It has arrived when this returns.
        let to = self.receivers[socket].get_ref().local_addr().unwrap();
        self.sender.send_to(&number.to_be_bytes(), to).unwrap();
    }

    fn receive<'a>(&'a self, co: &'a Co, socket: usize) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
        Box::pin(async move {
            let mut buffer = [0; 4];
            let received = self.receivers[socket]
                .attempt(co, Direction::Read, |io| io.recv(&mut buffer))
                .await;
            assert_eq!(received.unwrap(), 4);
            u32::from_be_bytes(buffer)
        })
    }
}

fn story(program: Program) -> Story {
    let clock = Clock::virtual_time();
    let (same, start) = (clock.clone(), clock.now());
    let log = Log::new(move || (same.now() - start).as_millis() as u64);
    let main = played::main(program, &log, Sockets::new());
    Scheduler::new()
        .unwrap()
        .with_clock(clock)
        .with_observer(Seen::new(&log))
        .run(main)
        .unwrap();
    log.take()
}

#[test]
fn thousands_of_random_programs_give_the_events_of_the_model() {
    model::compare(Scope::SocketsLater, story);
}

#[test]
fn thousands_of_random_programs_without_sockets_do_too() {
    model::compare(Scope::Time, story);
}
