//! Does the program say what is wrong with its command line?

use std::process::{Command, Output};

fn book(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_book"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn what_is_unknown_is_a_clear_error() {
    let cases = [
        (&[][..], "book: give check or renew, or --help to see how\n"),
        (
            &["frob"],
            "book: \"frob\" is unknown: give check or renew, or --help\n",
        ),
        (
            &["check", "docs/x.md"],
            "book: docs/x.md is no page: give some such as README.md or docs/why.md\n",
        ),
    ];
    for (arguments, expected) in cases {
        let output = book(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    }
}

#[test]
fn help_names_both_ways() {
    let output = book(&["--help"]);
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(
        help.contains("-- check [PAGE...]") && help.contains("-- renew [PAGE...]"),
        "{help}"
    );
}
