//! What does a program print, and which parts of that are times? A time is written as `0.80 s` or `0.80 sec.`.
#![allow(dead_code, reason = "each test file uses a part of it")]

use crate::example::program;

/// Runs an example, which must succeed, and returns what it prints.
#[track_caller]
pub(crate) fn printed(name: &str, arguments: &[&str]) -> String {
    let output = program(name).args(arguments).output().unwrap();
    let (stdout, stderr) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!(
        (stderr.as_str(), output.status.code()),
        ("", Some(0)),
        "{stdout}"
    );
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

/// Checks that a program says what it should, that none of its times is early, and that none is late by `late` seconds.
#[track_caller]
pub(crate) fn assert_same_but_later(real: &str, exact: &str, late: f64) {
    let ((real_text, real_times), (text, times)) = (split_times(real), split_times(exact));
    assert_eq!(real_text, text);
    for (real_time, time) in real_times.iter().zip(times) {
        assert!(
            (time..time + late).contains(real_time),
            "{real_time} s for {time} s in:\n{real}"
        );
    }
}
