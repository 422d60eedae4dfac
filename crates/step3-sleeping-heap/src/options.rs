//! What does the command line say?

use std::ffi::OsString;

use crate::Clock;

/// How the demos that only sleep are run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The clock that they sleep by.
    pub clock: Clock,
}

impl Options {
    /// Reads the arguments: none for the real clock, `--virtual` for a virtual one.
    ///
    /// # Errors
    ///
    /// A message that names the first argument which is anything else.
    ///
    /// # Examples
    ///
    /// ```
    /// use step3_sleeping_heap::Options;
    ///
    /// assert!(Options::parse(["--virtual".into()]).unwrap().clock.is_virtual());
    /// assert!(!Options::parse([]).unwrap().clock.is_virtual());
    /// assert!(Options::parse(["--frob".into()]).is_err());
    /// ```
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut clock = Clock::real_time();
        for argument in arguments {
            if argument != "--virtual" {
                return Err(format!(
                    "{argument:?} is unknown: give --virtual for the virtual clock, or nothing"
                ));
            }
            clock = Clock::virtual_time();
        }
        Ok(Options { clock })
    }
}
