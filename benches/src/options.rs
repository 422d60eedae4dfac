//! What does the command line say?

use std::ffi::OsString;
use std::path::PathBuf;

/// What to measure, and how to show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Prints the table as Markdown.
    pub markdown: bool,
    /// The file to draw the chart in; `None` for no chart.
    pub svg: Option<PathBuf>,
    /// Measures CPython's asyncio too.
    pub python: bool,
}

impl Options {
    /// Reads the arguments: any of `--markdown`, `--svg FILE` and `--python`.
    ///
    /// # Errors
    ///
    /// A message of one line that names the argument that is anything else, or the file that is not there.
    ///
    /// # Examples
    ///
    /// ```
    /// use benches::Options;
    ///
    /// let options = Options::parse(["--svg".into(), "chart.svg".into()]).unwrap();
    /// assert_eq!(options.svg, Some("chart.svg".into()));
    /// assert!(!options.markdown && !options.python);
    /// assert!(Options::parse(["--svg".into()]).is_err());
    /// ```
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--markdown") => options.markdown = true,
                Some("--python") => options.python = true,
                Some("--svg") => {
                    let file = arguments.next().filter(|file| {
                        !file.is_empty() && !file.as_encoded_bytes().starts_with(b"-")
                    });
                    let file = file.ok_or(
                        "--svg needs a file to write to: give --svg FILE, such as --svg chart.svg",
                    )?;
                    options.svg = Some(file.into());
                }
                _ => {
                    return Err(format!(
                        "{argument:?} is unknown: give --markdown, --svg FILE, --python, or nothing for a plain table"
                    ));
                }
            }
        }
        Ok(options)
    }
}
