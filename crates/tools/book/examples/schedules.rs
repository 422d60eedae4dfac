//! One job on the schedulers of steps 1 to 5, as one picture: two clients ask, and each answer takes a second.
//!
//! ```sh
//! cargo run -p book --example schedules                # as text
//! cargo run -p book --example schedules -- FILE.svg    # as an image
//! ```
//!
//! The clock is virtual, so the picture is the same to the byte each time. Steps 1 and 2 have no clock: there "a
//! second" is a number of turns.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use std::{env, fs, iter, process};

use timeline::{Asks, Picture, Recorder, Recording};

const SECOND: Duration = Duration::from_secs(1);
const TURNS: usize = 4;
const REQUESTS: [&str; 2] = ["one", "two"];

fn main() {
    let picture = Picture::new("Two clients ask, and each answer takes a second: steps 1 to 5")
        .run(
            "step 1: functions take turns, whether they have something to do or not",
            step1(),
        )
        .run(
            "step 2: who joins a task takes no turns until it is done",
            step2(),
        )
        .run(
            "step 3: who sleeps takes no turns until it is time",
            step3(),
        )
        .run(
            "step 4: who waits for a socket takes no turns until it is ready",
            step4(),
        )
        .run(
            "step 5: the same, and the executor need not know what they wait for",
            step5(),
        );
    match env::args_os().nth(1) {
        None => print!("{}", picture.to_text(80)),
        Some(file) => {
            if let Err(error) = fs::write(&file, picture.to_svg()) {
                eprintln!("schedules: cannot write {}: {error}", file.display());
                process::exit(1);
            }
        }
    }
}

/// Nobody can wait for another: each looks again in each turn.
fn step1() -> Recording {
    let recorder = Recorder::without_clock();
    let answers = Rc::new(Cell::new(0));
    let made = answers.clone();
    let server = iter::repeat_with(move || made.set(made.get() + 1)).take(TURNS);
    let client = || {
        let answers = answers.clone();
        iter::from_fn(move || (answers.get() < TURNS).then_some(()))
    };
    let watched = [
        recorder.watch("server", Box::new(server) as Box<dyn Iterator<Item = ()>>),
        recorder.watch("client one", Box::new(client())),
        recorder.watch("client two", Box::new(client())),
    ];
    step1_interleaver::interleave(watched).for_each(drop);
    recorder.recording()
}

fn step2() -> Recording {
    use step2_round_robin::{Co, Generated, Request, Scheduler, Turn};
    let recorder = Recorder::without_clock();
    let main = Generated::new(async |co: &Co| {
        for request in REQUESTS {
            let answer = Generated::new(async |co: &Co| {
                for _ in 0..TURNS {
                    co.yield_(Turn).await;
                }
            });
            let answer = co.spawn_named(format!("answer {request}"), answer).await;
            let client = Generated::new(async move |co: &Co| answer.join(co).await.unwrap());
            co.spawn_named(format!("client {request}"), client).await;
        }
    });
    let observer = recorder.generators(|request: &Request| Asks::from(request));
    Scheduler::new().with_observer(observer).run(main).unwrap();
    recorder.recording()
}

fn step3() -> Recording {
    use step3_sleeping_heap::{Clock, Co, Generated, Request, Scheduler, Sleep};
    let clock = Clock::virtual_time();
    let now = clock.clone();
    let recorder = Recorder::with_clock(move || now.now());
    let main = Generated::new(async |co: &Co| {
        for request in REQUESTS {
            let answer = Generated::new(async |co: &Co| co.yield_(Sleep(SECOND)).await);
            let answer = co.spawn_named(format!("answer {request}"), answer).await;
            let client = Generated::new(async move |co: &Co| answer.join(co).await.unwrap());
            co.spawn_named(format!("client {request}"), client).await;
        }
    });
    let observer = recorder.generators(|request: &Request| match request {
        Request::Join(task) => Asks::Join(*task),
        Request::Sleep(duration) => Asks::Sleep(*duration),
        Request::Turn | Request::Spawn(_) | Request::Cancel(_) => Asks::Nothing,
    });
    Scheduler::new()
        .with_clock(clock)
        .with_observer(observer)
        .run(main)
        .unwrap();
    recorder.recording()
}

fn step4() -> Recording {
    use std::os::fd::AsRawFd;
    use step3_sleeping_heap::Clock;
    use step4_select::{Co, Generated, Request, Scheduler, Sleep, Socket};
    let clock = Clock::virtual_time();
    let now = clock.clone();
    let recorder = Recorder::with_clock(move || now.now());
    let main = Generated::new(async |co: &Co| {
        let server = Rc::new(Socket::bind(any_port()).unwrap());
        let address = server.local_addr().unwrap();
        let serve = Generated::new(async move |co: &Co| {
            let mut buffer = [0; 16];
            for request in REQUESTS {
                let (length, from) = server.recv_from(co, &mut buffer).await.unwrap();
                let (server, answer) = (server.clone(), buffer[..length].to_vec());
                let answer = Generated::new(async move |co: &Co| {
                    co.yield_(Sleep(SECOND)).await;
                    server.send_to(co, &answer, from).await.unwrap();
                });
                co.spawn_named(format!("answer {request}"), answer).await;
            }
        });
        co.spawn_named("server", serve).await;
        for request in REQUESTS {
            let client = Generated::new(async move |co: &Co| {
                let socket = Socket::bind(any_port()).unwrap();
                socket
                    .send_to(co, request.as_bytes(), address)
                    .await
                    .unwrap();
                socket.recv_from(co, &mut [0; 16]).await.unwrap();
            });
            co.spawn_named(format!("client {request}"), client).await;
        }
    });
    let observer = recorder.generators(|request: &Request| match request {
        Request::Join(task) => Asks::Join(*task),
        Request::Sleep(duration) => Asks::Sleep(*duration),
        Request::Readable(interest) => Asks::Readable(interest.fd().as_raw_fd()),
        Request::Writable(interest) => Asks::Writable(interest.fd().as_raw_fd()),
        Request::Turn | Request::Spawn(_) | Request::Cancel(_) => Asks::Nothing,
    });
    Scheduler::new()
        .unwrap()
        .with_clock(clock)
        .with_observer(observer)
        .run(main)
        .unwrap();
    recorder.recording()
}

fn step5() -> Recording {
    use step5_executor::net::UdpSocket;
    use step5_executor::{Executor, sleep, spawn};
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time()
        .expect("two descriptors")
        .with_observer(recorder.clone());
    executor.block_on(async {
        let server = Rc::new(UdpSocket::bind(any_port()).unwrap());
        let address = server.local_addr().unwrap();
        drop(spawn(async move {
            let mut buffer = [0; 16];
            for _ in REQUESTS {
                let (length, from) = server.recv_from(&mut buffer).await.unwrap();
                let (server, answer) = (server.clone(), buffer[..length].to_vec());
                drop(spawn(async move {
                    sleep(SECOND).await;
                    server.send_to(&answer, from).await.unwrap();
                }));
            }
        }));
        let clients = REQUESTS.map(|request| {
            spawn(async move {
                let socket = UdpSocket::bind(any_port()).unwrap();
                socket.send_to(request.as_bytes(), address).await.unwrap();
                socket.recv_from(&mut [0; 16]).await.unwrap();
            })
        });
        for client in clients {
            client.await.unwrap();
        }
    });
    recorder.recording()
}

fn any_port() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}
