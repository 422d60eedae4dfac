//! Runs the demos' server until it is interrupted, or has answered as many requests as it was told to.
//!
//! `cargo run -p delay-server -- --help` says how.

#![forbid(unsafe_code)]

mod command_line;

use std::env;
use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use command_line::{Command, HELP};
use delay_server::{DelayServer, Settings};

fn main() -> ExitCode {
    let (problem, code) = match command_line::parse(env::args_os().skip(1)) {
        Ok(command) => match run(command) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(problem) => (problem, 1),
        },
        Err(problem) => (problem, 2),
    };
    // Not `eprintln!`, which panics if nobody can read the message.
    let _ = writeln!(io::stderr(), "delay-server: {problem}");
    ExitCode::from(code)
}

fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Help => print(HELP),
        Command::Serve { address, settings } => serve(address, settings),
    }
}

fn serve(address: SocketAddr, settings: Settings) -> Result<(), String> {
    let server = DelayServer::start(address, settings)
        .map_err(|error| format!("cannot start on {address}: {error}{}", advice(error.kind())))?;
    let end = match settings.requests {
        Some(requests) => format!("requests {requests}"),
        None => "until interrupted".to_owned(),
    };
    print(&format!(
        "delay-server listens on {} (UDP): delay {} s, workers {}, {end}\n",
        server.local_addr(),
        settings.delay.as_secs_f64(),
        settings.workers,
    ))?;
    server
        .join()
        .map(drop)
        .map_err(|error| format!("cannot receive on {address}: {error}"))
}

fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddrInUse => {
            "; stop the program that uses the port, or give another one, such as 127.0.0.1:8001"
        }
        ErrorKind::AddrNotAvailable => "; give an address of this machine, such as 127.0.0.1:8000",
        ErrorKind::PermissionDenied => "; give a port from 1024 up, such as 127.0.0.1:8000",
        _ => "",
    }
}

fn print(text: &str) -> Result<(), String> {
    // Not `print!`, which panics if nobody reads what is printed.
    let mut stdout = io::stdout();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("cannot print: {error}"))
}
