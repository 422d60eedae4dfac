//! An example, run as its reader does, and what it prints. A time is written as `0.80 s` or
//! `0.80 sec.`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use testing::example;

/// Runs an example, which must succeed, and returns what it prints.
#[track_caller]
pub(crate) fn printed(name: &str) -> String {
    let output = example(name).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let outcome = (stderr.as_str(), output.status.code());
    assert_eq!(outcome, ("", Some(0)), "{stdout}");
    assert!(stdout.ends_with('\n'), "{stdout}");
    for line in stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    stdout
}

/// Takes the times out of a text: returns the text with `_ s` for each, and the times.
pub(crate) fn split_times(text: &str) -> (String, Vec<f64>) {
    let (mut rest, mut cut, mut times) = (text, String::new(), vec![]);
    while let Some(at) = rest.find(" s") {
        let (before, after) = rest.split_at(at);
        let start = before
            .rfind(|c: char| !c.is_ascii_digit() && c != '.')
            .map_or(0, |last| last + 1);
        let is_word = after[2..].starts_with(|c: char| c.is_ascii_alphanumeric())
            && !after.starts_with(" sec.");
        match before[start..].parse() {
            Ok(seconds) if !is_word => {
                times.push(seconds);
                cut.push_str(&before[..start]);
                cut.push('_');
            }
            _ => cut.push_str(before),
        }
        cut.push_str(" s");
        rest = &after[2..];
    }
    cut.push_str(rest);
    (cut, times)
}

/// Checks that a program says what it should, and that none of its times is early.
#[track_caller]
pub(crate) fn assert_same_or_later(printed: &str, exact: &str) {
    let ((said, times), (expected, least)) = (split_times(printed), split_times(exact));
    assert_eq!(said, expected);
    for (time, least) in times.iter().zip(least) {
        assert!(*time >= least, "{time} s for {least} s in:\n{printed}");
    }
}

/// An example that runs. If it is dropped, it is killed.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    /// Starts an example.
    pub(crate) fn start(name: &str, arguments: &[&str]) -> Running {
        let mut command = example(name);
        command.args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Running { child, stdout }
    }

    /// Waits for the next line that it prints.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    /// Does what Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let kill = format!("kill -INT {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status();
        assert!(status.unwrap().success());
    }

    /// Waits for its end, which must be a success, and returns what it has printed until then.
    #[track_caller]
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
        rest
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Checks that an example ends at once, with an exit code and one line that says why.
#[track_caller]
pub(crate) fn assert_refused(name: &str, arguments: &[&str], code: i32, problem: &str) {
    let output = example(name).args(arguments).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, format!("{name}: {problem}\n"));
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(code)));
}
