//! What does the command line ask for?

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::steps::{STEPS, Step};

/// What `--help` says.
pub(crate) const HELP: &str = "\
Usage: cargo run [-- [STEP]... [OPTION]...]

Runs the demos of the steps that are named, or of all of them, in order and
each with a picture of its schedule: a row a task, time to the right.

  --virtual     on a virtual clock, which does not wait (steps 4 and 7 cannot)
  --timeline    all rows of the picture, and the counts of each task
  --width N     how many columns it takes: 20 to 1000; else $COLUMNS, else 80
  --svg FILE    writes the picture of one step as an SVG image as well
  --html FILE   writes a page that plays one step's schedule, event by event
  --list        lists the steps
  --help        says this
";

/// What the command line asks for.
pub(crate) enum Command {
    Help,
    List,
    Run(Options),
}

/// Which steps to run, and which pictures to make of them.
pub(crate) struct Options {
    pub(crate) steps: Vec<&'static Step>,
    pub(crate) virtual_time: bool,
    /// Whether text shows all that there is.
    pub(crate) timeline: bool,
    pub(crate) width: usize,
    pub(crate) svg: Option<PathBuf>,
    pub(crate) html: Option<PathBuf>,
}

/// How wide pictures can be.
const WIDTHS: std::ops::RangeInclusive<usize> = 20..=1_000;

impl Command {
    /// Reads the arguments. An error is a message that names what was wrong, and what to do.
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
        let (width_of_all, steps) = (default_width(), vec![]);
        let mut options = Options {
            steps,
            virtual_time: false,
            timeline: false,
            width: width_of_all,
            svg: None,
            html: None,
        };
        let mut list = false;
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            // Both `--svg FILE` and `--svg=FILE` will do.
            let bytes = argument.as_bytes();
            let (name, joined) = match bytes.iter().position(|byte| *byte == b'=') {
                Some(place) if bytes.starts_with(b"--") => (
                    OsStr::from_bytes(&bytes[..place]),
                    Some(OsStr::from_bytes(&bytes[place + 1..]).to_owned()),
                ),
                _ => (&*argument, None),
            };
            let mut value = |what: &str| {
                let value = joined
                    .clone()
                    .or_else(|| arguments.next())
                    .filter(|value| !value.is_empty());
                value.ok_or_else(|| format!("{} needs {what} after it", name.display()))
            };
            match name.to_str() {
                Some("--width") => options.width = width(&value("a number of columns")?)?,
                Some("--svg") => options.svg = Some(file("--svg", value("a file's name")?)?),
                Some("--html") => options.html = Some(file("--html", value("a file's name")?)?),
                Some("--help" | "-h") if joined.is_none() => return Ok(Command::Help),
                Some("--list") if joined.is_none() => list = true,
                Some("--virtual") if joined.is_none() => options.virtual_time = true,
                Some("--timeline") if joined.is_none() => options.timeline = true,
                _ => options.steps.push(step(&argument)?),
            }
        }
        if list {
            return Ok(Command::List);
        }
        for (flag, file) in [("--svg", &options.svg), ("--html", &options.html)] {
            if file.is_some() && options.steps.len() != 1 {
                return Err(format!(
                    "{flag} is for one step: name it, as in `cargo run -- 4 {flag} FILE`"
                ));
            }
        }
        if options
            .svg
            .as_deref()
            .zip(options.html.as_deref())
            .is_some_and(|(svg, html)| place(svg) == place(html))
        {
            return Err("--svg and --html name the same file: give them one each".to_owned());
        }
        if options.steps.is_empty() {
            options.steps.extend(STEPS);
        }
        if let Some(step) = options
            .steps
            .iter()
            .find(|step| options.virtual_time && !step.has_virtual)
        {
            let with: Vec<_> = STEPS
                .iter()
                .filter(|step| step.has_virtual)
                .map(|step| step.number)
                .collect();
            let (number, with) = (step.number, with.join(", "));
            return Err(format!(
                "step {number} cannot run with --virtual, as its peers need real time: name some of {with}"
            ));
        }
        Ok(Command::Run(options))
    }
}

fn step(argument: &OsStr) -> Result<&'static Step, String> {
    let step = argument
        .to_str()
        .and_then(|number| STEPS.iter().find(|step| step.number == number));
    step.ok_or_else(|| {
        if argument
            .to_str()
            .is_some_and(|argument| argument.starts_with('-'))
        {
            return format!("{argument:?} is unknown: see --help");
        }
        let numbers: Vec<_> = STEPS.iter().map(|step| step.number).collect();
        let numbers = numbers.join(", ");
        format!(
            "{argument:?} is no step: give some of {numbers}, or nothing for all, or see --help"
        )
    })
}

fn width(value: &OsStr) -> Result<usize, String> {
    let width = value
        .to_str()
        .and_then(|value| value.parse().ok())
        .filter(|width| WIDTHS.contains(width));
    width.ok_or_else(|| {
        format!(
            "--width {value:?} will not do: give a number of columns from {} to {}",
            WIDTHS.start(),
            WIDTHS.end()
        )
    })
}

/// The width of the terminal, if the shell says it. A width that no picture can have counts as none.
fn default_width() -> usize {
    let columns = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    columns
        .filter(|columns| WIDTHS.contains(columns))
        .unwrap_or(80)
}

/// Where a file is or will be, however it was written.
fn place(file: &Path) -> PathBuf {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let new = || Some(folder.canonicalize().ok()?.join(file.file_name()?));
    file.canonicalize()
        .ok()
        .or_else(new)
        .unwrap_or_else(|| file.to_owned())
}

fn file(flag: &str, value: OsString) -> Result<PathBuf, String> {
    match value.to_str() {
        Some("-") => Err(format!(
            "{flag} - will not do, as the demo prints to the standard output: name a file"
        )),
        Some(value) if value.starts_with("--") => {
            Err(format!("{flag} needs a file's name before {value}"))
        }
        _ => Ok(PathBuf::from(value)),
    }
}

#[cfg(test)]
#[path = "../../../step4-select/tests/support/hostile_arguments.rs"]
mod hostile_arguments;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_one_types_is_taken_or_named_as_wrong() {
        super::hostile_arguments::feed(20_000, Command::parse);
    }
}
