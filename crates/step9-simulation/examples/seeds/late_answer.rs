//! A client that takes what comes for the answer to what it asked last.
//!
//! It has one socket for all its requests, a time limit and a second try. If the answer to the
//! first try is late, both tries are answered, and one of the answers is left for the next request.

use std::time::Duration;

use step8_fast_executor::{spawn_named, timeout};

use crate::lab::{Broken, Client, Clients, Lab, Program, serve};

pub(crate) const PROGRAM: Program = Program {
    name: "late-answer",
    bug: "a late answer is taken for the answer to the next request",
    main,
};

const LIMIT: Duration = Duration::from_secs(1);
const TRIES: u32 = 3;

fn main(lab: &Lab, is_mended: bool) -> Clients {
    let server = serve(lab.server(), |request| format!("answer to {request}"));
    drop(spawn_named("server", server));
    lab.clients(|client| ask_all(client, is_mended))
}

async fn ask_all(client: Client, is_mended: bool) -> Result<(), Broken> {
    for request in client.requests() {
        let answer = match is_mended {
            false => ask(&client, &request).await,
            true => ask_mended(&client, &request).await,
        };
        if let Some(answer) = answer
            && answer != format!("answer to {request}")
        {
            let what = format!("asked {request}, and took the {answer}");
            return Err(client.lab.broken(what));
        }
    }
    Ok(())
}

/// Returns what the server says; `None` if it says nothing.
async fn ask(client: &Client, request: &str) -> Option<String> {
    for _ in 0..TRIES {
        client.send(request).await;
        if let Ok(answer) = timeout(LIMIT, client.receive()).await {
            return Some(answer);
        }
    }
    None
}

/// Does so too, and keeps waiting if it answers another request.
async fn ask_mended(client: &Client, request: &str) -> Option<String> {
    let matching = async || {
        loop {
            let answer = client.receive().await;
            if answer.strip_prefix("answer to ") == Some(request) {
                return answer;
            }
        }
    };
    for _ in 0..TRIES {
        client.send(request).await;
        if let Ok(answer) = timeout(LIMIT, matching()).await {
            return Some(answer);
        }
    }
    None
}
