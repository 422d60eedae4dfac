//! Is each option found with its value, and each mistake named?

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::Duration;

use cli::{Arguments, Error};

fn arguments(line: &str) -> Arguments {
    Arguments::new(line.split_whitespace().map(OsString::from))
}

fn usage<T>(message: &str) -> Result<T, Error> {
    Err(Error::Usage(message.to_owned()))
}

#[test]
fn a_value_follows_or_is_joined() {
    for line in ["--count 5 rest", "--count=5 rest", "rest --count 5"] {
        let mut arguments = arguments(line);
        assert_eq!(arguments.number("--count", 1..=9), Ok(Some(5)), "{line}");
        assert_eq!(arguments.operands().unwrap(), ["rest"], "{line}");
    }
}

#[test]
fn options_may_be_left_out() {
    let mut arguments = arguments("");
    assert_eq!(arguments.flag("--list"), Ok(false));
    assert_eq!(arguments.number("--count", 1..=9), Ok(None));
    assert_eq!(arguments.seconds("--delay"), Ok(None));
    assert_eq!(arguments.file("--svg"), Ok(None));
    assert_eq!(arguments.end(), Ok(()));
}

#[test]
fn an_option_given_twice_counts_as_given_last() {
    let mut arguments = arguments("--count 5 --list --count=6 --list");
    assert_eq!(arguments.number("--count", 1..=9), Ok(Some(6)));
    assert_eq!(arguments.flag("--list"), Ok(true));
    assert_eq!(arguments.end(), Ok(()));
}

#[test]
fn the_beginning_of_a_name_is_another_name() {
    let mut arguments = arguments("--counter");
    assert_eq!(arguments.flag("--count"), Ok(false));
    assert_eq!(arguments.flag("--counter"), Ok(true));
}

#[test]
fn a_flag_takes_no_value() {
    let message = "--list takes no value, but was given \"1\"";
    assert_eq!(arguments("--list=1").flag("--list"), usage(message));
}

#[test]
fn a_missing_value_is_asked_for() {
    let message = "--count needs a value after it: a whole number from 1 to 9";
    for line in ["--count", "1 --count", "--count --list", "--count -- 5"] {
        let count = arguments(line).number("--count", 1..=9);
        assert_eq!(count, usage(message), "{line}");
    }
}

#[test]
fn no_value_is_taken_from_behind_another_option() {
    let mut arguments = arguments("--count --list 5");
    assert_eq!(arguments.flag("--list"), Ok(true));
    // The flag has left a gap.
    assert!(arguments.number("--count", 1..=9).is_err());
}

#[test]
fn a_number_out_of_range_is_named() {
    for value in ["0", "10", "-3", "many", "5.5", "99999999999999999999", ""] {
        let mut arguments = arguments(&format!("--count={value}"));
        let message = format!("--count cannot be {value:?}: give a whole number from 1 to 9");
        assert_eq!(arguments.number("--count", 1..=9), usage(&message));
    }
}

#[test]
fn the_ends_of_a_range_are_in_it() {
    let count = |line| arguments(line).number("--count", 1..=u64::MAX);
    assert_eq!(count("--count 1"), Ok(Some(1)));
    assert_eq!(count("--count 18446744073709551615"), Ok(Some(u64::MAX)));
    let day = Duration::from_secs(86_400);
    let delay = |line| arguments(line).seconds("--delay");
    assert_eq!(delay("--delay 0"), Ok(Some(Duration::ZERO)));
    assert_eq!(delay("--delay 86400"), Ok(Some(day)));
}

#[test]
fn seconds_that_no_clock_can_wait_are_named() {
    let values = "-1 -0.001 NaN inf -inf 1e400 86400.001 1e30 1s ½";
    for value in values.split(' ') {
        let delay = arguments(&format!("--delay {value}")).seconds("--delay");
        let message =
            format!("--delay cannot be {value:?}: give a number of seconds from 0 to 86400");
        assert_eq!(delay, usage(&message));
    }
}

#[test]
fn a_file_has_a_name() {
    let file = |line: &str| arguments(line).file("--svg");
    assert_eq!(file("--svg a"), Ok(Some(PathBuf::from("a"))));
    assert_eq!(file("--svg=--a"), Ok(Some(PathBuf::from("--a"))));
    for name in ["", "-"] {
        let message = format!("--svg cannot be {name:?}: give the name of a file");
        assert_eq!(file(&format!("--svg={name}")), usage(&message));
    }
}

#[test]
fn the_name_of_a_file_may_be_any_bytes() {
    let name = OsString::from_vec(vec![b'a', 0xff]);
    let mut arguments = Arguments::new(["--svg".into(), name.clone()]);
    assert_eq!(arguments.file("--svg"), Ok(Some(name.into())));
}

#[test]
fn a_value_that_is_not_text_is_named() {
    let value = OsString::from_vec(vec![b'a', 0xff]);
    let mut arguments = Arguments::new(["--count".into(), value]);
    let message = r#"--count cannot be "a\xFF": give a whole number from 1 to 9"#;
    assert_eq!(arguments.number("--count", 1..=9), usage(message));
}

#[test]
fn unknown_options_are_named() {
    for unknown in ["-1", "-", "--frobnicate", "--=", "--width=1"] {
        let mut arguments = arguments(unknown);
        arguments.flag("--list").unwrap();
        let message = format!("{unknown:?} is unknown: see --help");
        assert_eq!(arguments.end(), usage(&message));
    }
}

#[test]
fn a_similar_option_is_suggested() {
    for (unknown, meant) in [
        ("--lis", "--list"),
        ("--lsit=1", "--list"),
        ("-list", "--list"),
        ("--délay", "--delay"),
        ("--hlep", "--help"),
    ] {
        let mut arguments = arguments(unknown);
        arguments.flag("--list").unwrap();
        arguments.seconds("--delay").unwrap();
        let message = format!("{unknown:?} is unknown: did you mean {meant}?");
        assert_eq!(arguments.end(), usage(&message));
    }
}

#[test]
fn an_operand_too_many_is_named() {
    let message = "unexpected argument \"more\": see --help";
    assert_eq!(arguments("more").end(), usage(message));
}

#[test]
fn after_two_dashes_all_are_operands() {
    let mut arguments = arguments("1 -- --list -- -5");
    assert_eq!(arguments.flag("--list"), Ok(false));
    assert_eq!(arguments.operands().unwrap(), ["1", "--list", "--", "-5"]);
}

#[test]
fn an_operand_that_is_not_text_is_named() {
    assert_eq!(cli::text("a".into()), Ok("a".to_owned()));
    let bytes = OsString::from_vec(vec![0xff]);
    let message = r#"argument "\xFF" is not UTF-8"#;
    assert_eq!(cli::text(bytes), usage(message));
}
