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
    folder.leave("switch/step 1", 1.0);
    folder.leave("switch/step 2", 20.0);
    let output = run(&folder, &[]);
    let expected = "\
workload  step    time an operation  ratio to the step before
switch    step 1            1.00 ns
          step 2            20.0 ns                        20

switch: one of 1,000 tasks lets the next one run
";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    let missing = String::from_utf8(output.stderr).unwrap();
    let expected = "not measured yet: switch, step 3, switch, step 4, ";
    assert!(missing.starts_with(expected), "{missing}");
    assert!(output.status.success());
}

#[test]
fn markdown_and_chart_show_the_same() {
    let folder = Folder::new("same");
    folder.leave("spawn_join/step 5", 12.0);
    folder.leave("idle_sockets/step 8/900", 3_456.0);
    let output = run(&folder, &["--markdown", "--svg", "chart.svg"]);
    let table = String::from_utf8(output.stdout).unwrap();
    let chart = fs::read_to_string(folder.path().join("chart.svg")).unwrap();
    assert_eq!(table.lines().count(), 4, "{table}");
    for row in table.lines().skip(2) {
        let cells = Vec::from_iter(row.split('|').map(str::trim));
        let (who, time) = (cells[2], cells[3]);
        assert!(chart.contains(&format!("{who} {time}")), "{who} {time}");
    }
}

#[test]
fn no_results_are_an_error() {
    let folder = Folder::new("none");
    let error = refuse(&folder, &[], 1);
    assert!(error.starts_with("benches: there are no results in "));
}

#[test]
fn a_chart_that_cannot_be_written_is_named() {
    let folder = Folder::new("unwritable");
    folder.leave("switch/step 1", 1.0);
    let error = refuse(&folder, &["--svg", "nowhere/chart.svg"], 1);
    let expected = "benches: cannot write nowhere/chart.svg: ";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn an_unknown_option_is_named() {
    let folder = Folder::new("unknown");
    let error = refuse(&folder, &["--markdown", "--frob"], 2);
    assert!(error.contains("\"--frob\" is unknown"), "{error}");
}
