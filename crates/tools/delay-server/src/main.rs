//! Runs the demos' server until it is interrupted, or has answered a given number of requests.
//!
//! `cargo run -p delay-server -- --help` prints the options.
#![forbid(unsafe_code)]

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use cli::{Arguments, Error};
use delay_server::{DelayServer, Settings};

const HELP: &str = "\
A UDP server that answers `response for <request>` after a delay.

Usage: delay-server [ADDRESS] [--delay SECONDS] [--workers N] [--requests N]

  ADDRESS            IP address and port to listen on; port 0 takes a free one
                     (default: 127.0.0.1:8000)
  --delay SECONDS    time between a request and its answer, 0 to 86400, such as 0.25
                     (default: 1)
  --workers N        requests worked on at the same time, 1 to 1024
                     (default: 2)
  --requests N       end after that many answers, at least 1
                     (default: run until interrupted)
  --help             print this

Try it: cargo run -p delay-server -- 127.0.0.1:8000 --delay 0.5 --requests 2
";

fn main() -> ExitCode {
    cli::run("delay-server", HELP, |arguments| {
        let (address, settings) = parse(arguments)?;
        serve(address, settings).map_err(Error::Failure)
    })
}

fn parse(mut arguments: Arguments) -> Result<(SocketAddr, Settings), Error> {
    let usual = Settings::default();
    let settings = Settings {
        delay: arguments.seconds("--delay")?.unwrap_or(usual.delay),
        workers: arguments
            .number("--workers", 1..=Settings::MAX_WORKERS)?
            .unwrap_or(usual.workers),
        requests: arguments.number("--requests", 1..=u64::MAX)?,
    };
    let address = match &arguments.operands()?[..] {
        [] => SocketAddr::from((Ipv4Addr::LOCALHOST, 8000)),
        [address] => cli::address(address)?,
        [_, more, ..] => {
            let message = format!("unexpected argument {more:?}: give one address only");
            return Err(Error::Usage(message));
        }
    };
    Ok((address, settings))
}

fn serve(address: SocketAddr, settings: Settings) -> Result<(), String> {
    let server = DelayServer::start(address, settings)
        .map_err(|error| format!("cannot start on {address}: {error}{}", advice(error.kind())))?;
    let end = match settings.requests {
        Some(requests) => format!("requests {requests}"),
        None => "until interrupted".to_owned(),
    };
    println!(
        "delay-server listens on {} (UDP): delay {} s, workers {}, {end}",
        server.local_addr(),
        settings.delay.as_secs_f64(),
        settings.workers,
    );
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

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::time::Duration;

    use super::*;

    fn parsed(line: &str) -> Result<(String, Settings), Error> {
        let arguments = Arguments::new(line.split_whitespace().map(OsString::from));
        let (address, settings) = parse(arguments)?;
        Ok((address.to_string(), settings))
    }

    #[test]
    fn without_arguments_it_is_the_demos_server() {
        let expected = ("127.0.0.1:8000".to_owned(), Settings::default());
        assert_eq!(parsed(""), Ok(expected));
    }

    #[test]
    fn everything_can_be_given_in_any_order() {
        let settings = Settings {
            delay: Duration::from_millis(250),
            workers: 3,
            requests: Some(4),
        };
        for line in [
            "[::1]:9000 --delay 0.25 --workers 3 --requests 4",
            "--requests=4 --workers=3 --delay=0.25 [::1]:9000",
        ] {
            assert_eq!(parsed(line), Ok(("[::1]:9000".to_owned(), settings)));
        }
    }

    #[test]
    fn the_help_names_the_real_limits() {
        assert!(HELP.contains(&format!("1 to {}\n", Settings::MAX_WORKERS)));
        assert!(parsed("--delay 86400").is_ok() && parsed("--delay 86401").is_err());
    }
}
