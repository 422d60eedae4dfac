//! What does the command line say?

use std::ffi::OsString;
use std::net::SocketAddr;
use std::time::Duration;

/// Whom the demo asks, what, and how patiently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether only the sleeping examples run, on the virtual clock.
    pub virtual_time: bool,
    /// The server's address; `None` for one that the demo starts itself.
    pub server: Option<SocketAddr>,
    /// The requests.
    pub requests: Vec<String>,
    /// How long to wait for an answer, each time that a request is made.
    pub limit: Duration,
    /// How often to make a request at most.
    pub tries: u32,
}

impl Default for Options {
    /// The tutorial's two requests, to a server of the demo's own, with 2 s for an answer and 3 tries.
    fn default() -> Options {
        let requests = ["request0", "request1"].map(str::to_owned).to_vec();
        Options {
            virtual_time: false,
            server: None,
            requests,
            limit: Duration::from_secs(2),
            tries: 3,
        }
    }
}

impl Options {
    /// Reads the arguments: `--virtual`, or an address and requests, all of which may be left out.
    ///
    /// # Errors
    ///
    /// A message that names the argument which is not what it should be.
    ///
    /// # Examples
    ///
    /// ```
    /// use step8_fast_executor::Options;
    ///
    /// let options = Options::parse(["127.0.0.1:8000".into(), "hello".into()]).unwrap();
    /// assert_eq!(options.server, Some("127.0.0.1:8000".parse().unwrap()));
    /// assert_eq!(options.requests, ["hello"]);
    /// assert!(Options::parse(["--virtual".into()]).unwrap().virtual_time);
    /// assert_eq!(Options::parse([]).unwrap(), Options::default());
    /// ```
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut arguments = arguments.into_iter();
        let Some(first) = arguments.next() else {
            return Ok(options);
        };
        let rest: Result<Vec<_>, _> = arguments.map(OsString::into_string).collect();
        let rest = rest.map_err(|request| format!("the request {request:?} is not UTF-8"))?;
        if first == "--virtual" {
            if let Some(more) = rest.first() {
                return Err(format!(
                    "{more:?} after --virtual: on the virtual clock there are no servers to ask"
                ));
            }
            options.virtual_time = true;
            return Ok(options);
        }
        let parsed = first.to_str().and_then(|address| address.parse().ok());
        // Port 0 and the unspecified address are good to bind to, but nobody answers from there.
        let known = parsed
            .filter(|address: &SocketAddr| address.port() != 0 && !address.ip().is_unspecified());
        options.server = Some(known.ok_or_else(|| {
            format!("{first:?} is no address of a server: give an IP address and a port, such as 127.0.0.1:8000")
        })?);
        if !rest.is_empty() {
            options.requests = rest;
        }
        Ok(options)
    }
}
