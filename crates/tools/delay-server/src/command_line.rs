//! What did the user ask for on the command line?

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use delay_server::Settings;

pub(crate) const HELP: &str = "\
A UDP server that answers `response for <request>` after a delay.

Usage: delay-server [ADDR] [--delay SECONDS] [--workers N] [--requests N]

  ADDR               IP address and port to listen on; port 0 takes a free one
                     (default: 127.0.0.1:8000)
  --delay SECONDS    time between a request and its answer, 0 to 86400, such as 0.25
                     (default: 1)
  --workers N        requests worked on at the same time, 1 to 1024
                     (default: 2)
  --requests N       end after that many answers, at least 1
                     (default: run until interrupted)
  -h, --help         print this

Try it: cargo run -p delay-server -- 127.0.0.1:8000 --delay 0.5 --requests 2
";

/// A day: far longer than any demo, far too short to overflow any clock.
const MAX_DELAY: Duration = Duration::from_secs(86_400);

/// What to do.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// Print the help.
    Help,
    /// Serve.
    Serve {
        address: SocketAddr,
        settings: Settings,
    },
}

/// Reads the arguments after the program's name; the error is one line for the user.
///
/// An option given twice counts as it was given last.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut settings = Settings::default();
    let mut address = None;

    let mut arguments = arguments.into_iter().map(text);
    while let Some(argument) = arguments.next().transpose()? {
        // `--delay=2` has its value inside, `--delay 2` in the next argument.
        let (name, inside) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (&*argument, None),
        };
        let mut value = |what: &str| match &inside {
            Some(value) => Ok(value.clone()),
            None => arguments
                .next()
                .unwrap_or_else(|| Err(format!("{name} needs a value: {what}"))),
        };
        match name {
            "-h" | "--help" if inside.is_none() => return Ok(Command::Help),
            "--delay" => settings.delay = number(name, DELAY, value(DELAY)?, seconds)?,
            "--workers" => settings.workers = number(name, WORKERS, value(WORKERS)?, workers)?,
            "--requests" => {
                settings.requests = Some(number(name, REQUESTS, value(REQUESTS)?, requests)?);
            }
            _ if name.starts_with('-') => {
                return Err(format!(
                    "unknown option {name:?}; the options are --delay, --workers, --requests and --help"
                ));
            }
            _ if address.is_some() => {
                return Err(format!(
                    "unexpected argument {argument:?}: give one address only"
                ));
            }
            _ => address = Some(socket_address(&argument)?),
        }
    }
    Ok(Command::Serve {
        address: address.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 8000))),
        settings,
    })
}

const DELAY: &str = "a number of seconds from 0 to 86400";
const WORKERS: &str = "a whole number from 1 to 1024";
const REQUESTS: &str =
    "a whole number from 1 to 18446744073709551615 (leave it out to run until interrupted)";

fn seconds(value: &str) -> Option<Duration> {
    // Refuses what is negative, infinite, not a number or too large for a `Duration`.
    let delay = Duration::try_from_secs_f64(value.parse().ok()?).ok()?;
    (delay <= MAX_DELAY).then_some(delay)
}

fn workers(value: &str) -> Option<usize> {
    let workers = value.parse().ok()?;
    (1..=Settings::MAX_WORKERS)
        .contains(&workers)
        .then_some(workers)
}

fn requests(value: &str) -> Option<u64> {
    value.parse().ok().filter(|&requests| requests > 0)
}

fn number<T>(
    name: &str,
    what: &str,
    value: String,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, String> {
    read(&value).ok_or_else(|| format!("{name} cannot be {value:?}: give {what}"))
}

fn socket_address(value: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| {
        format!("bad address {value:?}: give an IP address and a port, such as 127.0.0.1:8000 or [::1]:8000")
    })
}

fn text(argument: OsString) -> Result<String, String> {
    argument
        .into_string()
        .map_err(|argument| format!("argument {argument:?} is not valid UTF-8; see --help"))
}

#[cfg(test)]
#[path = "../../../step4-select/tests/support/hostile_arguments.rs"]
mod hostile_arguments;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_one_types_is_taken_or_named_as_wrong() {
        super::hostile_arguments::feed(20_000, parse);
    }

    fn parsed(arguments: &str) -> Result<Command, String> {
        parse(arguments.split_whitespace().map(OsString::from))
    }

    fn serve(address: &str, settings: Settings) -> Result<Command, String> {
        let address = address.parse().unwrap();
        Ok(Command::Serve { address, settings })
    }

    #[test]
    fn nothing_given_is_the_demos_server() {
        assert_eq!(parsed(""), serve("127.0.0.1:8000", Settings::default()));
    }

    #[test]
    fn everything_can_be_given_in_any_order() {
        let settings = Settings::default()
            .delay(Duration::from_millis(250))
            .workers(3)
            .requests(4);
        let expected = serve("[::1]:9000", settings);
        assert_eq!(
            parsed("[::1]:9000 --delay 0.25 --workers 3 --requests 4"),
            expected
        );
        assert_eq!(
            parsed("--requests=4 --workers=3 --delay=0.25 [::1]:9000"),
            expected
        );
    }

    #[test]
    fn the_limits_are_allowed() {
        let settings = Settings::default()
            .delay(Duration::ZERO)
            .workers(1)
            .requests(1);
        assert_eq!(
            parsed("0.0.0.0:0 --delay 0 --workers 1 --requests 1"),
            serve("0.0.0.0:0", settings)
        );
        let settings = Settings::default()
            .delay(MAX_DELAY)
            .workers(Settings::MAX_WORKERS)
            .requests(u64::MAX);
        assert_eq!(
            parsed("0.0.0.0:0 --delay 86400 --workers 1024 --requests 18446744073709551615"),
            serve("0.0.0.0:0", settings)
        );
    }

    #[test]
    fn an_option_given_twice_counts_as_given_last() {
        assert_eq!(
            parsed("--workers 3 --workers 4"),
            serve("127.0.0.1:8000", Settings::default().workers(4))
        );
    }

    #[test]
    fn help_wins_over_what_comes_after_it() {
        assert_eq!(parsed("--help"), Ok(Command::Help));
        assert_eq!(parsed("--workers 3 -h --wrong"), Ok(Command::Help));
    }

    #[test]
    fn the_help_and_the_messages_name_the_real_limits() {
        assert!(HELP.contains(&format!("1 to {}\n", Settings::MAX_WORKERS)));
        assert!(WORKERS.ends_with(&format!("to {}", Settings::MAX_WORKERS)));
        assert!(HELP.contains(&format!("0 to {},", MAX_DELAY.as_secs())));
        assert!(DELAY.ends_with(&format!("to {}", MAX_DELAY.as_secs())));
        assert!(REQUESTS.contains(&u64::MAX.to_string()));
    }
}
