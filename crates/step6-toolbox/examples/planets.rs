//! A small web API that asks a slow service for each answer, and yet no client waits for another.
//!
//! `GET /planets/3` takes half a second, because the service behind it does. Fifty such requests
//! take half a second, too: each is a task, and while one waits, the thread works for another. The
//! service is in this program as well, so that you need nothing else, but it is asked over HTTP. As
//! in Quart or aiohttp, the handler of a request is an `async` function, which awaits another
//! server.
//!
//! First, fifty clients in this program ask at once. Then it serves yours.
//!
//! Run it: `cargo run -p step6-toolbox --example planets`, and then `curl -i
//! http://127.0.0.1:8080/planets/3`
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use http::{Request, Responder, Server, get};
use step5_executor::{block_on, ctrl_c, now, sleep, spawn_named, timeout};
use step6_toolbox::join_all;

const HELP: &str = "\
A small web API: GET /planets/N asks a slow service, which is in this program, too.

Usage: planets [--port N] [--for SECONDS]

  --port N       port of 127.0.0.1 to listen at; 0 takes a free one (default: 8080)
  --for SECONDS  end after that time (default: run until Ctrl-C)
  --help         print this
";

/// How many clients ask at once. Each takes four sockets here, and macOS allows 256.
const CLIENTS: usize = 50;

/// How long the service takes for each answer.
const LATENCY: Duration = Duration::from_millis(500);

/// How long to wait for the service.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many bytes an answer of the service may have.
const MAX_BYTES: usize = 1_000;

/// Names, and mean distances from the Sun in astronomical units.
const PLANETS: [(&str, f64); 8] = [
    ("Mercury", 0.387),
    ("Venus", 0.723),
    ("Earth", 1.0),
    ("Mars", 1.524),
    ("Jupiter", 5.203),
    ("Saturn", 9.537),
    ("Uranus", 19.19),
    ("Neptune", 30.07),
];

fn main() -> ExitCode {
    cli::run("planets", HELP, |mut arguments| {
        let port = arguments.number("--port", 0..=u16::MAX)?.unwrap_or(8080);
        let limit = arguments.seconds("--for")?.unwrap_or(Duration::MAX);
        arguments.end()?;
        Ok(block_on(serve(port, limit))?)
    })
}

async fn serve(port: u16, limit: Duration) -> io::Result<()> {
    let stop = ctrl_c()?;
    let (service, server) = (Server::new(0)?, Server::new(port)?);
    let (behind, address) = (service.local_addr()?, server.local_addr()?);
    let at_once = Rc::new(Cell::new((0, 0)));
    let counts = at_once.clone();
    let slow = async move |request, to: Responder<'_>| slow_service(request, to, &counts).await;
    drop(spawn_named("service", service.run(slow)));
    let api = async move |request, to: Responder<'_>| api(request, to, behind).await;
    drop(spawn_named("planets", server.run(api)));

    println!("{CLIENTS} clients ask a service that takes {LATENCY:?} for each.");
    let start = now();
    let clients = (0..CLIENTS).map(|n| async move {
        let path = format!("/planets/{}", 1 + n % PLANETS.len());
        get(address, &path, MAX_BYTES).await
    });
    for answer in join_all(clients).await {
        answer?;
    }
    let (took, most) = ((now() - start).as_secs_f64(), at_once.get().1);
    println!("All have their answers after {took:.2} s; {most} waited at once.");

    println!("Now ask yourself: http://{address}/planets/3");
    match timeout(limit, stop).await {
        Ok(()) => println!("Stopped by Ctrl-C."),
        Err(_) => println!("The time is over."),
    }
    Ok(())
}

/// Answers `/planets/N`, after a while. Counts how many requests wait now, and the most so far.
async fn slow_service(
    request: Request,
    responder: Responder<'_>,
    at_once: &Cell<(usize, usize)>,
) -> io::Result<()> {
    let (waiting, most) = at_once.get();
    at_once.set((waiting + 1, most.max(waiting + 1)));
    sleep(LATENCY).await;
    let (waiting, most) = at_once.get();
    at_once.set((waiting - 1, most));

    let digits = request.path.strip_prefix("/planets/");
    let number: Option<usize> = digits.and_then(|digits| digits.parse().ok());
    let planet = number.and_then(|number| PLANETS.get(number.checked_sub(1)?));
    match planet {
        Some((name, distance)) => {
            let body = format!("{{\"name\": \"{name}\", \"distance_au\": {distance:?}}}\n");
            responder.send(200, "application/json", &body).await
        }
        None => responder.error(404, "there is no such planet").await,
    }
}

/// Passes on what the service answers, or says what went wrong.
async fn api(request: Request, responder: Responder<'_>, behind: SocketAddr) -> io::Result<()> {
    let digits = request.path.strip_prefix("/planets/");
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !digits.is_some_and(is_number) {
        return responder
            .error(404, "there is nothing here, but at /planets/3")
            .await;
    }
    // Other requests are answered meanwhile: only this task waits.
    match timeout(PATIENCE, get(behind, &request.path, MAX_BYTES)).await {
        Ok(Ok((200, planet))) => {
            let planet = String::from_utf8_lossy(&planet);
            responder.send(200, "application/json", &planet).await
        }
        Ok(Ok((404, _))) => {
            responder
                .error(404, "there is no planet with this number")
                .await
        }
        Ok(_) => {
            responder
                .error(502, "the service cannot be reached, or is ill")
                .await
        }
        Err(_) => responder.error(504, "the service takes too long").await,
    }
}
