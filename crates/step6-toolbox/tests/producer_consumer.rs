//! How long do values wait for their consumer, in plain code and with tasks?

#[path = "support/example.rs"]
mod example;
#[path = "support/transcript.rs"]
mod transcript;

use example::assert_refused;
use transcript::{assert_same_but_later, printed};

#[test]
fn tasks_overlap_and_plain_code_does_not() {
    let expected = "\
App started, as plain code.
 -- generated item 1
 -- generated item 2
 -- generated item 3
 +++ Processed value 1 after 3.78 sec.
 +++ Processed value 4 after 3.22 sec.
 +++ Processed value 9 after 2.47 sec.
App exiting, total time: 5.28 sec.
3 values waited 3.16 sec. on average, and 3.78 sec. at most.
App started, as tasks.
 -- generated item 1
 -- generated item 1
 +++ Processed value 1 after 0.00 sec.
 +++ Processed value 1 after 0.50 sec.
 -- generated item 2
 +++ Processed value 4 after 0.00 sec.
 -- generated item 2
 +++ Processed value 4 after 0.48 sec.
 -- generated item 3
 +++ Processed value 9 after 0.00 sec.
 -- generated item 3
 +++ Processed value 9 after 0.47 sec.
App exiting, total time: 3.78 sec.
6 values waited 0.24 sec. on average, and 0.50 sec. at most.
";
    assert_eq!(
        printed("producer_consumer", &["--virtual", "--items", "3"]),
        expected
    );
}

/// The lines that sum up.
fn sums(printed: &str) -> Vec<&str> {
    printed
        .lines()
        .filter(|line| !line.starts_with(' '))
        .collect()
}

#[test]
fn twice_as_many_values_take_less_time_as_tasks() {
    let printed = printed("producer_consumer", &["--virtual"]);
    let expected = [
        "App started, as plain code.",
        "App exiting, total time: 32.04 sec.",
        "20 values waited 16.25 sec. on average, and 22.04 sec. at most.",
        "App started, as tasks.",
        "App exiting, total time: 22.04 sec.",
        "40 values waited 0.22 sec. on average, and 0.73 sec. at most.",
    ];
    assert_eq!(sums(&printed), expected);
    let count = |what: &str| {
        printed
            .lines()
            .filter(|line| line.starts_with(what))
            .count()
    };
    assert_eq!((count(" -- generated"), count(" +++ Processed")), (60, 60));
}

#[test]
fn on_the_real_clock_nothing_is_early() {
    let arguments = ["--virtual", "--items", "1", "--generators=1"];
    let exact = printed("producer_consumer", &arguments);
    let real = printed("producer_consumer", &arguments[1..]);
    // There is no terminal here, so there are no colours.
    assert!(!real.contains('\x1b'), "{real}");
    assert_same_but_later(&real, &exact, 10.0);
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (
            &["--items", "0"][..],
            "--items cannot be \"0\": give a whole number from 1 to 1000",
        ),
        (
            &["--generators=x"],
            "--generators cannot be \"x\": give a whole number from 1 to 100",
        ),
        (
            &["--consumers", "2"],
            "unknown option \"--consumers\"; see --help",
        ),
        (&["20"], "unexpected argument \"20\"; see --help"),
    ] {
        assert_refused("producer_consumer", arguments, 2, problem);
    }
    assert!(printed("producer_consumer", &["--help"]).contains("Usage:"));
}
