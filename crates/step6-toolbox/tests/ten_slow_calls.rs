//! How long do ten slow calls take, in each of the ways to make them?

#[path = "support/example.rs"]
mod example;
#[path = "support/transcript.rs"]
mod transcript;

use example::assert_refused;
use transcript::{assert_same_but_later, printed, split_times};

#[test]
fn calls_that_wait_are_exact_on_the_virtual_clock() {
    let expected = "\
Calls that block are left out, as they take real time.
Calls that wait, for up to 1 s:
all at once: 0 1 2 3 4 5 6 7 8 9
  0.97 s: [8, 4, 3, 7, 0, 1, 5, 9, 6, 2]
3 at a time, by hand: 0 1 2 3 4 5 6 7 8 9
  2.53 s: [0, 1, 2, 3, 4, 7, 5, 6, 8, 9]
3 at a time, by map_bounded: 0 1 2 3 4 5 6 7 8 9
  2.53 s: [0, 1, 2, 3, 4, 7, 5, 6, 8, 9]
for at most 0.5 s: 0 1 2 3 4 5 6 7 8 9
  0.50 s: [8, 4, 3]
  The other 7 go on, and can be waited for again:
  0.97 s: [7, 0, 1, 5, 9, 6, 2]
";
    assert_eq!(printed("ten_slow_calls", &["--virtual"]), expected);
}

#[test]
fn one_at_a_time_takes_the_sum_and_all_at_a_time_the_longest() {
    let times = |at_once: &str| {
        let (_, times) = split_times(&printed(
            "ten_slow_calls",
            &["--virtual", "--at-once", at_once],
        ));
        // After the longest of a call: all at once, by hand, by map_bounded.
        [times[1], times[2], times[3]]
    };
    let [longest, by_hand, mapped] = times("10");
    assert_eq!([by_hand, mapped], [longest; 2]);
    let [longest, by_hand, mapped] = times("1");
    assert_eq!(by_hand, mapped);
    assert!(
        (2.0 * longest..10.0 * longest).contains(&by_hand),
        "{by_hand}"
    );
}

#[test]
fn a_limit_that_is_long_enough_leaves_nobody_pending() {
    let printed = printed(
        "ten_slow_calls",
        &["--virtual", "--limit=5", "--calls=1", "--longest=0.2"],
    );
    assert!(printed.contains("\n  The other 0 go on"), "{printed}");
}

#[test]
fn calls_that_block_take_the_sum_or_as_long_as_one() {
    let printed = printed("ten_slow_calls", &["--longest=0"]);
    let (blocking, _) = printed.split_once("Calls that wait").unwrap();
    let exact = "\
Calls that block, for 0.05 s each:
one after the other: 0 1 2 3 4 5 6 7 8 9
  0.50 s: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
in threads: 0 1 2 3 4 5 6 7 8 9
  0.05 s: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
in a blocking pool: 0 1 2 3 4 5 6 7 8 9
  0.05 s: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
";
    // In what order threads start is not up to the program.
    let sorted = |line: &str| match line.split_once(": ") {
        Some((title @ ("in threads" | "in a blocking pool"), numbers)) => {
            let mut numbers: Vec<_> = numbers.split(' ').collect();
            numbers.sort_unstable();
            format!("{title}: {}\n", numbers.join(" "))
        }
        _ => format!("{line}\n"),
    };
    assert_same_but_later(
        &blocking.lines().map(sorted).collect::<String>(),
        exact,
        10.0,
    );
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (
            &["--calls", "0"][..],
            "--calls cannot be \"0\": give a whole number from 1 to 20",
        ),
        (
            &["--at-once", "21"],
            "--at-once cannot be \"21\": give a whole number from 1 to 20",
        ),
        (
            &["--longest", "x"],
            "--longest cannot be \"x\": give a number of seconds from 0 to 86400",
        ),
        (
            &["--threads", "3"],
            "unknown option \"--threads\"; see --help",
        ),
    ] {
        assert_refused("ten_slow_calls", arguments, 2, problem);
    }
    assert!(printed("ten_slow_calls", &["--help"]).contains("Usage:"));
}
