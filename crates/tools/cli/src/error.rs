//! Errors, with the exit code of each.

use std::{fmt, io};

/// Why a program ends early, as a message of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The arguments are wrong: exit code 2.
    Usage(String),
    /// The program could not do what it was asked for: exit code 1.
    Failure(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Error::Usage(message) | Error::Failure(message)) = self;
        f.write_str(message)
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Failure(error.to_string())
    }
}
