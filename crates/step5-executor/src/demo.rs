//! The sleeping examples of step 3 and the client of step 4, as plain `async fn`.
//!
//! The bodies are those of steps 3 and 4, without the `co`.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use delay_server::DelayServer;
use trace::println;

use crate::net::UdpSocket;
use crate::{Executor, now, sleep, spawn, spawn_named, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// How long the client waits for an answer before it makes the request again.
const LIMIT: Duration = Duration::from_secs(2);

/// How often it makes a request, at most.
const TRIES: u32 = 3;

/// Says something, after a delay.
async fn say_after(delay: Duration, what: &str) {
    sleep(delay).await;
    println!("{what}");
}

/// Says hello, and a second later world: 1 s in all.
async fn hello_world() {
    println!("hello");
    sleep(SECOND).await;
    println!("world");
}

/// Sleeps 1 s and then 2 s more: 3 s in all.
async fn one_after_another() {
    say_after(SECOND, "hello").await;
    say_after(2 * SECOND, "world").await;
}

/// Sleeps 1 s and 2 s at the same time: 2 s in all.
async fn as_two_tasks() {
    let hello = spawn(say_after(SECOND, "hello"));
    let goodbye = spawn(say_after(2 * SECOND, "goodbye"));
    hello.await.expect("no task is cancelled here");
    goodbye.await.expect("no task is cancelled here");
}

/// Sends a request on a socket of its own, and waits for the response.
async fn execute_api_call(server: SocketAddr, request: &str) -> io::Result<String> {
    let socket = UdpSocket::bind(any_address_for(server))?;
    // Then only the server can answer, and it is an error if there is none.
    socket.connect(server)?;
    socket.send(request.as_bytes()).await?;
    let mut buffer = vec![0; 65_536];
    let length = socket.recv(&mut buffer).await?;
    Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
}

fn any_address_for(server: SocketAddr) -> SocketAddr {
    match server {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    }
}

/// Makes a request, and makes it again if there is no answer in time. Step 4 could not say this.
async fn call_with_retries(server: SocketAddr, request: String) -> io::Result<String> {
    let mut failure = io::Error::from(ErrorKind::TimedOut);
    for _ in 0..TRIES {
        match timeout(LIMIT, execute_api_call(server, &request)).await {
            Ok(Ok(response)) => return Ok(response),
            Ok(Err(error)) => failure = error,
            Err(elapsed) => failure = io::Error::new(ErrorKind::TimedOut, elapsed),
        }
    }
    let what = match failure.kind() {
        ErrorKind::TimedOut => format!("no answer within {LIMIT:?}"),
        ErrorKind::ConnectionRefused => "there is no server".to_owned(),
        _ => failure.to_string(),
    };
    let message = format!("{request:?} to {server}: {what}, at the last of {TRIES} tries");
    Err(io::Error::new(failure.kind(), message))
}

/// Makes all calls at the same time, and returns the responses in the order of the requests.
async fn client(server: SocketAddr, requests: &[String]) -> io::Result<Vec<String>> {
    let call = |request: &String| spawn_named(request, call_with_retries(server, request.clone()));
    let calls: Vec<_> = requests.iter().map(call).collect();
    let mut responses = Vec::new();
    for call in calls {
        responses.push(call.await.map_err(io::Error::other)??);
    }
    Ok(responses)
}

/// Runs the sleeping examples, and the client against a server that answers after a second.
///
/// On the virtual clock, runs only the sleeping examples.
///
/// # Errors
///
/// Returns an error if an executor or the server cannot be made, or if a request is not answered
/// within its limits.
pub fn demo(virtual_time: bool) -> io::Result<()> {
    let executor = || {
        if virtual_time {
            Executor::with_virtual_time()
        } else {
            Executor::new()
        }
    };
    timed(
        &heading("hello, and a second later world", executor)?,
        hello_world(),
    );
    timed(
        &heading("one after another", executor)?,
        one_after_another(),
    );
    timed(&heading("as two tasks", executor)?, as_two_tasks());
    if virtual_time {
        return Ok(());
    }
    println!("a client and a server:");
    let server = DelayServer::start_local(delay_server::Settings::default())?;
    ask(
        server.local_addr(),
        &["request0", "request1"].map(str::to_owned),
    )
}

/// Runs the client against this server, and prints the responses and how long they took.
///
/// # Errors
///
/// Returns an error if a request is not answered within its limits: the message names it.
pub fn ask(server: SocketAddr, requests: &[String]) -> io::Result<()> {
    trace::title("a client and a server");
    Executor::new()?.block_on(async {
        let start = now();
        println!("{:?}", client(server, requests).await?);
        println!("{:.3} s", (now() - start).as_secs_f64());
        Ok(())
    })
}

fn heading(title: &str, executor: impl Fn() -> io::Result<Executor>) -> io::Result<Executor> {
    println!("{title}:");
    trace::title(title);
    executor()
}

fn timed(executor: &Executor, example: impl Future<Output = ()>) {
    executor.block_on(async {
        let start = now();
        example.await;
        println!("{:.3} s", (now() - start).as_secs_f64());
    });
}
