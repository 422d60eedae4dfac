//! The programs of step 5, on this executor.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use delay_server::DelayServer;

use crate::net::UdpSocket;
use crate::{Executor, JoinError, now, sleep, spawn, spawn_named, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// How long to wait for an answer, each time that a request is made.
const LIMIT: Duration = Duration::from_secs(2);

/// How often to make a request at most.
const TRIES: u32 = 3;

/// Says something, after a delay.
async fn say_after(delay: Duration, what: &str) {
    sleep(delay).await;
    println!("{what}");
}

/// Says hello, and a second later world: 1 s in all.
async fn hello_world() -> Result<(), JoinError> {
    println!("hello");
    sleep(SECOND).await;
    println!("world");
    Ok(())
}

/// Sleeps 1 s and then 2 s more: 3 s in all.
async fn one_after_another() -> Result<(), JoinError> {
    say_after(SECOND, "hello").await;
    say_after(2 * SECOND, "world").await;
    Ok(())
}

/// Sleeps 1 s and 2 s at the same time: 2 s in all.
async fn as_two_tasks() -> Result<(), JoinError> {
    let hello = spawn(say_after(SECOND, "hello"));
    let goodbye = spawn(say_after(2 * SECOND, "goodbye"));
    hello.await?;
    goodbye.await
}

/// Sends a request on a socket of its own, and waits for the response; if none comes in time, asks again.
async fn execute_api_call(server: SocketAddr, request: String) -> io::Result<String> {
    for _ in 0..TRIES {
        if let Ok(response) = timeout(LIMIT, ask(server, &request)).await {
            return response;
        }
    }
    Err(io::Error::new(
        ErrorKind::TimedOut,
        format!("no answer to {request:?} within {LIMIT:?}, in {TRIES} tries"),
    ))
}

/// Makes one try. Each has a new socket, so that a late answer to the try before is not taken for this one's.
async fn ask(server: SocketAddr, request: &str) -> io::Result<String> {
    let socket = UdpSocket::bind(any_address_for(server))?;
    // Then only the server can answer.
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

/// Makes all calls at the same time, and returns the responses in the order of the requests.
async fn client(server: SocketAddr, requests: &[String]) -> io::Result<Vec<String>> {
    let call =
        |request: &String| spawn_named(request.clone(), execute_api_call(server, request.clone()));
    let calls: Vec<_> = requests.iter().map(call).collect();
    let mut responses = Vec::new();
    for call in calls {
        responses.push(call.await.map_err(io::Error::other)??);
    }
    Ok(responses)
}

/// Runs the three sleeping examples and then the client, and prints how long each took by its clock.
///
/// # Errors
///
/// Returns an error if the server cannot be started, if a socket fails, or if a request is not answered in time.
pub fn demo() -> io::Result<()> {
    timed("hello, and a second later world", hello_world())?;
    timed("one after another", one_after_another())?;
    timed("as two tasks", as_two_tasks())?;
    println!("a client and a server:");
    let server = DelayServer::start_local(delay_server::Settings::default())?;
    let requests = ["request0", "request1"].map(str::to_owned);
    ask_all(server.local_addr(), &requests)
}

/// Runs the client against a server elsewhere.
///
/// # Errors
///
/// Returns an error if a socket fails, or if a request is not answered in time: the message names the server.
pub fn ask_all(server: SocketAddr, requests: &[String]) -> io::Result<()> {
    trace::title("a client and a server");
    Executor::new()?.block_on(async {
        let start = now();
        let responses = client(server, requests).await.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot ask {server}: {error}"))
        })?;
        println!("{responses:?}");
        println!("{:.3} s", (now() - start).as_secs_f64());
        Ok(())
    })
}

fn timed(title: &str, example: impl Future<Output = Result<(), JoinError>>) -> io::Result<()> {
    println!("{title}:");
    trace::title(title);
    Executor::new()?.block_on(async {
        let start = now();
        example.await.map_err(io::Error::other)?;
        println!("{:.3} s", (now() - start).as_secs_f64());
        Ok(())
    })
}
