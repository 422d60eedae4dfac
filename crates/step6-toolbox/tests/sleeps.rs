//! How long do two sleeps take, one after the other and at once?

#[path = "support/example.rs"]
mod example;
#[path = "support/transcript.rs"]
mod transcript;

use example::assert_refused;
use transcript::{assert_same_but_later, printed};

const LEFT_OUT: &str = "Sync and Thread are left out: a thread that sleeps takes real time.\n";

#[test]
fn tasks_sleep_at_once_and_awaits_one_after_the_other() {
    let expected = "\
Start sleep
Stop sleep
Start sleep
Stop sleep
Await took 1.70 s
Start sleep
Start sleep
Stop sleep
Stop sleep
Async took 0.90 s
";
    assert_eq!(
        printed("sleeps", &["--virtual"]),
        format!("{LEFT_OUT}{expected}")
    );
}

#[test]
fn threads_do_as_tasks_do_on_the_real_clock() {
    let exact = "\
Start sleep
Stop sleep
Start sleep
Stop sleep
Sync took 0.30 s
Start sleep
Start sleep
Stop sleep
Stop sleep
Thread took 0.20 s
Start sleep
Stop sleep
Start sleep
Stop sleep
Await took 0.30 s
Start sleep
Start sleep
Stop sleep
Stop sleep
Async took 0.20 s
";
    // In what order two threads speak is not up to the program.
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().collect();
        lines.sort_unstable();
        lines.join("\n")
    };
    let printed = printed("sleeps", &["--sleeps", "0.1,0.2"]);
    assert_same_but_later(&sorted(&printed), &sorted(exact), 10.0);
}

#[test]
fn there_may_be_more_or_less_than_two() {
    let times = |sleeps: &str| {
        let printed = printed("sleeps", &["--virtual", "--sleeps", sleeps]);
        let took: Vec<_> = printed
            .lines()
            .filter_map(|line| line.split_once(" took "))
            .map(|(_, time)| time)
            .collect();
        took.join(", ")
    };
    assert_eq!(times("5"), "5.00 s, 5.00 s");
    assert_eq!(times("3,1,2.5"), "6.50 s, 3.00 s");
    assert_eq!(times("0"), "0.00 s, 0.00 s");
}

#[test]
fn a_bad_command_line_is_named() {
    let list = "give 1 to 100 numbers of seconds from 0 to 86400, with commas between them";
    for wrong in ["", "1,", "1,x", "1;2", "86401", "inf"] {
        assert_refused(
            "sleeps",
            &["--sleeps", wrong],
            2,
            &format!("--sleeps cannot be {wrong:?}: {list}"),
        );
    }
    assert_refused(
        "sleeps",
        &["--sleep", "1"],
        2,
        "unknown option \"--sleep\"; see --help",
    );
    assert!(printed("sleeps", &["--help"]).contains("Usage:"));
}
