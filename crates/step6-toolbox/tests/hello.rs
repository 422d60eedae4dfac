//! Do the greetings come when they should?

#[path = "support/example.rs"]
mod example;
#[path = "support/transcript.rs"]
mod transcript;

use example::assert_refused;
use transcript::{assert_same_but_later, printed};

#[test]
fn two_greetings_take_as_long_as_the_later_one() {
    let expected = "\
one greeting:
hello world
took 1.00 s
two greetings:
second hello
first hello
took 2.00 s
";
    assert_eq!(printed("hello", &["--virtual"]), expected);
}

#[test]
fn what_comes_first_is_up_to_the_command_line() {
    let expected = "\
one greeting:
hello world
took 0.25 s
two greetings:
first hello
second hello
took 0.75 s
";
    let arguments = ["--virtual", "--one=0.25", "--two", "0.5,0.75"];
    assert_eq!(printed("hello", &arguments), expected);
    assert_same_but_later(&printed("hello", &arguments[1..]), expected, 10.0);
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (&["--three"][..], "unknown option \"--three\"; see --help"),
        (&["1"], "unexpected argument \"1\"; see --help"),
        (
            &["--virtual", "1"],
            "--virtual takes no value, but was given \"1\"",
        ),
        (
            &["--one=-1"],
            "--one cannot be \"-1\": give a number of seconds from 0 to 86400",
        ),
        (
            &["--two", "1"],
            "--two cannot be \"1\": give 2 numbers of seconds from 0 to 86400, with commas between them",
        ),
    ] {
        assert_refused("hello", arguments, 2, problem);
    }
    assert!(printed("hello", &["--help"]).contains("Usage:"));
}
