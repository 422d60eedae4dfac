//! An example, run as a reader runs it, and what it prints.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
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

/// Puts `_` in place of each time, such as `0.80 s`.
pub(crate) fn masked(text: &str) -> String {
    let is_time = |word: &str| word.contains('.') && word.parse::<f64>().is_ok();
    let mask = |line: &str| {
        let words = line
            .split(' ')
            .map(|word| if is_time(word) { "_" } else { word });
        words.collect::<Vec<_>>().join(" ") + "\n"
    };
    text.lines().map(mask).collect()
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

/// Asks a server for a path, and returns the status and the body of its answer.
#[track_caller]
pub(crate) fn ask(address: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let answer = io::read_to_string(&stream).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.strip_prefix("HTTP/1.1 ").unwrap()[..3].parse();
    (status.unwrap(), body.to_owned())
}
