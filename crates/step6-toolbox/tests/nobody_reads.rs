//! What do the programs do when nobody reads what they print, as after `| head`? They end, and that is no mistake.

#[path = "support/example.rs"]
mod example;

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use example::program;

#[track_caller]
fn assert_ends_quietly(mut program: Command, arguments: &str) {
    let (gone, stdout) = UnixStream::pair().unwrap();
    drop(gone);
    program
        .args(arguments.split_whitespace())
        .stdout(Stdio::from(OwnedFd::from(stdout)));
    let output = program.stderr(Stdio::piped()).output().unwrap();
    assert_eq!(
        (
            &*String::from_utf8_lossy(&output.stderr),
            output.status.code()
        ),
        ("", Some(0)),
        "{arguments}"
    );
}

#[test]
fn the_examples_end_quietly() {
    // Those that print only at the end of a long run are made short.
    let programs = [
        ("fib", "--recursive 1 --from 1 --count 2"),
        ("first_completed", ""),
        ("geocode", "--list --latency 0.01"),
        ("hello", ""),
        ("planets", "--port 0 --for 1"),
        ("poll_by_hand", ""),
        ("producer_consumer", "--virtual"),
        ("sleeps", "--help"),
    ];
    for (name, arguments) in programs {
        assert_ends_quietly(program(name), arguments);
    }
}

#[test]
fn the_demo_ends_quietly() {
    assert_ends_quietly(
        Command::new(env!("CARGO_BIN_EXE_step6-toolbox")),
        "--virtual",
    );
}
