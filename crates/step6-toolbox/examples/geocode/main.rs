//! Where a hundred and more addresses are: a slow service is asked for some at once, and each is
//! shown as it comes.
//!
//! One lookup after another takes a minute and a half, and all at once would be too much for most
//! services. So a bounded number of lookups runs at the same time, and no answer waits for another:
//! `map_bounded` yields the answers as they come, and each goes to the browser as a chunk of one
//! long answer, which the page reads bit by bit and puts on its map. A client that leaves ends the
//! lookups that it asked for, because they are dropped with the task that served it.
//!
//! The service is in this program, and only sleeps: each address takes its own time, the same in
//! each run.
//!
//! Run it: `cargo run -p step6-toolbox --example geocode`, and open the page that it names in a
//! browser
//!
//! In the terminal: `cargo run -p step6-toolbox --example geocode -- --list`
//!
//! All options: `cargo run -p step6-toolbox --example geocode -- --help`
#![forbid(unsafe_code)]

mod cities;
mod list;
mod service;
mod site;
#[cfg(test)]
mod tests;

use std::future::pending;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use http::{Limits, Responder, Server};
use step5_executor::{block_on, ctrl_c, spawn_named, timeout};
use step6_toolbox::{Either, race};

use service::Service;
use site::Site;

const HELP: &str = "\
Looks up where 162 addresses are, some at once, and shows each the moment it is
known: on a web page with a map, or in the terminal.

Usage: geocode [--port N] [--for SECONDS] [--list]

  --port N       port of 127.0.0.1 to listen at; 0 takes a free one (default: 8081)
  --for SECONDS  end after that time (default: run until Ctrl-C)
  --list         no web server: print the addresses, and end
  --help         print this

Try it: curl -N http://127.0.0.1:8081/lookup
";

/// How many lookups run at the same time, if the client does not say.
const AT_ONCE: usize = 10;

/// How long the slowest lookup takes.
const SLOWEST: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    cli::run("geocode", HELP, |mut arguments| {
        let port = arguments.number("--port", 0..=u16::MAX)?.unwrap_or(8081);
        let limit = arguments.seconds("--for")?.unwrap_or(Duration::MAX);
        let list = arguments.flag("--list")?;
        arguments.end()?;

        let service = Service::new(SLOWEST);
        Ok(block_on(async {
            let work = async {
                if list {
                    list::list(&service, AT_ONCE, |line| println!("{line}")).await;
                    Ok(())
                } else {
                    serve(port, service.clone()).await
                }
            };
            run(work, limit).await
        })?)
    })
}

/// Runs until the work is done, the time is over, or Ctrl-C comes.
async fn run(work: impl Future<Output = io::Result<()>>, limit: Duration) -> io::Result<()> {
    let stop = ctrl_c()?;
    match race(work, timeout(limit, stop)).await {
        Either::First(result) => result?,
        Either::Second(Ok(())) => println!("Stopped by Ctrl-C."),
        Either::Second(Err(_)) => println!("The time is over."),
    }
    Ok(())
}

async fn serve(port: u16, service: Service) -> io::Result<()> {
    // Each client takes one socket, and `select` has room for far more of them.
    let server = Server::local(port, Limits::default())?;
    println!("geocode listens at http://{}/", server.local_addr()?);
    let at_once = AT_ONCE;
    let site = Site { service, at_once };
    let answer =
        async move |request, responder: Responder<'_>| site.answer(request, responder).await;
    drop(spawn_named("geocode", server.run(answer)));
    pending().await
}
