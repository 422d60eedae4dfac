//! How does a program end: well, with a mistake, with a failure, without a reader, on a full disk?

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Output, Stdio};

use testing::example;

fn letters(line: &str) -> Output {
    let mut program = example("letters");
    program.args(line.split_whitespace()).output().unwrap()
}

fn client(line: &str) -> Output {
    let mut program = example("client");
    program.args(line.split_whitespace()).output().unwrap()
}

#[track_caller]
fn assert_ends(output: &Output, code: i32, stdout: &str, stderr: &str) {
    let text = String::from_utf8_lossy;
    assert_eq!(text(&output.stderr), stderr);
    assert_eq!(text(&output.stdout), stdout);
    assert_eq!(output.status.code(), Some(code));
}

#[test]
fn success_is_exit_code_0() {
    assert_ends(&letters("--count 2 --shout"), 0, "A\nB\n", "");
}

#[test]
fn a_mistake_is_one_line_and_exit_code_2() {
    let error = "letters: \"--shuot\" is unknown: did you mean --shout?\n";
    assert_ends(&letters("--shuot"), 2, "", error);
    let error = "client: bad address \"here\": give an IP address and a port, \
                 such as 127.0.0.1:8000 or [::1]:8000\n";
    assert_ends(&client("here"), 2, "", error);
}

#[test]
fn a_failure_is_one_line_and_exit_code_1() {
    let printed = "127.0.0.1:8000: fail\n";
    let output = client("127.0.0.1:8000 fail");
    assert_ends(&output, 1, printed, "client: as asked\n");
}

#[test]
fn help_is_printed_whatever_else_is_given() {
    for line in ["--help", "-h", "--frobnicate --help"] {
        let output = letters(line);
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.starts_with("Usage: letters [--shout]"), "{help}");
        assert_eq!(output.status.code(), Some(0));
    }
    let help = String::from_utf8(client("-h").stdout).unwrap();
    assert!(help.contains("cargo run -p client [-- ADDRESS [REQUEST]...]"));
    assert!(help.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn the_demo_runs_without_arguments() {
    assert_ends(&client(""), 0, "the demo", "");
}

#[test]
fn a_reader_that_is_gone_ends_it_quietly() {
    for (name, line) in [("letters", "--count=26"), ("letters", "-h"), ("client", "")] {
        let (gone, stdout) = UnixStream::pair().unwrap();
        drop(gone);
        let mut program = example(name);
        program.args(line.split_whitespace());
        program.stdout(Stdio::from(OwnedFd::from(stdout)));
        let output = program.stderr(Stdio::piped()).output().unwrap();
        assert_ends(&output, 0, "", "");
    }
}

#[cfg(target_os = "linux")]
mod full_disk {
    use std::fs::File;

    use super::*;

    fn full() -> File {
        File::options().write(true).open("/dev/full").unwrap()
    }

    #[test]
    fn under_stdout_is_a_failure() {
        for (name, line) in [("letters", ""), ("letters", "-h"), ("client", "")] {
            let mut program = example(name);
            program.args(line.split_whitespace()).stdout(full());
            let output = program.stderr(Stdio::piped()).output().unwrap();
            let error = format!("{name}: cannot print: No space left on device (os error 28)\n");
            assert_ends(&output, 1, "", &error);
        }
    }

    #[test]
    fn under_stderr_changes_no_exit_code() {
        let code = |line: &str| {
            let mut program = example("client");
            program.args(line.split(' ')).stdout(Stdio::null());
            program.stderr(full()).status().unwrap().code()
        };
        assert_eq!(code("here"), Some(2));
        assert_eq!(code("127.0.0.1:8000 fail"), Some(1));
        // The program itself could not print an error.
        assert_eq!(code("127.0.0.1:8000 complain"), Some(1));
    }
}
