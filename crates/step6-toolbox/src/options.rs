//! What does the command line say?

use std::ffi::OsString;

/// How the demo runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether it runs on the virtual clock, on which it is exact and takes no time.
    pub virtual_time: bool,
}

impl Options {
    /// Reads the arguments: none for the real clock, `--virtual` for a virtual one.
    ///
    /// # Errors
    ///
    /// A message that names the first argument that is anything else.
    ///
    /// # Examples
    ///
    /// ```
    /// use step6_toolbox::Options;
    ///
    /// assert!(Options::parse(["--virtual".into()]).unwrap().virtual_time);
    /// assert_eq!(Options::parse([]).unwrap(), Options::default());
    /// assert!(Options::parse(["--frob".into()]).is_err());
    /// ```
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options::default();
        for argument in arguments {
            if argument != "--virtual" {
                return Err(format!(
                    "{argument:?} is unknown: give --virtual for the virtual clock, or nothing"
                ));
            }
            options.virtual_time = true;
        }
        Ok(options)
    }
}
