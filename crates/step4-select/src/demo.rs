//! A client asks a server two things that take a second each, on one thread.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use delay_server::DelayServer;

use crate::{Co, Scheduler, Socket, TaskId};

/// How long the demo's client waits for all of its answers.
const LIMIT: Duration = Duration::from_secs(10);

/// Sends a request on a socket of its own, and waits for the response.
async fn execute_api_call(co: &Co, server: SocketAddr, request: &str) -> io::Result<String> {
    let socket = Socket::bind(any_address_for(server))?;
    // Then only the server can answer, and it is an error if there is none.
    socket.connect(server)?;
    socket.send(co, request.as_bytes()).await?;
    let mut buffer = vec![0; 65_536];
    let length = socket.recv(co, &mut buffer).await?;
    Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
}

fn any_address_for(server: SocketAddr) -> SocketAddr {
    match server {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    }
}

/// Makes all calls at the same time, and returns the responses in the order of the requests.
async fn client(
    co: Co,
    server: SocketAddr,
    requests: Vec<String>,
    limit: Duration,
) -> io::Result<Vec<String>> {
    let mut calls = Vec::new();
    for request in requests {
        let name = request.clone();
        let body = async move |co| execute_api_call(&co, server, &request).await;
        calls.push((co.spawn_named(&name, body).await, name));
    }
    let ids = calls.iter().map(|(call, _)| call.id()).collect();
    let watchdog = async move |co| cancel_after(&co, limit, ids).await;
    let watchdog = co.spawn_named("watchdog", watchdog).await;

    let (mut responses, mut unanswered) = (Vec::new(), Vec::new());
    for (call, request) in calls {
        match call.join(&co).await {
            Some(response) => responses.push(response),
            None => unanswered.push(request),
        }
    }
    watchdog.cancel(&co).await;
    if unanswered.is_empty() {
        return responses.into_iter().collect();
    }
    let message = format!("no answer within {limit:?} to {}", unanswered.join(", "));
    Err(io::Error::new(io::ErrorKind::TimedOut, message))
}

/// Stands in for the time limit that this step cannot express: see the wall in the crate's
/// documentation.
async fn cancel_after(co: &Co, limit: Duration, tasks: Vec<TaskId>) {
    co.sleep(limit).await;
    for task in tasks {
        co.cancel(task).await;
    }
}

/// Runs the client against a server that answers after a second, and prints the responses and how
/// long they took.
///
/// # Errors
///
/// Returns an error if the server cannot be started, if a socket fails, or if a request is not
/// answered in time.
pub fn demo() -> io::Result<()> {
    let server = DelayServer::start_local(delay_server::Settings::default())?;
    ask(
        server.local_addr(),
        &["request0", "request1"].map(str::to_owned),
    )
}

/// Runs the client against this server.
///
/// # Errors
///
/// Returns an error if a socket fails, or if a request is not answered in time: the message names
/// the server.
pub fn ask(server: SocketAddr, requests: &[String]) -> io::Result<()> {
    trace::title("a client and a server");
    let start = Instant::now();
    let requests = requests.to_vec();
    let scheduler = Scheduler::new()?;
    let outcome = scheduler.run(async move |co| client(co, server, requests, LIMIT).await);
    let responses = outcome
        .map_err(io::Error::other)?
        .map_err(|error| io::Error::new(error.kind(), format!("cannot ask {server}: {error}")))?;
    println!("{responses:?}");
    println!("{:.3} s", start.elapsed().as_secs_f64());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;

    use super::*;

    /// Classic bug: One lost datagram hangs the client forever
    #[test]
    fn a_lost_datagram_does_not_hang_the_client() {
        let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
        let server = silent.local_addr().unwrap();
        let limit = Duration::from_millis(100);
        let start = Instant::now();
        let outcome = Scheduler::new().unwrap().run(async move |co| {
            let requests = ["a", "b"].map(str::to_owned).to_vec();
            client(co, server, requests, limit).await
        });
        let error = outcome.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "no answer within 100ms to a, b");
        assert!(start.elapsed() >= limit);
    }

    #[test]
    fn an_answer_ends_the_wait_before_the_limit() {
        let settings = delay_server::Settings {
            delay: Duration::ZERO,
            ..delay_server::Settings::default()
        };
        let server = DelayServer::start_local(settings).unwrap();
        let address = server.local_addr();
        let outcome = Scheduler::new()
            .unwrap()
            .run(async move |co| client(co, address, vec!["a".to_owned()], 100 * LIMIT).await);
        assert_eq!(outcome.unwrap().unwrap(), ["response for a"]);
    }
}
