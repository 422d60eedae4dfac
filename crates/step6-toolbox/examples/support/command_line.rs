//! What does the command line say?
#![allow(dead_code, reason = "each program and each test uses a part of it")]

#[path = "../../../tools/tour/src/nobody_reads.rs"]
mod nobody_reads;

use std::env;
use std::ffi::OsString;
use std::io;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::time::Duration;

/// An option of the command line, `--name`, `--name value` or `--name=value`.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    value: Option<String>,
}

/// The longest time that can be given: a day.
const LONGEST: Duration = Duration::from_secs(86_400);

impl Argument {
    /// Reads all options. What follows one and does not begin with `--` is its value.
    ///
    /// # Errors
    ///
    /// A sentence that names what was wrong, as for all functions here.
    pub(crate) fn read_all(
        given: impl IntoIterator<Item = OsString>,
    ) -> Result<Vec<Argument>, String> {
        let mut arguments: Vec<Argument> = Vec::new();
        for text in given {
            let text = text
                .into_string()
                .map_err(|text| format!("argument {text:?} is not UTF-8"))?;
            match arguments.last_mut() {
                _ if text.starts_with("--") => {
                    let (name, value) = text
                        .split_once('=')
                        .map_or((&*text, None), |(name, value)| (name, Some(value)));
                    arguments.push(Argument {
                        name: name.to_owned(),
                        value: value.map(str::to_owned),
                    });
                }
                Some(Argument {
                    value: value @ None,
                    ..
                }) => *value = Some(text),
                _ => return Err(format!("unexpected argument {text:?}; see --help")),
            }
        }
        Ok(arguments)
    }

    /// Reads the value as a whole number.
    pub(crate) fn number(&self, allowed: RangeInclusive<usize>) -> Result<usize, String> {
        let what = format!(
            "a whole number from {} to {}",
            allowed.start(),
            allowed.end()
        );
        self.read(&what, |value| {
            value.parse().ok().filter(|number| allowed.contains(number))
        })
    }

    /// Reads the value as it is.
    pub(crate) fn text(&self) -> Result<String, String> {
        self.read("some text", |value| Some(value.to_owned()))
    }

    /// Reads the value as a port.
    pub(crate) fn port(&self) -> Result<u16, String> {
        self.read(
            "a port from 1 to 65535, or 0 for any that is free",
            |value| value.parse().ok(),
        )
    }

    /// Reads the value as a number of seconds.
    pub(crate) fn seconds(&self) -> Result<Duration, String> {
        let what = format!("a number of seconds from 0 to {}", LONGEST.as_secs());
        self.read(&what, seconds)
    }

    /// Reads the value as numbers of seconds with commas between them, as many as are allowed.
    pub(crate) fn seconds_each(
        &self,
        allowed: RangeInclusive<usize>,
    ) -> Result<Vec<Duration>, String> {
        let count = match (allowed.start(), allowed.end()) {
            (least, most) if least == most => format!("{most}"),
            (least, most) => format!("{least} to {most}"),
        };
        let what = format!(
            "{count} numbers of seconds from 0 to {}, with commas between them",
            LONGEST.as_secs()
        );
        let read = |value: &str| value.split(',').map(seconds).collect::<Option<Vec<_>>>();
        self.read(&what, |value| {
            read(value).filter(|times| allowed.contains(&times.len()))
        })
    }

    /// Checks that there is no value.
    pub(crate) fn flag(&self) -> Result<bool, String> {
        match &self.value {
            None => Ok(true),
            Some(value) => Err(format!(
                "{} takes no value, but was given {value:?}",
                self.name
            )),
        }
    }

    /// Says that there is no such option.
    pub(crate) fn unknown<T>(&self) -> Result<T, String> {
        Err(format!("unknown option {:?}; see --help", self.name))
    }

    fn read<T>(&self, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, String> {
        let Argument { name, value } = self;
        let value = value
            .as_ref()
            .ok_or_else(|| format!("{name} needs a value: {what}"))?;
        read(value).ok_or_else(|| format!("{name} cannot be {value:?}: give {what}"))
    }
}

/// Reads a number of seconds, up to a day.
fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse().ok()?)
        .ok()
        .filter(|time| *time <= LONGEST)
}

/// Reads the command line and runs the program, or prints its help. Prints what goes wrong, and says so with the exit code.
pub(crate) fn main<O>(
    program: &str,
    help: &str,
    parse: impl Fn(Vec<Argument>) -> Result<O, String>,
    run: impl Fn(O) -> io::Result<()>,
) -> ExitCode {
    nobody_reads::end_when_nobody_reads();
    let given: Vec<_> = env::args_os().skip(1).collect();
    if given
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        print!("{help}");
        return ExitCode::SUCCESS;
    }
    match Argument::read_all(given).and_then(parse).map(run) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("{program}: {error}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{program}: {error}");
            ExitCode::from(2)
        }
    }
}
