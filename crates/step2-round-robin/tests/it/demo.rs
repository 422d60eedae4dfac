//! Does the demo take turns, and print what the children return?

use std::process::Command;

const DEMO: &str = env!("CARGO_BIN_EXE_step2-round-robin");

#[test]
fn demo_takes_turns_and_returns_values() {
    let output = Command::new(DEMO).output().unwrap();
    assert!(output.status.success());
    let expected = "two tasks:\nA\nX\nB\nY\nC\nZ\n\
        a parent and two children:\nthe parent waits\n\
        the child that adds up to 3 is at 1\nthe child that adds up to 4 is at 1\n\
        the child that adds up to 3 is at 2\nthe child that adds up to 4 is at 2\n\
        the child that adds up to 3 is at 3\nthe child that adds up to 4 is at 3\n\
        the child that adds up to 4 is at 4\n\
        the children returned 6 and 10\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}
