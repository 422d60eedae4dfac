//! What becomes of the others when the first is over?

#[path = "support/example.rs"]
mod example;
#[path = "support/transcript.rs"]
mod transcript;

use example::assert_refused;
use transcript::{assert_same_but_later, printed};

#[test]
fn the_others_are_cancelled_when_the_first_is_over() {
    let expected = "\
Start sleep
Start sleep
Stop sleep
First took 0.80 s: the one of 0.8 s
Dropped in its sleep: the one of 0.9 s
Cancelled: 1, in 0.00 s more
";
    assert_eq!(printed("first_completed", &["--virtual"]), expected);
}

#[test]
fn on_the_real_clock_nobody_waits_for_the_others() {
    let arguments = ["--virtual", "--sleeps", "3600,0.1,1800"];
    let expected = "\
Start sleep
Start sleep
Start sleep
Stop sleep
First took 0.10 s: the one of 0.1 s
Dropped in its sleep: the one of 3600 s
Dropped in its sleep: the one of 1800 s
Cancelled: 2, in 0.00 s more
";
    assert_eq!(printed("first_completed", &arguments), expected);
    assert_same_but_later(&printed("first_completed", &arguments[1..]), expected, 10.0);
}

#[test]
fn a_tie_leaves_nobody_to_cancel_and_so_does_a_single_one() {
    for sleeps in ["2,2", "2"] {
        let printed = printed("first_completed", &["--virtual", "--sleeps", sleeps]);
        let end = "First took 2.00 s: the one of 2 s\nCancelled: 0, in 0.00 s more\n";
        assert!(printed.ends_with(end), "{printed}");
    }
}

#[test]
fn a_bad_command_line_is_named() {
    let list = "1 to 100 numbers of seconds from 0 to 86400, with commas between them";
    assert_refused(
        "first_completed",
        &["--sleeps"],
        2,
        &format!("--sleeps needs a value: {list}"),
    );
    assert_refused(
        "first_completed",
        &["2"],
        2,
        "unexpected argument \"2\"; see --help",
    );
    assert!(printed("first_completed", &["--help"]).contains("Usage:"));
}
