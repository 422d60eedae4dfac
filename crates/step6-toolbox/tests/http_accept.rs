//! What does a server do that can accept nobody? It lowers the limit of descriptors of the process, so it is one test,
//! alone in its file.

#[path = "../examples/support/http/mod.rs"]
mod http;
#[path = "../../step4-select/tests/support/unsafe_files.rs"]
mod unsafe_files;
#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::cell::Cell;
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::time::Duration;

use http::{Limits, Responder, Response, Server};
use step5_executor::{Executor, Observer, TaskId, sleep, spawn};
use watchdog::within_a_minute;

/// Counts polls, of all tasks together.
#[derive(Default)]
struct Polls(Cell<usize>);

impl Observer for Polls {
    fn polled(&self, _: TaskId) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn it_tries_again_after_a_pause_and_then_all_are_answered() {
    within_a_minute(|| {
        let polls = Rc::new(Polls::default());
        let executor = Executor::with_virtual_time()
            .unwrap()
            .with_observer(polls.clone());
        executor.block_on(out_of_descriptors(&polls));
    });
}

async fn out_of_descriptors(polls: &Polls) {
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), Limits::default()).unwrap();
    let (address, live) = (server.local_addr().unwrap(), server.live());
    drop(spawn(server.run(
        async |request, responder: Responder<'_>| {
            responder.send(Response::json(200, request.path)).await
        },
    )));
    // They are in the queue of the listener, and have asked.
    let mut clients: Vec<_> = (0..10)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    for client in &mut clients {
        client.write_all(b"GET /asked HTTP/1.0\r\n\r\n").unwrap();
    }
    // The next descriptor would have the lowest number that is free.
    let free = File::open("/dev/null").unwrap().as_raw_fd();
    let before = unsafe_files::allow_below(u64::try_from(free).unwrap());

    let polled = polls.0.get();
    sleep(Duration::from_secs(10)).await;
    // A pause is 50 ms. One that does not pause would be polled without end, and the clock would stand still.
    let tries = polls.0.get() - polled;
    assert!((190..=210).contains(&tries), "{tries} polls in 10 s");
    assert_eq!(live.ever(), 0);

    unsafe_files::allow_below(before);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(live.ever(), 10);
    for mut client in clients {
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\n/asked"),
            "{answer}"
        );
    }
}
