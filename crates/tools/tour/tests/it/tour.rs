//! Does the tour run what it is asked for, each step with its picture?

use crate::support::{in_columns, printed, tour};

fn headings(output: &str) -> Vec<&str> {
    output
        .lines()
        .filter(|line| line.starts_with("== Step "))
        .collect()
}

/// Returns the time that is printed after some text.
fn seconds_after(output: &str, text: &str) -> f64 {
    let (_, rest) = output.split_once(text).unwrap();
    rest.split_once(" s\n").unwrap().0.parse().unwrap()
}

#[test]
fn steps_run_in_the_order_they_are_named() {
    let output = printed(tour(&["2", "1"]));
    assert_eq!(
        headings(&output),
        [
            "== Step 2: generators with a return value; spawn, join, cancel",
            "== Step 1: iterators are suspended functions; run several in turn"
        ]
    );
    let where_to_read = "   read it in docs/step2-round-robin.md and crates/step2-round-robin\n\
                         \x20  run it with `cargo run -p step2-round-robin`\n";
    assert!(output.contains(where_to_read));
    assert!(output.contains("the children returned 6 and 10\n"));
    assert!(output.contains("interleaved:\nA\nX\nB\n"));
}

#[test]
fn without_arguments_all_steps_run() {
    let output = printed(tour(&[]));
    let steps = printed(tour(&["--list"])).lines().count();
    assert_eq!(headings(&output).len(), steps);
    assert_eq!(
        output.matches("as two tasks:\nhello\ngoodbye\n").count(),
        3,
        "with `co`, without, and fast"
    );
    assert!(seconds_after(&output, "as two tasks:\nhello\ngoodbye\n") >= 2.0);
    assert!(
        seconds_after(
            &output,
            "[\"response for request0\", \"response for request1\"]\n"
        ) >= 1.0
    );
    // One legend a picture.
    assert_eq!(
        output
            .lines()
            .filter(|line| line.starts_with("█ running  "))
            .count(),
        steps
    );
    assert!(output.contains("here on the virtual clock: these are the programs of step 5\n"));
    assert!(output.contains("That was the tour."));
    // How often a task waits may differ: a busy machine may hand over two answers at once.
    assert!(
        output
            .lines()
            .any(|line| line.starts_with("request0 ") && line.contains("ssss")),
        "{output}"
    );
    assert!(
        output
            .lines()
            .any(|line| line.starts_with("watchdog ") && line.contains("zzzz")),
        "{output}"
    );
}

#[test]
fn steps_1_and_2_print_the_same_each_time() {
    let output = printed(tour(&["1", "2"]));
    let interleaved = "\
interleaved: 8 turns
ABC   ████░░░░████░░░░████░░░░████····
XYZ   ░░░░████░░░░████░░░░████░░░░████
      ┬───┬───┬───┬───┬───┬───┬───┬───
turn  1   2   3   4   5   6   7   8
8 turns, 8 wakes, 0 waits
";
    assert!(output.contains(interleaved), "{output}");
    let parent = "\
a parent and two children: 12 turns
main    ████jjjjjjjjjjjjjjjjjjjjjjjjjjjj░░░░████jjjj████
task 1      ████░░░░████░░░░████░░░░████················
task 2      ░░░░████░░░░████░░░░████░░░░████░░░░████····
";
    assert!(output.contains(parent), "{output}");
}

/// The same program is run by generators and by futures, and does the same.
#[test]
fn virtual_steps_3_5_and_8_print_the_same() {
    let output = printed(tour(&["3", "5", "8", "--virtual"]));
    let rows = "\
as two tasks: 2 s
main    █jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj█jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj█
task 1  █zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz█···································
task 2  █zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz█
        ┬─────────────────┬─────────────────┬────────────────┬─────────────────┬
        0                 0.5               1                1.5             2 s
";
    assert_eq!(output.matches(rows).count(), 3, "{output}");
    assert_eq!(output.matches("1.000 s\n").count(), 3, "not a moment more");
}

#[test]
fn what_the_virtual_clock_leaves_out_is_said() {
    let without = "   without a client and a server: sockets take real time\n";
    assert!(printed(tour(&["5", "--virtual"])).contains(without));
    assert!(!printed(tour(&["3", "--virtual"])).contains("without"));
}

#[test]
fn timeline_adds_the_counts_of_each_task() {
    let counts = "          turns   wakes   waits\nmain          3       3       2\n";
    assert!(printed(tour(&["5", "--virtual", "--timeline"])).contains(counts));
    assert!(!printed(tour(&["5", "--virtual"])).contains(counts));
}

#[test]
fn pictures_are_as_wide_as_they_are_told_to_be() {
    let longest = |output: String| {
        let (_, picture) = output.split_once("2.000 s\n").unwrap();
        picture
            .lines()
            .map(|line| line.chars().count())
            .max()
            .unwrap()
    };
    let arguments = ["3", "--virtual"];
    assert_eq!(longest(printed(tour(&arguments))), 80);
    assert_eq!(longest(printed(in_columns("132", &arguments))), 132);
    // An impossible width counts as none.
    for columns in ["", "0", "19", "wide", "99999999999999999999"] {
        assert_eq!(
            longest(printed(in_columns(columns, &arguments))),
            80,
            "{columns:?}"
        );
    }
    for width in [20, 57] {
        let width_argument = width.to_string();
        let arguments = ["3", "--width", &width_argument, "--virtual"];
        assert_eq!(longest(printed(in_columns("132", &arguments))), width);
    }
}

#[test]
fn the_tour_keeps_within_80_columns() {
    for arguments in [
        &["--list"][..],
        &["--help"],
        &["1", "2", "--timeline"],
        &["3", "5", "--virtual", "--timeline"],
    ] {
        for line in printed(tour(arguments)).lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn there_are_no_colours_without_a_terminal() {
    assert!(!printed(tour(&["1"])).contains('\x1b'));
}

#[test]
fn the_list_has_a_line_a_step() {
    for line in printed(tour(&["--list"])).lines() {
        let number = &line[..1];
        assert!(
            line.starts_with(&format!("{number}  step{number}-")),
            "{line}"
        );
    }
}
