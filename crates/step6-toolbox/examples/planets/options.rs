//! What does the command line say?

use std::time::Duration;

use crate::web::Argument;

pub(crate) const HELP: &str = "\
A small web API: GET /planets/N asks a slow upstream service, which is in this program too.

Usage: planets [--port N] [--latency SECONDS] [--for SECONDS] [--select] [--load N]

  --port N           port of 127.0.0.1 to listen at; 0 takes a free one (default: 8080)
  --latency SECONDS  how long the upstream takes for each answer (default: 1);
                     after 5 s it is given up
  --for SECONDS      end after that time (default: run until Ctrl-C)
  --select           wait with select(2), which has room for few clients,
                     even where there is epoll
  --load N           let N clients in this program ask at once, print the time, and end
  --help             print this

Try it: curl -i http://127.0.0.1:8080/planets/3
";

/// How the program runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    /// How long the upstream takes for each answer.
    pub(crate) latency: Duration,
    /// When to end. `None` means with Ctrl-C only.
    pub(crate) limit: Option<Duration>,
    pub(crate) select: bool,
    /// How many of the program's own clients ask. `None` means to serve others.
    pub(crate) load: Option<usize>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 8080,
            latency: Duration::from_secs(1),
            limit: None,
            select: false,
            load: None,
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
                "--latency" => options.latency = argument.seconds()?,
                "--for" => options.limit = Some(argument.seconds()?),
                "--select" => options.select = argument.flag()?,
                "--load" => options.load = Some(argument.number(1..=100_000)?),
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}
