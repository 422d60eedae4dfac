//! Does the tour say clearly what it cannot do, and then do nothing else?

use std::io::{BufRead, BufReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use crate::support::{TOUR, tour};

#[track_caller]
fn assert_refused(arguments: &[&str], message: &str) {
    let output = tour(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed something");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with(&format!("tour: {message}")),
        "{arguments:?}: {error}"
    );
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn an_unknown_step() {
    for unknown in ["0", "99", "step1", "", "1=2"] {
        let message = format!("{unknown:?} is not a step: give some of 1, 2, ");
        assert_refused(&["1", unknown], &message);
    }
}

#[test]
fn an_unknown_option() {
    for unknown in ["-1", "--frob=1", "--=", "-"] {
        let message = format!("{unknown:?} is unknown: see --help");
        assert_refused(&["1", unknown], &message);
    }
    let message = "\"--lis\" is unknown: did you mean --list?";
    assert_refused(&["1", "--lis"], message);
    let message = "--virtual takes no value, but was given \"yes\"";
    assert_refused(&["1", "--virtual=yes"], message);
}

#[test]
fn a_width_that_no_picture_can_have() {
    let what = "a whole number from 20 to 1000";
    for width in ["19", "1001", "-3", "many", "80.5", "99999999999999999999"] {
        let message = format!("--width cannot be {width:?}: give {what}");
        assert_refused(&["1", "--width", width], &message);
    }
    let message = format!("--width needs a value after it: {what}");
    assert_refused(&["1", "--width"], &message);
}

#[test]
fn a_picture_of_several_steps_or_of_none() {
    for steps in [&[][..], &["1", "2"]] {
        for flag in ["--svg", "--html"] {
            let arguments = [steps, &[flag, "/nowhere/picture"]].concat();
            assert_refused(
                &arguments,
                &format!("{flag} is for one step: name it, as in `cargo run -- 4 {flag} FILE`"),
            );
        }
    }
}

#[test]
fn a_picture_without_a_file_of_its_own() {
    let missing = "--svg needs a value after it: the name of a file";
    assert_refused(&["1", "--svg"], missing);
    assert_refused(&["1", "--svg", "--html", "page"], missing);
    assert_refused(&["1", "--html="], "--html cannot be \"\": give the name");
    assert_refused(&["1", "--svg", "-"], "--svg cannot be \"-\": give the name");
    assert_refused(
        &["1", "--svg", "/nowhere/same", "--html=/nowhere/same"],
        "--svg and --html name the same file",
    );
}

#[test]
fn a_virtual_clock_for_a_step_on_the_network() {
    assert_refused(
        &["3", "4", "--virtual"],
        "step 4 cannot run with --virtual, as its peers need real time: name some of 1, ",
    );
    assert_refused(&["--virtual"], "step 4 cannot run with --virtual");
}

#[test]
fn an_unwritable_file_is_found_before_the_demo() {
    let output = tour(&["1", "--svg", "/dev/null/picture.svg"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.starts_with("tour: cannot write to \"/dev/null/picture.svg\": "),
        "{error}"
    );
}

#[test]
fn a_reader_that_is_gone_is_no_mistake() {
    for arguments in [&["--help"][..], &["--list"], &["1"]] {
        let (gone, stdout) = UnixStream::pair().unwrap();
        drop(gone);
        let stdout = Stdio::from(OwnedFd::from(stdout));
        let output = Command::new(TOUR)
            .args(arguments)
            .stdout(stdout)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    }
}

#[test]
fn a_reader_that_leaves_in_mid_demo_is_none() {
    // In step 5 a task prints, and a panic of its own would end that task alone.
    for step in ["3", "5"] {
        let mut tour = Command::new(TOUR)
            .arg(step)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(tour.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        // A second passes before the demo prints again.
        assert!(lines.any(|line| line == "hello, and a second later world:"));
        assert_eq!(lines.next().unwrap(), "hello");
        drop(lines);
        let mut error = String::new();
        tour.stderr
            .take()
            .unwrap()
            .read_to_string(&mut error)
            .unwrap();
        assert_eq!(
            (error.as_str(), tour.wait().unwrap().code()),
            ("", Some(0)),
            "step {step}"
        );
    }
}

#[test]
fn two_pictures_in_one_file() {
    for (svg, html) in [("a.out", "./a.out"), ("a.out", "../tour/a.out")] {
        assert_refused(
            &["1", "--svg", svg, "--html", html],
            "--svg and --html name the same file",
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_unprinted_message_changes_no_exit_code() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let status = Command::new(TOUR).arg("99").stderr(full).status().unwrap();
    assert_eq!(status.code(), Some(2));
}
