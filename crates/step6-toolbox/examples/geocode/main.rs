//! Where are these 162 addresses? Asks a slow service for some at once, and shows each as it comes.
//!
//! One lookup after another would take a minute and a half, and all at once would be too much for
//! most services. So a bounded number of lookups runs at the same time, and no answer waits for
//! another: `map_bounded` yields the answers as they come. Each goes to the browser as a line of
//! one long response, which the page reads bit by bit and puts on its map. If a client leaves, the
//! lookups for it end, because they are dropped with the task that served it.
//!
//! The service is in this program, and only sleeps. Each address takes its own time, the same in
//! each run.
//!
//! Run it: `cargo run -p step6-toolbox --example geocode`, and open the page that it names in a
//! browser; or `curl -N` its `/lookup`.
#![forbid(unsafe_code)]

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use http::{Request, Responder, Server};
use step5_executor::{block_on, ctrl_c, sleep, spawn_named, timeout};
use step6_toolbox::map_bounded;

const HELP: &str = "\
Looks up where 162 addresses are, some at once, and shows each the moment it is
known, on a web page with a map.

Usage: geocode [--port N] [--for SECONDS]

  --port N       port of 127.0.0.1 to listen at; 0 takes a free one (default: 8081)
  --for SECONDS  end after that time (default: run until Ctrl-C)
  --help         print this

Try it: curl -N http://127.0.0.1:8081/lookup?at-once=20
";

/// How many lookups run at once, if the client does not say.
const AT_ONCE: usize = 10;

/// The most that a client may ask for.
const MAX_AT_ONCE: usize = 1_000;

/// How long the slowest lookup takes. The quickest takes a tenth of that.
const SLOWEST: Duration = Duration::from_secs(1);

/// The page, which needs no other file.
const PAGE: &str = include_str!("page.html");

/// The addresses, such as `Lima, Peru;-12.05;-77.04`: a name, then latitude and longitude in
/// degrees, of which north and east are positive. Two addresses are nowhere.
const ADDRESSES: &str = include_str!("cities.txt");

fn main() -> ExitCode {
    cli::run("geocode", HELP, |mut arguments| {
        let port = arguments.number("--port", 0..=u16::MAX)?.unwrap_or(8081);
        let limit = arguments.seconds("--for")?.unwrap_or(Duration::MAX);
        arguments.end()?;
        Ok(block_on(serve(port, limit))?)
    })
}

async fn serve(port: u16, limit: Duration) -> io::Result<()> {
    let stop = ctrl_c()?;
    let server = Server::new(port)?;
    println!("geocode listens at http://{}/", server.local_addr()?);
    drop(spawn_named("geocode", server.run(answer)));
    match timeout(limit, stop).await {
        Ok(()) => println!("Stopped by Ctrl-C."),
        Err(_) => println!("The time is over."),
    }
    Ok(())
}

async fn answer(request: Request, responder: Responder<'_>) -> io::Result<()> {
    match request.path.as_str() {
        "/" => responder.send(200, "text/html; charset=utf-8", PAGE).await,
        "/lookup" => match at_once(&request.query) {
            Some(at_once) => look_up_all(at_once, responder).await,
            None => {
                responder
                    .error(400, "the query can be at-once=N, N from 1 to 1000")
                    .await
            }
        },
        _ => {
            responder
                .error(404, "there is nothing here, but at / and at /lookup")
                .await
        }
    }
}

/// Reads how many lookups a client wants at once.
fn at_once(query: &str) -> Option<usize> {
    if query.is_empty() {
        return Some(AT_ONCE);
    }
    let digits = query.strip_prefix("at-once=")?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let wanted = digits.parse().ok().filter(|_| is_number)?;
    (1..=MAX_AT_ONCE).contains(&wanted).then_some(wanted)
}

/// Sends a line of JSON for each address, the moment it is known.
///
/// Lookups continue only while this waits for the next one. So a client that reads slowly gets slow
/// lookups, and nothing piles up here.
async fn look_up_all(at_once: usize, responder: Responder<'_>) -> io::Result<()> {
    let mut body = responder.stream("application/x-ndjson").await?;
    let total = ADDRESSES.lines().count();
    body.send(&format!("{{\"total\": {total}, \"at_once\": {at_once}}}\n"))
        .await?;
    let mut lookups = map_bounded(at_once, ADDRESSES.lines(), look_up);
    let mut known = 0;
    while let Some(line) = lookups.next().await {
        if let Err(error) = body.send(&line).await {
            println!("A client left when {known} of {total} addresses were known.");
            return Err(error);
        }
        known += 1;
    }
    println!("A client knows {known} addresses.");
    Ok(())
}

/// Looks an address up, which takes between a tenth of the longest time and all of it. Returns a
/// line of JSON. Nothing in the addresses needs escaping.
async fn look_up(address: &str) -> String {
    let ms = 100 + hash(address) % 901;
    sleep(SLOWEST * ms / 1_000).await;
    let (name, position) = address.split_once(';').unwrap_or((address, "null;null"));
    let (latitude, longitude) = position.split_once(';').unwrap_or((position, "null"));
    format!(
        "{{\"address\": \"{name}\", \"latitude\": {latitude}, \"longitude\": {longitude}, \
         \"ms\": {ms}}}\n"
    )
}

/// FNV-1a, by Fowler, Noll and Vo: the same number for the same address.
fn hash(address: &str) -> u32 {
    let add = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    address.bytes().fold(0x811c_9dc5, add)
}
