//! What does the command line say? Nothing, today; in code there is something to choose.

use std::ffi::OsString;
use std::time::Duration;

/// How much the demo does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The number of sockets that `select` cannot take.
    pub sockets: usize,
    /// The highest number of idle sockets in the table.
    pub most_idle: usize,
    /// How long each of the three measurements of a cell in the table takes.
    pub measurement: Duration,
}

impl Default for Options {
    /// 2,000 sockets, then up to 10,000 idle ones, for 0.2 s each: less than 10 s in all.
    fn default() -> Options {
        Options {
            sockets: 2_000,
            most_idle: 10_000,
            measurement: Duration::from_millis(200),
        }
    }
}

impl Options {
    /// Reads the arguments, of which there are none.
    ///
    /// # Errors
    ///
    /// A message that names the first argument.
    ///
    /// # Examples
    ///
    /// ```
    /// use step7_epoll::Options;
    ///
    /// assert_eq!(Options::parse([]).unwrap(), Options::default());
    /// assert_eq!(Options::parse(["-v".into()]).unwrap_err(), "takes no arguments, but was given \"-v\"");
    /// ```
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        match arguments.into_iter().next() {
            None => Ok(Options::default()),
            Some(argument) => Err(format!("takes no arguments, but was given {argument:?}")),
        }
    }
}
