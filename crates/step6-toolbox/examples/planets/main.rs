//! A small web API that asks a slow service for each answer, and yet keeps nobody waiting for others.
//!
//! `GET /planets/3` takes a second, because the service behind it does. A thousand such requests take a second too:
//! each is a task, and while one waits, the thread does another's work. The service is in this program, so that nothing
//! else is needed; even so, it is asked over HTTP. Answers are JSON, even those that say what is wrong: 400, 404, 405,
//! 408, 431, 502, 503 and 504.
//!
//! Run it: `cargo run -p step6-toolbox --example planets`, and then `curl -i http://127.0.0.1:8080/planets/3`
//! The load: `cargo run --release -p step6-toolbox --example planets -- --load 1000`
//! All options: `cargo run -p step6-toolbox --example planets -- --help`
#![forbid(unsafe_code)]

#[path = "planets/api.rs"]
mod api;
#[path = "support/http/mod.rs"]
mod http;
#[path = "planets/load.rs"]
mod load;
#[path = "planets/options.rs"]
mod options;
#[path = "planets/room.rs"]
mod room;
#[path = "planets/upstream.rs"]
mod upstream;
#[path = "support/web.rs"]
mod web;

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use step5_executor::{ctrl_c, spawn};
use step6_toolbox::{Either, race};

use api::Api;
use http::{Limits, Responder};
use load::Outcome;
use options::{HELP, Options};
use room::Room;

fn main() -> ExitCode {
    web::main("planets", HELP, Options::parse, run)
}

fn run(options: Options) -> io::Result<()> {
    // A client's own socket here, the one with which it is asked for upstream, and the upstream's end of that. Under load
    // the client's end is in this process too.
    let sockets_each = if options.load.is_some() { 4 } else { 3 };
    let (executor, room) = room::executor(options.select, sockets_each)?;
    executor.block_on(serve(&options, room))
}

async fn serve(options: &Options, room: Room) -> io::Result<()> {
    let stop = ctrl_c()?;
    let limits = Limits {
        connections: room.clients,
        ..Limits::default()
    };
    let latency = options.latency;

    let upstream = web::listen(0, limits)?;
    let (upstream_address, asked) = (upstream.local_addr()?, upstream.live());
    drop(spawn(upstream.run(
        async move |request, responder: Responder<'_>| {
            responder
                .send(upstream::answer(&request, latency).await)
                .await
        },
    )));

    let server = web::listen(options.port, limits)?;
    let address = server.local_addr()?;
    let api = Api {
        upstream: upstream_address,
        patience: Duration::from_secs(5),
    };
    drop(spawn(server.run(
        async move |request, responder: Responder<'_>| {
            responder.send(api.answer(&request).await).await
        },
    )));

    println!("planets listens at http://{address}/planets/3");
    println!(
        "It holds {} clients at once ({}); more are told to come again.",
        grouped(room.clients),
        room.why
    );
    let work = async {
        match options.load {
            None => pending().await,
            Some(clients) => put_load(clients, room, address).await,
        }
    };
    match race(work, web::until_stopped(stop, options.limit)).await {
        Either::First(elapsed) => {
            let (elapsed, latency, most) = (
                elapsed?.as_secs_f64(),
                latency.as_secs_f64(),
                grouped(asked.most()),
            );
            println!(
                "It took {elapsed:.2} s. The upstream takes {latency} s for each, and worked on {most} at once."
            );
        }
        Either::Second(why) => println!("{why}"),
    }
    Ok(())
}

/// Lets clients ask, as many as there is room for, and returns how long it took until all had their answers.
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
    println!(
        "{} of {} clients have their answers.",
        grouped(answered),
        grouped(clients)
    );
    match failure {
        None => Ok(elapsed),
        Some(failure) => Err(io::Error::other(format!(
            "the first that has none: {failure}"
        ))),
    }
}

/// Writes a number with a comma before each group of three digits.
fn grouped(number: usize) -> String {
    match number / 1_000 {
        0 => number.to_string(),
        thousands => format!("{},{:03}", grouped(thousands), number % 1_000),
    }
}
