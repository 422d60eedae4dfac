//! What does it look like? The tutorial's client asks a server two things that take a second each, on one thread.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use delay_server::DelayServer;

use crate::{
    Cancelled, Co, Generated, Observer, Options, Request, Scheduler, Sleep, Socket, TaskId,
};

/// Sends a request on a socket of its own, and waits for the response.
async fn execute_api_call(co: &Co, server: SocketAddr, request: &str) -> io::Result<String> {
    let any = match server {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = Socket::bind(any)?;
    socket.send_to(co, request.as_bytes(), server).await?;
    let mut buffer = vec![0; 65_536];
    loop {
        let (length, from) = socket.recv_from(co, &mut buffer).await?;
        // Anybody may send to this port.
        if from == server {
            return Ok(String::from_utf8_lossy(&buffer[..length]).into_owned());
        }
    }
}

/// Makes all calls at the same time, and gives the responses in the order of the requests.
async fn client(
    co: &Co,
    server: SocketAddr,
    requests: Vec<String>,
    limit: Duration,
) -> io::Result<Vec<String>> {
    let mut calls = Vec::new();
    for request in requests.clone() {
        let name = request.clone();
        let call =
            Generated::new(async move |co: &Co| execute_api_call(co, server, &request).await);
        calls.push(co.spawn_named(name, call).await);
    }
    let ids = calls.iter().map(|call| call.id()).collect();
    let watchdog = Generated::new(async move |co: &Co| cancel_after(co, limit, ids).await);
    let watchdog = co.spawn_named("watchdog", watchdog).await;

    let (mut responses, mut unanswered) = (Vec::new(), Vec::new());
    for (call, request) in calls.into_iter().zip(requests) {
        match call.join(co).await {
            Ok(response) => responses.push(response.map_err(|error| cannot_ask(server, &error))),
            Err(Cancelled) => unanswered.push(request),
        }
    }
    watchdog.cancel(co).await;
    if unanswered.is_empty() {
        return responses.into_iter().collect();
    }
    let message = format!("{server} did not answer {unanswered:?} within {limit:?}");
    Err(io::Error::new(io::ErrorKind::TimedOut, message))
}

fn cannot_ask(server: SocketAddr, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot ask {server}: {error}"))
}

/// What this step has instead of a time limit: see the wall in the crate's documentation.
async fn cancel_after(co: &Co, limit: Duration, tasks: Vec<TaskId>) {
    co.yield_(Sleep(limit)).await;
    for task in tasks {
        co.cancel(task).await;
    }
}

/// Runs the client, and prints the responses and how long they took.
///
/// Without a server's address it starts one, which answers after a second.
///
/// # Errors
///
/// When a server cannot be started, or a socket fails, or a request is not answered in time: the message names it.
pub fn demo(options: &Options) -> io::Result<()> {
    demo_observed(options, |_| ())
}

/// Runs the demo with an observer, which `observe` makes from the title of what runs.
///
/// # Errors
///
/// Those of [`demo`].
pub fn demo_observed<O: Observer<Request>>(
    options: &Options,
    observe: impl FnOnce(&str) -> O,
) -> io::Result<()> {
    let own = match options.server {
        None => Some(DelayServer::start_local(delay_server::Settings::default())?),
        Some(_) => None,
    };
    let server = options
        .server
        .or(own.as_ref().map(DelayServer::local_addr))
        .expect("either is there");
    let Options {
        requests, limit, ..
    } = options.clone();

    let start = Instant::now();
    let client = Generated::new(async move |co: &Co| client(co, server, requests, limit).await);
    let responses = Scheduler::new()?
        .with_observer(observe("a client and a server"))
        .run(client)
        .map_err(io::Error::other)??;
    println!("{responses:?}");
    println!("{:.3} s", start.elapsed().as_secs_f64());
    Ok(())
}
