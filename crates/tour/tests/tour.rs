//! Does the tour run what it is asked for, and say clearly what it cannot?

use std::process::{Command, Output};

fn tour(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tour")).args(arguments).output().unwrap()
}

fn stdout(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn headings(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.starts_with("== Step ")).collect()
}

#[test]
fn the_steps_run_in_the_order_in_which_they_are_named() {
    let output = stdout(tour(&["2", "1"]));
    assert_eq!(
        headings(&output),
        [
            "== Step 2: generators with a return value; spawn, join, cancel",
            "== Step 1: iterators are suspended functions; run several in turn"
        ]
    );
    assert!(output.contains("   Read it in crates/step2-round-robin, run it with `cargo run -p step2-round-robin`\n"));
    assert!(output.contains("the children returned 6 and 10\n"));
    assert!(output.contains("interleaved:\nA\nX\nB\n"));
}

/// The time that is printed after some text.
fn seconds_after(output: &str, text: &str) -> f64 {
    let (_, rest) = output.split_once(text).unwrap();
    rest.split_once(" s\n").unwrap().0.parse().unwrap()
}

#[test]
fn without_arguments_all_steps_run() {
    let output = stdout(tour(&[]));
    assert_eq!(headings(&output).len(), stdout(tour(&["--list"])).lines().count());
    assert_eq!(output.matches("as two tasks:\nhello\ngoodbye\n").count(), 2, "with and without `co`");
    assert!(seconds_after(&output, "as two tasks:\nhello\ngoodbye\n") >= 2.0);
    assert!(seconds_after(&output, "[\"response for request0\", \"response for request1\"]\n") >= 1.0);
}

#[test]
fn the_list_has_a_line_a_step_within_80_columns() {
    let list = stdout(tour(&["--list"]));
    for line in list.lines() {
        let number = &line[..1];
        assert!(line.starts_with(&format!("{number}  step{number}-")), "{line}");
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn an_unknown_step_is_a_clear_error() {
    for unknown in ["0", "99", "step1", "-1", "", "--lis"] {
        let output = tour(&["1", unknown]);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with(&format!("tour: {unknown:?} is no step: give some of 1, 2, ")), "{error}");
        assert_eq!(error.lines().count(), 1);
    }
}
