//! What does a future give to plain code that drives it? Nothing until it is ready, and then its value.

#[path = "support/example.rs"]
mod example;
#[path = "support/transcript.rs"]
mod transcript;

use example::assert_refused;
use transcript::{assert_same_but_later, printed};

/// What is printed by the virtual clock, if the coroutine is asked at these times.
fn expected(step: &str, sleep: &str, asked: impl IntoIterator<Item = f64>) -> String {
    let asked: Vec<_> = asked.into_iter().collect();
    let tries: String = asked
        .iter()
        .map(|time| format!("{time:.2} s: Result not ready yet. Please try again.\n"))
        .collect();
    let last = asked.last().unwrap();
    format!(
        "\
1. poll it again and again
Result not ready yet. Please try again.
Coroutine says hi!
2. let the loop run for {step} s, and ask again
Waiting {sleep} seconds
{tries}{last:.2} s: 1
3. ask only when it says so
Asked once: not ready. Woken? false
A result was given. Woken? true
Asked once more: Sam
"
    )
}

#[test]
fn nothing_until_it_is_ready_and_then_the_value() {
    let asked = (1..=20).map(|step| f64::from(step) / 10.0);
    assert_eq!(
        printed("poll_by_hand", &["--virtual"]),
        expected("0.1", "2", asked)
    );
}

#[test]
fn a_value_between_two_steps_is_seen_after_the_second() {
    let asked = [0.4, 0.8, 1.2];
    let arguments = ["--virtual", "--step=0.4", "--sleep", "1"];
    assert_eq!(
        printed("poll_by_hand", &arguments),
        expected("0.4", "1", asked)
    );
    // With so long a step after it, the real clock gives the same number of tries, unless it is late by that much.
    let exact = expected("1", "0.01", [1.0]);
    assert_same_but_later(
        &printed("poll_by_hand", &["--step=1", "--sleep", "0.01"]),
        &exact,
        10.0,
    );
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (
            &["--step", "0"][..],
            "--step is too short: give at least 0.001 s",
        ),
        (&["--sleep", "61"], "--sleep is too long: give at most 60 s"),
        (
            &["--step", "1,2"],
            "--step cannot be \"1,2\": give a number of seconds from 0 to 86400",
        ),
        (&["--poll"], "unknown option \"--poll\"; see --help"),
    ] {
        assert_refused("poll_by_hand", arguments, 2, problem);
    }
    assert!(printed("poll_by_hand", &["--help"]).contains("Usage:"));
}
