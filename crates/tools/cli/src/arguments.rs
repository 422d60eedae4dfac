//! The parser: a program takes out its options one by one. What is left then are operands, or
//! mistakes.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::Error;

/// The longest time that an option can have: a day, which overflows no clock.
const LONGEST: Duration = Duration::from_secs(86_400);

/// How many letters may be wrong for a name to be suggested.
const MOST_TYPOS: usize = 2;

/// The arguments of a program.
///
/// # Examples
///
/// ```
/// let mut arguments = cli::Arguments::new(["--width=60", "--svg", "a.svg", "3"].map(Into::into));
/// assert_eq!(arguments.number("--width", 20..=1_000), Ok(Some(60)));
/// assert_eq!(arguments.file("--svg"), Ok(Some("a.svg".into())));
/// assert_eq!(arguments.flag("--list"), Ok(false));
/// assert_eq!(arguments.operands().unwrap(), ["3"]);
/// ```
#[derive(Debug)]
pub struct Arguments {
    /// The arguments before `--`. One that was taken leaves a gap, so that the next is not mistaken
    /// for the value of the option before the gap.
    given: Vec<Option<OsString>>,
    /// The arguments after `--`.
    after: Vec<OsString>,
    /// The options that the program has asked for: a mistyped one was probably meant to be one of
    /// these.
    known: Vec<&'static str>,
}

impl Arguments {
    /// Splits what a command line has after the program's name.
    pub fn new(arguments: impl IntoIterator<Item = OsString>) -> Arguments {
        let mut arguments = arguments.into_iter();
        let before = arguments.by_ref().take_while(|argument| argument != "--");
        Arguments {
            given: before.map(Some).collect(),
            after: arguments.collect(),
            known: vec!["--help"],
        }
    }

    /// Returns whether one of them is `--help` or `-h`.
    pub(crate) fn ask_for_help(&self) -> bool {
        let mut given = self.given.iter().flatten();
        given.any(|argument| argument == "--help" || argument == "-h")
    }

    /// Takes out an option without a value, and returns whether it was there.
    ///
    /// # Errors
    ///
    /// Returns an error if it has a value, as `--list=1` has.
    pub fn flag(&mut self, name: &'static str) -> Result<bool, Error> {
        let mut is_there = false;
        while let Some((_, value)) = self.take(name) {
            if let Some(value) = value {
                let message = format!("{name} takes no value, but was given {value:?}");
                return Err(Error::Usage(message));
            }
            is_there = true;
        }
        Ok(is_there)
    }

    /// Takes out an option and its value, and returns what `read` makes of the value; `None` if it
    /// is not there.
    ///
    /// An error says with `what` what the value must be.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is missing, or if `read` returns `None`.
    pub fn value<T>(
        &mut self,
        name: &'static str,
        what: &str,
        read: impl Fn(&OsStr) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let mut last = None;
        while let Some((place, joined)) = self.take(name) {
            let value = joined.or_else(|| {
                let next = self.given.get_mut(place + 1)?;
                next.take_if(|next| !next.as_bytes().starts_with(b"--"))
            });
            let value = value
                .ok_or_else(|| Error::Usage(format!("{name} needs a value after it: {what}")))?;
            let value = read(&value)
                .ok_or_else(|| Error::Usage(format!("{name} cannot be {value:?}: give {what}")))?;
            last = Some(value);
        }
        Ok(last)
    }

    /// Takes out an option whose value is a whole number in `range`.
    ///
    /// # Errors
    ///
    /// Returns an error if its value is missing or not such a number.
    pub fn number<N: FromStr + PartialOrd + Display>(
        &mut self,
        name: &'static str,
        range: RangeInclusive<N>,
    ) -> Result<Option<N>, Error> {
        let what = format!("a whole number from {} to {}", range.start(), range.end());
        self.value(name, &what, |value| {
            let number = value.to_str()?.parse().ok()?;
            range.contains(&number).then_some(number)
        })
    }

    /// Takes out an option whose value is a number of seconds, such as `0.25`.
    ///
    /// # Errors
    ///
    /// Returns an error if its value is missing or not such a number.
    pub fn seconds(&mut self, name: &'static str) -> Result<Option<Duration>, Error> {
        let what = format!("a number of seconds from 0 to {}", LONGEST.as_secs());
        self.value(name, &what, |value| seconds(value.to_str()?))
    }

    /// Takes out an option whose value is the name of a file to write to.
    ///
    /// # Errors
    ///
    /// Returns an error if the name is missing, empty or `-`: the programs here print to the
    /// standard output anyway.
    pub fn file(&mut self, name: &'static str) -> Result<Option<PathBuf>, Error> {
        self.value(name, "the name of a file", |value| {
            (!value.is_empty() && value != "-").then(|| PathBuf::from(value))
        })
    }

