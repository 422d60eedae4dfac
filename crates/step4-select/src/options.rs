//! What does the command line say?

use std::ffi::OsString;
use std::net::SocketAddr;
use std::time::Duration;

/// Whom the demo asks, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The server's address; `None` for one that the demo starts itself.
    pub server: Option<SocketAddr>,
    /// The requests.
    pub requests: Vec<String>,
    /// How long to wait for answers.
    pub limit: Duration,
}

impl Default for Options {
    /// The tutorial's two requests, to a server of the demo's own, with 10 s for an answer.
    fn default() -> Options {
        let requests = ["request0", "request1"].map(str::to_owned).to_vec();
        Options {
            server: None,
            requests,
            limit: Duration::from_secs(10),
        }
    }
}

impl Options {
    /// Reads the arguments: an address and requests, both of which may be left out.
    ///
    /// # Errors
    ///
    /// A message that names the argument which is not what it should be.
    ///
    /// # Examples
    ///
    /// ```
    /// use step4_select::Options;
    ///
    /// let options = Options::parse(["127.0.0.1:8000".into(), "hello".into()]).unwrap();
    /// assert_eq!(options.server, Some("127.0.0.1:8000".parse().unwrap()));
    /// assert_eq!(options.requests, ["hello"]);
    /// assert_eq!(Options::parse([]).unwrap(), Options::default());
    /// ```
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut arguments = arguments.into_iter();
        if let Some(address) = arguments.next() {
            let parsed = address.to_str().and_then(|address| address.parse().ok());
            // Port 0 and the unspecified address are good to bind to, but nobody answers from there.
            let known = parsed.filter(|address: &SocketAddr| {
                address.port() != 0 && !address.ip().is_unspecified()
            });
            options.server = Some(known.ok_or_else(|| {
                format!("{address:?} is no address of a server: give an IP address and a port, such as 127.0.0.1:8000")
            })?);
        }
        let requests: Result<Vec<_>, _> = arguments.map(OsString::into_string).collect();
        let requests =
            requests.map_err(|request| format!("the request {request:?} is not UTF-8"))?;
        if !requests.is_empty() {
            options.requests = requests;
        }
        Ok(options)
    }
}
