//! What does the program print, and what does it say if it cannot?

use std::fs;
use std::process::{Command, Output};

use crate::folder::Folder;

fn run(folder: &Folder, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_benches"));
    program.args(arguments).current_dir(folder.path());
    program.env("CRITERION_HOME", folder.path());
    program.output().unwrap()
}

/// Runs the program with arguments that it cannot obey, and returns what it says.
fn refuse(folder: &Folder, arguments: &[&str], code: i32) -> String {
    let output = run(folder, arguments);
    assert_eq!((output.status.code(), output.stdout), (Some(code), vec![]));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn results_are_printed_and_what_is_missing_named() {
    let folder = Folder::new("printed");
    folder.leave("switch among 1 task/step 1", [1.0, 1.5]);
    folder.leave("switch among 1 task/step 2", [20.0, 21.0]);
    let output = run(&folder, &[]);
    let expected = "\
switch among 1 task                                 before  step 5  instructions
 step 1                 1.25 ns     1.00 to 1.50 ns
 step 2                 20.5 ns     20.0 to 21.0 ns     16

";
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.starts_with(expected), "{printed}");
    let missing = String::from_utf8(output.stderr).unwrap();
    let expected = "not measured yet: switch among 1 task/step 2 by hand; ";
    assert!(missing.starts_with(expected), "{missing}");
    assert!(output.status.success());
}

#[test]
fn page_and_chart_show_the_same() {
    let folder = Folder::new("same");
    folder.leave(
        "spawn and join a task, 10,000 at once/step 5",
        [120_000.0, 140_000.0],
    );
    folder.leave("UDP round trip/step 8", [691_200.0, 691_200.0]);
    let page = folder.path().join("page.md");
    let old = "# Costs\n\n| a |\n|---|\n| UDP round trip |\n";
    fs::write(&page, old).unwrap();
    let output = run(&folder, &["--page", "page.md"]);
    assert!(output.status.success());
    let page = fs::read_to_string(page).unwrap();
    assert!(
        page.contains("| UDP round trip | step 8 | 3.46 µs |"),
        "{page}"
    );
    for chart in ["page.svg", "page-wide.svg"] {
        let chart = fs::read_to_string(folder.path().join(chart)).unwrap();
        for text in [
            "UDP round trip: step 8 3.46 µs.",
            ">step 5</text>",
            ">13.0 ns</text>",
        ] {
            assert!(chart.contains(text), "{text}");
        }
    }
}

#[test]
fn one_operation_can_be_run() {
    let folder = Folder::new("run");
    let output = run(
        &folder,
        &["--run", "switch among 1,000 tasks", "step 5", "1500"],
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.starts_with("2000 times in "), "{printed}");
}

#[test]
fn an_unknown_operation_names_those_there_are() {
    let folder = Folder::new("unknown-operation");
    let error = refuse(&folder, &["--run", "frob", "step 5", "1"], 1);
    assert!(
        error.contains("no operation \"frob\", but: switch among 1 task; "),
        "{error}"
    );
    let error = refuse(&folder, &["--run", "UDP round trip", "step 1", "1"], 1);
    assert!(
        error.contains("not done by \"step 1\", but by: step 4; "),
        "{error}"
    );
    let error = refuse(&folder, &["--run", "UDP round trip", "step 4", "0"], 1);
    assert!(error.contains("TIMES is from 1 to "), "{error}");
}

#[test]
fn no_results_are_an_error() {
    let folder = Folder::new("none");
    let error = refuse(&folder, &[], 1);
    assert!(error.starts_with("benches: there are no results in "));
}

#[test]
fn a_page_that_is_not_there_is_named() {
    let folder = Folder::new("unreadable");
    folder.leave("switch among 1 task/step 1", [1.0, 1.0]);
    let error = refuse(&folder, &["--page", "nowhere/page.md"], 1);
    let expected = "benches: cannot read nowhere/page.md: ";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn an_unknown_option_is_named() {
    let folder = Folder::new("unknown");
    let error = refuse(&folder, &["--frob"], 2);
    assert!(error.contains("\"--frob\" is unknown"), "{error}");
}