    /// Returns what is left when all options have been taken out.
    ///
    /// # Errors
    ///
    /// Returns an error if an option is left that was not asked for. The error suggests one that
    /// was, if one is similar.
    pub fn operands(self) -> Result<Vec<OsString>, Error> {
        let left: Vec<_> = self.given.into_iter().flatten().collect();
        let is_option = |argument: &&OsString| argument.as_bytes().starts_with(b"-");
        if let Some(unknown) = left.iter().find(is_option) {
            let advice = match suggest(unknown, &self.known) {
                Some(name) => format!("did you mean {name}?"),
                None => "see --help".to_owned(),
            };
            return Err(Error::Usage(format!("{unknown:?} is unknown: {advice}")));
        }
        Ok(left.into_iter().chain(self.after).collect())
    }

    /// Makes sure that nothing is left.
    ///
    /// # Errors
    ///
    /// Returns an error if something is.
    pub fn end(self) -> Result<(), Error> {
        match self.operands()?.first() {
            Some(more) => Err(Error::Usage(format!(
                "unexpected argument {more:?}: see --help"
            ))),
            None => Ok(()),
        }
    }

    /// Takes out an option. Returns where it was, and the value that `=` joins to it.
    fn take(&mut self, name: &'static str) -> Option<(usize, Option<OsString>)> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        for (place, given) in self.given.iter_mut().enumerate() {
            let Some(argument) = given else { continue };
            let Some(rest) = argument.as_bytes().strip_prefix(name.as_bytes()) else {
                continue;
            };
            let value = rest.strip_prefix(b"=").map(OsStr::from_bytes);
            if rest.is_empty() || value.is_some() {
                let value = value.map(OsStr::to_owned);
                *given = None;
                return Some((place, value));
            }
        }
        None
    }
}

/// Reads a number of seconds from zero to a day.
///
/// # Examples
///
/// ```
/// assert_eq!(cli::seconds("0.25"), Some(std::time::Duration::from_millis(250)));
/// assert_eq!(cli::seconds("-1"), None);
/// ```
pub fn seconds(text: &str) -> Option<Duration> {
    // Refuses what is negative, infinite, not a number, or too large for a `Duration`.
    let seconds = Duration::try_from_secs_f64(text.parse().ok()?).ok()?;
    (seconds <= LONGEST).then_some(seconds)
}

/// Returns an operand as text.
///
/// # Errors
///
/// Returns an error if it is not UTF-8.
pub fn text(operand: OsString) -> Result<String, Error> {
    let not_text = |operand| Error::Usage(format!("argument {operand:?} is not UTF-8"));
    operand.into_string().map_err(not_text)
}

/// Returns an operand as the address of a socket.
///
/// # Errors
///
/// Returns an error if it is not an IP address and a port.
pub fn address(operand: &OsStr) -> Result<SocketAddr, Error> {
    let address = operand.to_str().and_then(|text| text.parse().ok());
    address.ok_or_else(|| {
        Error::Usage(format!(
            "bad address {operand:?}: \
             give an IP address and a port, such as 127.0.0.1:8000 or [::1]:8000"
        ))
    })
}

/// Finds the option that an unknown one was probably meant to be.
fn suggest(unknown: &OsStr, known: &[&'static str]) -> Option<&'static str> {
    let unknown = unknown.to_string_lossy();
    nearest(unknown.split('=').next()?, known.iter().copied())
}

/// Returns the known name that a mistyped one was probably meant to be: the nearest, if no more
/// than two letters are wrong.
///
/// # Examples
///
/// ```
/// assert_eq!(cli::nearest("stpe1", ["step1", "step2"]), Some("step1"));
/// assert_eq!(cli::nearest("tour", ["step1", "step2"]), None);
/// ```
pub fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typos = known
        .into_iter()
        .map(|known| (typos(unknown, known), known));
    let (_, known) = typos.filter(|(typos, _)| *typos <= MOST_TYPOS).min()?;
    Some(known)
}

/// Counts the letters to add, drop or replace to make one text of the other (the Levenshtein
/// distance).
fn typos(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    // `row[i]` is the distance from the letters of `one` so far to the first `i` of `other`.
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (done, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = done + 1;
        for i in 0..other.len() {
            let replaced = diagonal + usize::from(letter != other[i]);
            diagonal = row[i + 1];
            row[i + 1] = replaced.min(row[i] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
