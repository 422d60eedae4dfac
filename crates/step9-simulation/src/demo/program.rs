//! One program, for any network: a server, and a client that asks again.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use step8_fast_executor::{sleep, spawn_named, timeout};

use crate::{Datagrams, Transport};

/// How long a client waits for an answer, each time that it makes a request.
const LIMIT: Duration = Duration::from_secs(1);

/// How often it makes a request, at most.
const TRIES: u32 = 3;

/// Answers requests, one after the other, each after the time that the work takes.
pub(crate) async fn serve(socket: impl Datagrams, work: Duration) -> io::Result<()> {
    let mut buffer = [0; 512];
    loop {
        let (length, client) = socket.recv_from(&mut buffer).await?;
        sleep(work).await;
        let request = String::from_utf8_lossy(&buffer[..length]);
        let response = format!("response for {request}");
        socket.send_to(response.as_bytes(), client).await?;
    }
}

/// Sends a request from a socket of its own, and waits for the response.
async fn call(
    network: &impl Transport,
    from: SocketAddr,
    server: SocketAddr,
    request: &str,
) -> io::Result<String> {
    let socket = network.bind(from)?;
    socket.connect(server)?;
    socket.send(request.as_bytes()).await?;
    // On the heap, so that those who do not wait yet are small.
    let mut buffer = vec![0; 512];
    let length = socket.recv(&mut buffer).await?;
    Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
}

/// Makes a request, and makes it again if there is no answer in time. Also returns how many tries
/// it took.
pub(crate) async fn call_with_retries(
    network: &impl Transport,
    from: SocketAddr,
    server: SocketAddr,
    request: &str,
) -> (io::Result<String>, u32) {
    let mut failure = ErrorKind::TimedOut.into();
    for tries in 1..=TRIES {
        match timeout(LIMIT, call(network, from, server, request)).await {
            Ok(Ok(response)) => return (Ok(response), tries),
            Ok(Err(error)) => failure = error,
            Err(elapsed) => failure = io::Error::new(ErrorKind::TimedOut, elapsed),
        }
    }
    (Err(failure), TRIES)
}

/// Starts a server, makes all requests at the same time, and returns the responses in their order.
pub(crate) async fn ask_own_server(
    network: &impl Transport,
    server: SocketAddr,
    client: SocketAddr,
    requests: &[String],
) -> io::Result<Vec<String>> {
    let socket = network.bind(server)?;
    let server = socket.local_addr()?;
    let serving = spawn_named("server", serve(socket, Duration::from_millis(10)));
    let call = |request: &String| {
        let (network, request) = (network.clone(), request.clone());
        spawn_named(request.clone(), async move {
            call_with_retries(&network, client, server, &request)
                .await
                .0
        })
    };
    let calls: Vec<_> = requests.iter().map(call).collect();
    let mut responses = Vec::new();
    for call in calls {
        responses.push(call.await.map_err(io::Error::other)??);
    }
    serving.abort();
    Ok(responses)
}
