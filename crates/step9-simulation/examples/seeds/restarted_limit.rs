//! A client whose time limit begins anew with each datagram.
//!
//! It does compare answers with requests. But its limit is for one receive, and not for the whole
//! exchange: with each late answer to an earlier request it waits for another limit.

use std::time::Duration;

use step8_fast_executor::{now, spawn_named, timeout};

use crate::lab::{Broken, Client, Clients, Lab, Program, serve};

pub(crate) const PROGRAM: Program = Program {
    name: "restarted-limit",
    bug: "a time limit does not cover the whole exchange",
    main,
};

const LIMIT: Duration = Duration::from_millis(400);

fn main(lab: &Lab, is_mended: bool) -> Clients {
    drop(spawn_named("server", serve(lab.server(), str::to_owned)));
    lab.clients(|client| ask_all(client, is_mended))
}

async fn ask_all(client: Client, is_mended: bool) -> Result<(), Broken> {
    for request in client.requests() {
        let start = now();
        client.send(&request).await;
        match is_mended {
            false => wait(&client, &request).await,
            true => drop(timeout(LIMIT, answer(&client, &request)).await),
        }
        let took = now() - start;
        if took > LIMIT {
            let what = format!("{request} took {took:.0?}, with a limit of {LIMIT:?}");
            return Err(client.lab.broken(what));
        }
    }
    Ok(())
}

/// Waits for the answer to a request.
async fn answer(client: &Client, request: &str) {
    while client.receive().await != request {}
}

/// Does so too, until nothing has come for a while.
async fn wait(client: &Client, request: &str) {
    while let Ok(answer) = timeout(LIMIT, client.receive()).await {
        if answer == request {
            return;
        }
    }
}
