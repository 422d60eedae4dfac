//! `ADDRESS [REQUEST]...`, the arguments of the demos that ask a server.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

use crate::{Arguments, Error, run, text};

/// What a demo asks unless the command line says what.
const REQUESTS: [&str; 2] = ["request0", "request1"];

/// Runs `demo` if there are no arguments, and `ask` if they name a server and requests.
pub fn run_client(
    program: &'static str,
    demo: impl FnOnce() -> io::Result<()>,
    ask: impl FnOnce(SocketAddr, &[String]) -> io::Result<()>,
) -> ExitCode {
    let [first, second] = REQUESTS;
    let help = format!(
        "\
Runs the demo with a server of its own, or only its client with another server.

Usage: cargo run -p {program} [-- ADDRESS [REQUEST]...]

  ADDRESS  IP address and port of a server, such as 127.0.0.1:8000
  REQUEST  what to ask it (default: {first} {second}); if one begins with
           a dash, write -- before the first
  --help   print this

A server to ask: cargo run -p delay-server
"
    );
    run(program, &help, |arguments| {
        match server_and_requests(arguments)? {
            None => demo()?,
            Some((server, requests)) => ask(server, &requests)?,
        }
        Ok(())
    })
}

/// Returns the address of a server and what to ask it; `None` if there are no arguments.
///
/// # Errors
///
/// Returns an error if the first argument is not an address that a server can be asked at, or if a
/// request is not UTF-8.
///
/// # Examples
///
/// ```
/// let arguments = cli::Arguments::new(["127.0.0.1:8000", "hello"].map(Into::into));
/// let (server, requests) = cli::server_and_requests(arguments)?.unwrap();
/// assert_eq!((server.port(), &requests[..]), (8000, &["hello".to_owned()][..]));
/// # Ok::<(), cli::Error>(())
/// ```
pub fn server_and_requests(
    arguments: Arguments,
) -> Result<Option<(SocketAddr, Vec<String>)>, Error> {
    let mut operands = arguments.operands()?.into_iter();
    let Some(address) = operands.next() else {
        return Ok(None);
    };
    let server = crate::address(&address)?;
    // A server may listen at port 0 or at all addresses, but no client can reach it there.
    if server.port() == 0 || server.ip().is_unspecified() {
        let message = format!("nothing can answer from {address:?}: give the address of a server");
        return Err(Error::Usage(message));
    }
    let mut requests: Vec<String> = operands.map(text).collect::<Result<_, _>>()?;
    if requests.is_empty() {
        requests = REQUESTS.map(str::to_owned).to_vec();
    }
    Ok(Some((server, requests)))
}
