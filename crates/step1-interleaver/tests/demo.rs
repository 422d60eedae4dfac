//! Does the demo print what the tutorial prints?

use std::process::Command;

const DEMO: &str = env!("CARGO_BIN_EXE_step1-interleaver");

#[test]
fn a_letter_a_line_below_a_heading_for_each_order() {
    let output = Command::new(DEMO).output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "one after the other:\nA\nB\nC\nX\nY\nZ\ninterleaved:\nA\nX\nB\nY\nC\nZ\n"
    );
}

#[test]
fn an_argument_is_a_clear_error() {
    let output = Command::new(DEMO).arg("--frob").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "step1-interleaver: it takes no arguments, so leave out \"--frob\"\n"
    );
}
