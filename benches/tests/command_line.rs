//! Is what is wrong with the command line said in one line?

use std::process::Command;

/// Runs the program with arguments that it refuses, and returns what it says.
fn refuse(arguments: &[&str], code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_benches"))
        .args(arguments)
        .env("PATH", "")
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(code), vec![]));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_unknown_argument_is_named() {
    let expected = "benches: \"--frob\" is unknown: give --markdown, --svg FILE, --python, or nothing for a plain table\n";
    assert_eq!(refuse(&["--markdown", "--frob"], 2), expected);
}

#[test]
fn svg_needs_a_file() {
    let expected =
        "benches: --svg needs a file to write to: give --svg FILE, such as --svg chart.svg\n";
    assert_eq!(refuse(&["--svg"], 2), expected);
    assert_eq!(refuse(&["--svg", ""], 2), expected);
    assert_eq!(refuse(&["--svg", "--markdown"], 2), expected);
}

#[test]
fn python_that_is_not_there_is_missed_before_anything_is_measured() {
    let said = refuse(&["--python"], 1);
    let expected = "benches: --python needs a python3 that can be started, and there is none: \
                    install it, or leave --python out\n";
    assert!(said.ends_with(expected), "{said}");
}

#[test]
fn a_build_that_is_not_optimised_says_that_its_numbers_mean_nothing() {
    let said = refuse(&["--python"], 1);
    assert_eq!(
        said.contains("the numbers mean nothing"),
        cfg!(debug_assertions),
        "{said}"
    );
}
