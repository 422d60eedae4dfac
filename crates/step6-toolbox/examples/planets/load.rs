//! Clients in the same program, a thousand of them at once.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http::get;
use step5_executor::{spawn, timeout, yield_now};

use crate::upstream;

/// How long a client waits for its answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How it went.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// How many have the right answer.
    pub(crate) answered: usize,
    /// What the first one without the right answer got; `None` if all have it.
    pub(crate) failure: Option<String>,
    /// How long it took until all had ended.
    pub(crate) elapsed: Duration,
}

/// Lets this many clients ask at once, for the planets in turn, and waits for all.
pub(crate) async fn load(clients: usize, server: SocketAddr) -> Outcome {
    let start = Instant::now();
    let mut tasks = Vec::new();
    for client in 0..clients {
        tasks.push(spawn(ask(server, 1 + client % 8)));
        // One a turn, so that the server can accept meanwhile: its listener's queue has 128 places.
        yield_now().await;
    }
    let (mut answered, mut failure) = (0, None);
    for task in tasks {
        match task.await.unwrap_or_else(|error| error.resume_unwind()) {
            Ok(()) => answered += 1,
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    Outcome {
        answered,
        failure,
        elapsed: start.elapsed(),
    }
}

/// Asks for a planet, and checks the answer.
async fn ask(server: SocketAddr, number: usize) -> Result<(), String> {
    let path = format!("/planets/{number}");
    match timeout(PATIENCE, get(server, &path, 64 * 1024)).await {
        Ok(Ok((200, body)))
            if Some(&body) == upstream::planet(number).map(String::into_bytes).as_ref() =>
        {
            Ok(())
        }
        Ok(Ok((status, body))) => Err(format!(
            "{path}: {status} {}",
            String::from_utf8_lossy(&body).trim_end()
        )),
        Ok(Err(error)) => Err(format!("{path}: {error}")),
        Err(elapsed) => Err(format!("{path}: {elapsed}")),
    }
}
