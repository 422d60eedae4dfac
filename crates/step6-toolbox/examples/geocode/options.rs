//! What does the command line say?

use std::time::Duration;

use crate::site::MOST_AT_ONCE;
use crate::web::Argument;

pub(crate) const HELP: &str = "\
Looks up where 162 addresses are, some at once, and shows each the moment it is known:
on a web page with a map, or in the terminal.

Usage: geocode [--port N] [--at-once N] [--latency SECONDS] [--for SECONDS] [--list]

  --port N           port of 127.0.0.1 to listen at; 0 takes a free one (default: 8081)
  --at-once N        how many lookups go on at the same time, 1 to 1000 (default: 10)
  --latency SECONDS  how long the slowest lookup takes; the quickest takes a tenth
                     (default: 1)
  --for SECONDS      end after that time (default: run until Ctrl-C)
  --list             no web server: print the addresses, and end
  --help             print this

Try it: curl -N http://127.0.0.1:8081/lookup
";

/// How the program runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    /// How many lookups go on at the same time.
    pub(crate) at_once: usize,
    /// How long the slowest lookup takes.
    pub(crate) slowest: Duration,
    /// When to end. `None` means with Ctrl-C only.
    pub(crate) limit: Option<Duration>,
    /// Whether to print to the terminal and serve nobody.
    pub(crate) list: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 8081,
            at_once: 10,
            slowest: Duration::from_secs(1),
            limit: None,
            list: false,
        }
    }
}

impl Options {
    /// Reads the options.
    ///
    /// # Errors
    ///
    /// A sentence that names what was wrong.
    pub(crate) fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let mut options = Options::default();
        for argument in arguments {
            match argument.name.as_str() {
                "--port" => options.port = argument.port()?,
                "--at-once" => options.at_once = argument.number(1..=MOST_AT_ONCE)?,
                "--latency" => options.slowest = argument.seconds()?,
                "--for" => options.limit = Some(argument.seconds()?),
                "--list" => options.list = argument.flag()?,
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}
