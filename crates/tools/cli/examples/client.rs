//! Prints what it would ask, as the demos' clients do: the arguments are `ADDRESS [REQUEST]...`.
//!
//! `cargo run -p cli --example client -- 127.0.0.1:8000 hello`

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

fn demo() -> io::Result<()> {
    // Without a newline at its end, this stays in the buffer until the program ends.
    print!("the demo");
    Ok(())
}

fn ask(server: SocketAddr, requests: &[String]) -> io::Result<()> {
    for request in requests {
        println!("{server}: {request}");
    }
    match requests.last().map(String::as_str) {
        Some("fail") => Err(io::Error::other("as asked")),
        Some("complain") => {
            eprintln!("as asked");
            Ok(())
        }
        _ => Ok(()),
    }
}

fn main() -> ExitCode {
    cli::run_client("client", demo, ask)
}
