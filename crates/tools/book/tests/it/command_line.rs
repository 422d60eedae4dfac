//! Does the program say what is wrong with its command line?

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn book(arguments: &[&str]) -> Output {
    let mut book = Command::new(env!("CARGO_BIN_EXE_book"));
    book.args(arguments).output().unwrap()
}

#[test]
fn what_is_unknown_is_a_clear_error() {
    let page = "docs/x.md is not a page: give some such as README.md or docs/why.md";
    let cases = [
        (
            &["frob"][..],
            "\"frob\" is unknown: give check or renew, or --help",
        ),
        (&["check", "docs/x.md"], page),
        (&["--frob"], "\"--frob\" is unknown: see --help"),
    ];
    for (arguments, expected) in cases {
        let output = book(arguments);
        assert_eq!(output.status.code(), Some(2));
        let printed = String::from_utf8(output.stderr).unwrap();
        assert_eq!(printed, format!("book: {expected}\n"));
    }
}

#[test]
fn one_page_can_be_checked() {
    // It has no blocks, so no command runs.
    let output = book(&["check", "docs/SUMMARY.md"]);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed, "All is true: 1 pages, 0 blocks\n");
    assert!(output.status.success());
}

/// mdBook asks first whether its renderer is supported, and then hands over the pages.
#[test]
fn mdbook_gets_its_pages_back() {
    assert!(book(&["mdbook", "supports", "html"]).status.success());

    let mut preprocessor = Command::new(env!("CARGO_BIN_EXE_book"));
    preprocessor.arg("mdbook");
    preprocessor.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut preprocessor = preprocessor.spawn().unwrap();
    let input = r#"[{"root":"x"},{"content":"[a](../a) [b](b.md)"}]"#;
    let mut stdin = preprocessor.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = preprocessor.wait_with_output().unwrap();
    assert_eq!(output.stdout, br#"{"content":"a [b](b.md)"}"#);
    assert!(output.status.success());
}
