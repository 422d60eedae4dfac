//! Do the programs that take arguments end quietly when the reader of their output is gone, as with
//! `| head`?

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Stdio;

use testing::example;

#[track_caller]
fn assert_ends_quietly(name: &str, arguments: &[&str]) {
    let (reader, stdout) = UnixStream::pair().unwrap();
    drop(reader);
    let mut program = example(name);
    program.args(arguments);
    program.stdout(Stdio::from(OwnedFd::from(stdout)));
    let output = program.stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((&*stderr, output.status.code()), ("", Some(0)));
}

#[test]
fn planets_ends_quietly() {
    assert_ends_quietly("planets", &["--port", "0", "--for", "1"]);
}

#[test]
fn geocode_ends_quietly() {
    assert_ends_quietly("geocode", &["--port", "0", "--for", "1"]);
}
