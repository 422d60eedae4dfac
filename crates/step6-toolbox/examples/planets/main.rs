//! A small web API that asks a slow service for each answer, and yet no client waits for another.
//!
//! `GET /planets/3` takes a second, because the service behind it does. A thousand such requests
//! take a second too: each is a task, and while one waits, the thread works for another. The
//! service is in this program, so that nothing else is needed; even so, it is asked over HTTP.
//! Answers are JSON, even those that say what is wrong: 400, 404, 405, 408, 431, 502, 503 and 504.
//!
//! Run it: `cargo run -p step6-toolbox --example planets`, and then `curl -i
//! http://127.0.0.1:8080/planets/3`
//!
//! The load: `cargo run --release -p step6-toolbox --example planets -- --load 1000`
//!
//! All options: `cargo run -p step6-toolbox --example planets -- --help`
#![forbid(unsafe_code)]

mod api;
mod load;
mod room;
#[cfg(test)]
mod tests;
mod upstream;

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use http::{Limits, Responder, Server};
use step5_executor::{ctrl_c, spawn_named, timeout};
use step6_toolbox::{Either, race};

use api::Api;
use load::Outcome;
use room::Room;

const HELP: &str = "\
A small web API: GET /planets/N asks a slow upstream service, which is in this
program too.

Usage: planets [--port N] [--for SECONDS] [--select] [--load N]

  --port N       port of 127.0.0.1 to listen at; 0 takes a free one (default: 8080)
  --for SECONDS  end after that time (default: run until Ctrl-C)
  --select       wait with select(2), which has room for few clients, even where
                 there is epoll
  --load N       let N clients in this program ask at once, print the time, and end
  --help         print this

Try it: curl -i http://127.0.0.1:8080/planets/3
";

/// How long the upstream takes for each answer.
const LATENCY: Duration = Duration::from_secs(1);

/// After that time the upstream is given up.
const PATIENCE: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    cli::run("planets", HELP, |mut arguments| {
        let port = arguments.number("--port", 0..=u16::MAX)?.unwrap_or(8080);
        let limit = arguments.seconds("--for")?.unwrap_or(Duration::MAX);
        let select = arguments.flag("--select")?;
        let load = arguments.number("--load", 1..=100_000)?;
        arguments.end()?;

        // A client takes a socket here, one to ask the upstream with, and the upstream's end of
        // that. Under load the client's end is in this process too.
        let sockets_each = if load.is_some() { 4 } else { 3 };
        let (executor, room) = room::executor(select, sockets_each)?;
        Ok(executor.block_on(serve(port, limit, load, room))?)
    })
}

async fn serve(port: u16, limit: Duration, load: Option<usize>, room: Room) -> io::Result<()> {
    let stop = ctrl_c()?;
    let limits = Limits {
        connections: room.clients,
        ..Limits::default()
    };
    let upstream = Server::local(0, limits)?;
    let (upstream_address, asked) = (upstream.local_addr()?, upstream.live());
    let answer = async |request, responder: Responder<'_>| {
        let answer = upstream::answer(&request, LATENCY).await;
        responder.send(answer).await
    };
    drop(spawn_named("upstream", upstream.run(answer)));

    let server = Server::local(port, limits)?;
    let address = server.local_addr()?;
    let api = Api {
        upstream: upstream_address,
        patience: PATIENCE,
    };
    let answer = async move |request, responder: Responder<'_>| {
        let answer = api.answer(&request).await;
        responder.send(answer).await
    };
    drop(spawn_named("planets", server.run(answer)));

    println!("planets listens at http://{address}/planets/3");
    let (clients, why) = (grouped(room.clients), room.why);
    println!("It holds {clients} clients at once ({why}); more are told to come again.");
    let work = async {
        match load {
            None => pending().await,
            Some(clients) => put_load(clients, room, address).await,
        }
    };
    match race(work, timeout(limit, stop)).await {
        Either::First(elapsed) => {
            let (elapsed, latency) = (elapsed?.as_secs_f64(), LATENCY.as_secs_f64());
            let most = grouped(asked.most());
            println!(
                "It took {elapsed:.2} s. The upstream takes {latency} s for each, \
                 and worked on {most} at once."
            );
        }
        Either::Second(Ok(())) => println!("Stopped by Ctrl-C."),
        Either::Second(Err(_)) => println!("The time is over."),
    }
    Ok(())
}

/// Lets clients ask, as many as there is room for, and returns how long it took until all had their
/// answers.
async fn put_load(clients: usize, room: Room, server: SocketAddr) -> io::Result<Duration> {
    if clients > room.clients {
        println!("{} clients do not fit, so fewer ask.", grouped(clients));
    }
    let clients = clients.min(room.clients);
    let Outcome {
        answered,
        failure,
        elapsed,
    } = load::load(clients, server).await;
    let (answered, clients) = (grouped(answered), grouped(clients));
    println!("{answered} of {clients} clients have their answers.");
    match failure {
        None => Ok(elapsed),
        Some(failure) => {
            let message = format!("the first that has none: {failure}");
            Err(io::Error::other(message))
        }
    }
}

/// Writes a number with a comma before each group of three digits.
fn grouped(number: usize) -> String {
    match number / 1_000 {
        0 => number.to_string(),
        thousands => format!("{},{:03}", grouped(thousands), number % 1_000),
    }
}
