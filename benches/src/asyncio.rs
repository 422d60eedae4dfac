//! CPython's asyncio: a script does the same, and counts and times it the same way.
//!
//! One Python does all of it, so that its start is paid once. It is told on its standard input what
//! to do next.

use std::cell::RefCell;
use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::workload::{Contender, Timed};

const SCRIPT: &str = include_str!("../asyncio_peer.py");

thread_local! {
    static PYTHON: RefCell<Option<Python>> = const { RefCell::new(None) };
}

/// Returns the version and the path of the Python that takes part, `$PYTHON` or `python3`; `None`
/// if there is none.
pub fn version() -> Option<(String, String)> {
    let show = "import sys; print(sys.version.split()[0], sys.executable)";
    let output = Command::new(program()).args(["-I", "-c", show]).output();
    let printed = String::from_utf8(output.ok()?.stdout).ok()?;
    let (version, path) = printed.trim().split_once(' ')?;
    Some((version.to_owned(), path.to_owned()))
}

fn program() -> OsString {
    env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}

pub(crate) fn contender(name: &'static str, workload: &'static str, size: u64) -> Contender {
    Contender::new(name, move |operations| {
        let [done, nanoseconds] = ask(workload, operations, size)?;
        let elapsed = Duration::from_nanos(nanoseconds);
        Ok(Timed { done, elapsed })
    })
}

pub(crate) fn weighed(name: &'static str, workload: &'static str) -> Contender {
    Contender::weighed(name, move |count, _| Ok(ask(workload, count, 0)?[1]))
}

/// Lets Python do something, and returns the two numbers that it answers.
fn ask(workload: &str, operations: u64, size: u64) -> io::Result<[u64; 2]> {
    PYTHON.with_borrow_mut(|python| {
        let mut running = match python.take() {
            Some(running) => running,
            None => Python::start()?,
        };
        let answer = running
            .ask(&format!("{workload} {operations} {size}\n"))
            .map_err(|error| io::Error::other(format!("python3 failed at {workload}: {error}")))?;
        // One that has failed is not asked again.
        *python = Some(running);
        Ok(answer)
    })
}

/// It ends when its standard input does.
struct Python {
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Python {
    fn start() -> io::Result<Python> {
        let mut child = Command::new(program())
            .args(["-I", "-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (questions, answers) = (child.stdin.take(), child.stdout.take());
        let (questions, answers) = questions.zip(answers).expect("both are piped");
        let answers = BufReader::new(answers);
        Ok(Python { questions, answers })
    }

    fn ask(&mut self, question: &str) -> io::Result<[u64; 2]> {
        self.questions.write_all(question.as_bytes())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let mut numbers = answer
            .split_whitespace()
            .map_while(|word| word.parse().ok());
        match (numbers.next(), numbers.next()) {
            (Some(first), Some(second)) => Ok([first, second]),
            _ => Err(io::Error::other("it says why on its standard error")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_that_fails_is_replaced() {
        if version().is_some() {
            let error = ask("frob", 1, 0).unwrap_err().to_string();
            assert!(error.starts_with("python3 failed at frob: "), "{error}");
            assert_eq!(ask("switch", 5, 1).unwrap()[0], 5);
        }
    }
}
