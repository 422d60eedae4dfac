//! Are the digits of pi right, and does the loop go on meanwhile?

#[path = "support/example.rs"]
mod example;
#[path = "support/machin.rs"]
mod machin;
#[path = "../examples/compute_pi/spigot.rs"]
mod spigot;
#[path = "support/transcript.rs"]
mod transcript;

use example::assert_refused;
use machin::machin;
use spigot::compute_pi;
use transcript::{printed, split_times};

#[test]
fn another_formula_gives_the_same_digits() {
    let pi = machin(2_000);
    // Some end within a run of nines: the 762nd to the 767th digit are 9.
    for digits in (1..=60).chain(755..=775).chain([800, 1_000, 2_000]) {
        assert_eq!(compute_pi(digits), pi[..digits + 2], "{digits} digits");
    }
}

#[test]
fn the_digits_are_those_that_everybody_knows() {
    let pi = compute_pi(1_000);
    assert!(
        pi.starts_with("3.14159265358979323846264338327950288419716939937510"),
        "{pi}"
    );
    assert_eq!(&pi[2 + 761..2 + 767], "999999");
    assert!(pi.ends_with("64201989"), "{pi}");
}

/// Splits what is printed into the lines before the digits, the digits, and the lines after them.
fn parts(printed: &str) -> (Vec<&str>, String, Vec<&str>) {
    let lines: Vec<_> = printed.lines().collect();
    let is_digits = |line: &&&str| {
        line.starts_with("3.") || line.trim_start().bytes().all(|byte| byte.is_ascii_digit())
    };
    let digits = lines
        .iter()
        .filter(is_digits)
        .map(|line| line.trim_start())
        .collect();
    (
        lines[..3].to_vec(),
        digits,
        lines[lines.len() - 4..].to_vec(),
    )
}

#[test]
fn other_tasks_come_first_and_then_the_digits() {
    let printed = printed("compute_pi", &[]);
    let (before, digits, after) = parts(&printed);
    let greetings = [
        "Another function gets calleeeeeeed",
        "Another function gets called",
    ];
    assert_eq!(
        before,
        [&["Now, compute_pi will be executed"][..], &greetings].concat()
    );
    assert_eq!(digits, machin(800));
    assert_eq!(split_times(after[0]).0, "in the blocking pool it took _ s");
    assert_eq!(
        split_times(after[2]).0,
        "in the loop's own thread it took _ s"
    );
    // Within a poll nobody else gets a turn: there is not a single beat.
    assert_eq!(
        split_times(after[3]).0,
        "  the heart beat 0 times meanwhile, its longest pause _ s"
    );
}

#[test]
fn the_heart_beats_beside_the_pool() {
    let printed = printed("compute_pi", &["--digits=3000"]);
    let (_, digits, after) = parts(&printed);
    assert_eq!(digits, machin(3_000));
    let beats: u32 = after[1]
        .split(' ')
        .find_map(|word| word.parse().ok())
        .unwrap();
    assert!(beats > 0, "{printed}");
}

#[test]
fn a_bad_command_line_is_named() {
    for (arguments, problem) in [
        (
            &["--digits", "0"][..],
            "--digits cannot be \"0\": give a whole number from 1 to 10000",
        ),
        (
            &["--digits=10001"],
            "--digits cannot be \"10001\": give a whole number from 1 to 10000",
        ),
        (&["800"], "unexpected argument \"800\"; see --help"),
        (&["--virtual"], "unknown option \"--virtual\"; see --help"),
    ] {
        assert_refused("compute_pi", arguments, 2, problem);
    }
    assert!(printed("compute_pi", &["--help"]).contains("Usage:"));
}
