//! CPython's asyncio: a script does the same, and counts and times it the same way.

use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Contender, Timed, Who};

const SCRIPT: &str = include_str!("../../asyncio_peer.py");

/// Returns whether there is a `python3` to run.
pub fn is_there() -> bool {
    let version = Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

pub(super) fn contender(workload: &'static str, idle: usize) -> Contender {
    Contender::new(Who::Asyncio, move |operations| {
        run(workload, operations, idle)
    })
}

fn run(workload: &str, operations: u64, idle: usize) -> io::Result<Timed> {
    let arguments = [workload, &operations.to_string(), &idle.to_string()];
    let output = Command::new("python3")
        .args(["-I", "-c", SCRIPT])
        .args(arguments)
        .output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    if let Some(timed) = parse(&printed) {
        return Ok(timed);
    }
    let complaints = String::from_utf8_lossy(&output.stderr);
    let reason = complaints.lines().last().unwrap_or("it printed no result");
    Err(io::Error::other(format!(
        "python3 failed at {workload}: {reason}"
    )))
}

/// Reads how much was done, and in how many nanoseconds.
fn parse(printed: &str) -> Option<Timed> {
    let (done, nanoseconds) = printed.trim().split_once(' ')?;
    Some(Timed {
        done: done.parse().ok()?,
        elapsed: Duration::from_nanos(nanoseconds.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_and_nanoseconds_are_read() {
        let Timed { done, elapsed } = parse("3 1500\n").unwrap();
        assert_eq!((done, elapsed), (3, Duration::from_nanos(1_500)));
        assert!(parse("").is_none() && parse("3\n").is_none() && parse("3 x").is_none());
    }

    #[test]
    fn a_failure_of_the_script_is_told_in_one_line() {
        if is_there() {
            let error = run("frob", 1, 0).unwrap_err().to_string();
            assert_eq!(error, "python3 failed at frob: KeyError: 'frob'");
        }
    }
}
