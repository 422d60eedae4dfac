//! What is counted by a tool around a program that does nothing but a workload.
//!
//! The program runs twice, with some operations and with more. The difference is what the
//! additional operations took; starting and ending is in both.

use std::io;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::asyncio;
use crate::workload::{Contender, Workload};

/// A tool that counts.
#[derive(Clone, Copy, Debug)]
pub enum Tool {
    /// Counts system calls.
    Strace,
    /// Counts instructions.
    Valgrind,
}

impl Tool {
    /// Returns the command that a program and its arguments are to follow.
    fn command(self) -> Command {
        let (name, arguments): (_, &[&str]) = match self {
            Tool::Strace => ("strace", &["-f", "-c"]),
            Tool::Valgrind => {
                let callgrind = &["--tool=callgrind", "--callgrind-out-file=/dev/null"];
                ("valgrind", callgrind)
            }
        };
        let mut command = Command::new(name);
        command.args(arguments);
        if let Tool::Valgrind = self {
            // asyncio is in a process of its own.
            command.arg("--trace-children=yes");
        }
        command
    }

    /// Finds the count in what the tool reports.
    fn read(self, report: &str) -> Option<u64> {
        match self {
            // The line of the sum: percent, seconds, microseconds a call, calls.
            Tool::Strace => {
                let total = report.lines().rfind(|line| line.ends_with(" total"))?;
                total.split_whitespace().nth(3)?.parse().ok()
            }
            // A line for each process: "==123== Collected : 456".
            Tool::Valgrind => {
                let counts = report
                    .lines()
                    .filter_map(|line| line.split_once("Collected : "));
                let counts = counts.map(|(_, count)| count.trim().parse::<u64>().ok());
                counts.sum::<Option<u64>>().filter(|sum| *sum > 0)
            }
        }
    }

    /// Returns whether the tool is there, and works.
    pub fn is_there(self) -> bool {
        self.count(self.command().arg("true")).is_ok()
    }

    fn count(self, command: &mut Command) -> io::Result<u64> {
        let output = command.output()?;
        let report = String::from_utf8_lossy(&output.stderr);
        let count = self.read(&report).filter(|_| output.status.success());
        count.ok_or_else(|| {
            let last = report.lines().last().unwrap_or("it reported nothing");
            io::Error::other(format!("{:?} failed: {last}", command.get_program()))
        })
    }

    /// Counts what one operation takes. `program` is this package's, which does a workload with
    /// `--run`.
    ///
    /// # Errors
    ///
    /// Returns an error if the tool or the program fails.
    pub fn of_one(
        self,
        program: &Path,
        workload: &Workload,
        contender: &Contender,
    ) -> io::Result<f64> {
        let (few, more) = between(workload);
        let (operation, by) = (workload.name.as_str(), contender.name);
        // Not a script that looks for it, which would be counted too.
        let python = by.starts_with("asyncio").then(asyncio::version).flatten();
        let count = |operations: u64| {
            let mut command = self.command();
            command.arg(program).arg("--run");
            command.args([operation, by, &operations.to_string()]);
            command.envs(python.iter().map(|(_, path)| ("PYTHON", path)));
            self.count(&mut command)
        };
        // Both at once, for a count does not mind.
        let (fewer, many) = thread::scope(|scope| {
            let fewer = scope.spawn(|| count(few));
            let many = count(more);
            (fewer.join(), many)
        });
        let fewer = fewer.expect("counting does not panic");
        Ok(difference(fewer?, many?) / (more - few) as f64)
    }
}

/// Returns how many operations are done first, and how many then.
pub fn between(workload: &Workload) -> (u64, u64) {
    (
        workload.at_least(200),
        workload.at_least(1_200).max(2 * workload.batch),
    )
}

/// Returns how much more the second is; zero if it is less, as it may be where threads race.
pub fn difference(first: u64, second: u64) -> f64 {
    second.saturating_sub(first) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operation_has_fewer_calls_than_none() {
        assert_eq!(difference(40, 41), 1.0);
        assert_eq!(difference(41, 40), 0.0);
    }

    #[test]
    fn the_sum_of_system_calls_is_read() {
        let report = "\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000003           1         2         1 access
------ ----------- ----------- --------- --------- ----------------
100.00    0.000005           1         41         1 total
";
        assert_eq!(Tool::Strace.read(report), Some(41));
        assert_eq!(Tool::Strace.read("strace: not allowed"), None);
    }

    #[test]
    fn instructions_of_all_processes_are_added() {
        let report = "==1== Collected : 40\n==2== \n==2== Collected : 2\n";
        assert_eq!(Tool::Valgrind.read(report), Some(42));
        assert_eq!(Tool::Valgrind.read("valgrind: no permission"), None);
    }
}
