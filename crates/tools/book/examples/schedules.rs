//! One job on the schedulers of steps 1 to 5, as one picture: two clients ask, and each answer
//! takes a second.
//!
//! ```sh
//! cargo run -p book --example schedules                # as text
//! cargo run -p book --example schedules -- FILE.svg FILE.html
//! ```
//!
//! The files are an image, and a page that plays it.
//!
//! Steps 1 and 2 have no clock: there "a second" is a number of turns. Steps 4 and 5 wait for
//! sockets, which takes real time.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use std::{env, fs, iter, process};

use timeline::Recorder;

const SECOND: Duration = Duration::from_secs(1);
const TURNS: usize = 4;
const REQUESTS: [&str; 2] = ["one", "two"];

fn main() {
    let recorder = Recorder::listen();
    trace::title("step 1: a client takes turns, whether there is an answer or not");
    step1();
    trace::title("step 2: a client that joins a task takes no turns until that is done");
    step2();
    trace::title("step 3: a task that sleeps takes no turns until its time has come");
    step3();
    trace::title("step 4: a task that waits for a socket takes no turns until it is ready");
    step4();
    trace::title("step 5: the same, and the executor need not know what they wait for");
    step5();
    let picture = recorder.picture("Two clients ask, and each answer takes a second: steps 1 to 5");

    let files: Vec<_> = env::args_os().skip(1).collect();
    if files.is_empty() {
        print!("{}", picture.to_text(80));
    }
    for (file, contents) in files.iter().zip([picture.to_svg(), picture.to_html()]) {
        if let Err(error) = fs::write(file, contents) {
            eprintln!("schedules: cannot write {}: {error}", file.display());
            process::exit(1);
        }
    }
}

/// No task can wait for another: each client looks again in each turn.
fn step1() {
    let answers = Rc::new(Cell::new(0));
    let made = answers.clone();
    let server = iter::repeat_with(move || made.set(made.get() + 1)).take(TURNS);
    let client = || {
        let answers = answers.clone();
        Box::new(iter::from_fn(move || (answers.get() < TURNS).then_some(())))
    };
    let watched = timeline::watch([
        ("server", Box::new(server) as Box<dyn Iterator<Item = ()>>),
        ("client one", client()),
        ("client two", client()),
    ]);
    step1_interleaver::interleave(watched).for_each(drop);
}

fn step2() {
    use step2_round_robin::{Co, Scheduler};
    async fn answer(co: Co) {
        for _ in 0..TURNS {
            co.turn().await;
        }
    }
    let main = async |co: Co| {
        for request in REQUESTS {
            let answer = co.spawn_named(&format!("answer {request}"), answer).await;
            let client = async move |co: Co| answer.join(&co).await.unwrap();
            co.spawn_named(&format!("client {request}"), client).await;
        }
    };
    Scheduler::new().run(main).unwrap();
}

fn step3() {
    use step3_sleeping_heap::{Clock, Co, Scheduler};
    let main = async |co: Co| {
        for request in REQUESTS {
            let answer = async |co: Co| co.sleep(SECOND).await;
            let answer = co.spawn_named(&format!("answer {request}"), answer).await;
            let client = async move |co: Co| answer.join(&co).await.unwrap();
            co.spawn_named(&format!("client {request}"), client).await;
        }
    };
    Scheduler::with_clock(Clock::virtual_time())
        .run(main)
        .unwrap();
}

fn step4() {
    use step4_select::{Co, Scheduler, Socket};
    async fn serve(co: Co, server: Rc<Socket>) {
        let mut buffer = [0; 16];
        for request in REQUESTS {
            let (length, from) = server.recv_from(&co, &mut buffer).await.unwrap();
            let (server, answer) = (server.clone(), buffer[..length].to_vec());
            let body = async move |co: Co| {
                co.sleep(SECOND).await;
                server.send_to(&co, &answer, from).await.unwrap();
            };
            co.spawn_named(&format!("answer {request}"), body).await;
        }
    }
    async fn ask(co: Co, server: SocketAddr, request: &str) {
        let socket = Socket::bind(any_port()).unwrap();
        let sent = socket.send_to(&co, request.as_bytes(), server).await;
        sent.unwrap();
        socket.recv_from(&co, &mut [0; 16]).await.unwrap();
    }
    let main = async |co: Co| {
        let server = Rc::new(Socket::bind(any_port()).unwrap());
        let address = server.local_addr().unwrap();
        let body = async move |co| serve(co, server).await;
        co.spawn_named("server", body).await;
        for request in REQUESTS {
            let client = async move |co| ask(co, address, request).await;
            co.spawn_named(&format!("client {request}"), client).await;
        }
    };
    Scheduler::new().unwrap().run(main).unwrap();
}

fn step5() {
    use step5_executor::net::UdpSocket;
    use step5_executor::{Executor, sleep, spawn_named};
    async fn serve(server: Rc<UdpSocket>) {
        let mut buffer = [0; 16];
        for request in REQUESTS {
            let (length, from) = server.recv_from(&mut buffer).await.unwrap();
            let (server, answer) = (server.clone(), buffer[..length].to_vec());
            spawn_named(&format!("answer {request}"), async move {
                sleep(SECOND).await;
                server.send_to(&answer, from).await.unwrap();
            });
        }
    }
    async fn ask(server: SocketAddr, request: &str) {
        let socket = UdpSocket::bind(any_port()).unwrap();
        socket.send_to(request.as_bytes(), server).await.unwrap();
        socket.recv_from(&mut [0; 16]).await.unwrap();
    }
    let executor = Executor::new().unwrap();
    executor.block_on(async {
        let server = Rc::new(UdpSocket::bind(any_port()).unwrap());
        let address = server.local_addr().unwrap();
        spawn_named("server", serve(server));
        let clients = REQUESTS
            .map(|request| spawn_named(&format!("client {request}"), ask(address, request)));
        for client in clients {
            client.await.unwrap();
        }
    });
}

fn any_port() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}
