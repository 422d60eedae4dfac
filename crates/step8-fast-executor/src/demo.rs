//! What does it look like? The sleeping examples of step 3 and the client of step 4, as plain `async fn`.
//!
//! The bodies are those of steps 3 and 4, and only `co` is gone. What was in the `Context` that every poll was given
//! all along, and nobody looked at? The waker.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use delay_server::DelayServer;

use crate::net::UdpSocket;
use crate::{Executor, JoinError, Options, now, sleep, spawn, timeout};

const SECOND: Duration = Duration::from_secs(1);

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
async fn execute_api_call(
    server: SocketAddr,
    request: String,
    limit: Duration,
    tries: u32,
) -> io::Result<String> {
    let mut failure = io::Error::from(ErrorKind::InvalidInput);
    for _ in 0..tries {
        match timeout(limit, ask(server, &request)).await {
            Ok(Ok(response)) => return Ok(response),
            Ok(Err(error)) => failure = error,
            Err(elapsed) => failure = io::Error::new(ErrorKind::TimedOut, elapsed),
        }
    }
    let what = match failure.kind() {
        ErrorKind::TimedOut => format!("no answer within {limit:?}"),
        ErrorKind::ConnectionRefused => "nobody listens there".to_owned(),
        _ => failure.to_string(),
    };
    Err(io::Error::new(
        failure.kind(),
        format!("{request:?} to {server}: {what}, at the last of {tries} tries"),
    ))
}

/// Makes one try. Each has a new socket, so that a late answer to the try before is not taken for this one's.
async fn ask(server: SocketAddr, request: &str) -> io::Result<String> {
    let any = match server {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = UdpSocket::bind(any)?;
    // Then only the server can answer, and it is an error if nobody listens there.
    socket.connect(server)?;
    socket.send(request.as_bytes()).await?;
    let mut buffer = vec![0; 65_536];
    let length = socket.recv(&mut buffer).await?;
    Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
}

/// Makes all calls at the same time, and gives the responses in the order of the requests.
async fn client(server: SocketAddr, options: &Options) -> io::Result<Vec<String>> {
    let call =
        |request: &String| execute_api_call(server, request.clone(), options.limit, options.tries);
    let calls: Vec<_> = options
        .requests
        .iter()
        .map(|request| spawn(call(request)))
        .collect();
    let mut responses = Vec::new();
    for call in calls {
        responses.push(call.await.map_err(io::Error::other)??);
    }
    Ok(responses)
}

/// Runs the sleeping examples and then the client, and prints how long each took by its clock.
///
/// Without a server's address it starts one, which answers after a second; with one it only runs the client. On the
/// virtual clock it only runs the sleeping examples.
///
/// # Errors
///
/// When a server cannot be started, or a request is not answered within its limits: the message names it, and says what
/// happened.
pub fn demo(options: &Options) -> io::Result<()> {
    demo_observed(options, |_, executor| executor)
}

/// Runs the demo with observers: `observe` gives one to each executor, and is told the title of what that runs.
///
/// # Errors
///
/// Those of [`demo`].
pub fn demo_observed(
    options: &Options,
    mut observe: impl FnMut(&str, Executor) -> Executor,
) -> io::Result<()> {
    if options.server.is_none() {
        let mut executor = |title| {
            println!("{title}:");
            let executor = if options.virtual_time {
                Executor::with_virtual_time()
            } else {
                Executor::new()
            };
            executor.map(|executor| observe(title, executor))
        };
        timed(&executor("hello, and a second later world")?, hello_world())?;
        timed(&executor("one after another")?, one_after_another())?;
        timed(&executor("as two tasks")?, as_two_tasks())?;
        if options.virtual_time {
            return Ok(());
        }
        println!("a client and a server:");
    }
    let own = match options.server {
        None => Some(DelayServer::start_local(delay_server::Settings::default())?),
        Some(_) => None,
    };
    let server = options
        .server
        .or(own.as_ref().map(DelayServer::local_addr))
        .expect("either is there");
    observe("a client and a server", Executor::new()?).block_on(async {
        let start = now();
        println!("{:?}", client(server, options).await?);
        println!("{:.3} s", (now() - start).as_secs_f64());
        Ok(())
    })
}

fn timed(
    executor: &Executor,
    example: impl Future<Output = Result<(), JoinError>>,
) -> io::Result<()> {
    executor.block_on(async {
        let start = now();
        example.await.map_err(io::Error::other)?;
        println!("{:.3} s", (now() - start).as_secs_f64());
        Ok(())
    })
}
