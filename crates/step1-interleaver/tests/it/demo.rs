//! Does the demo print the letters in both orders?

use std::process::Command;

const DEMO: &str = env!("CARGO_BIN_EXE_step1-interleaver");

#[test]
fn demo_prints_the_letters_in_both_orders() {
    let output = Command::new(DEMO).output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "one after the other:\nA\nB\nC\nX\nY\nZ\ninterleaved:\nA\nX\nB\nY\nC\nZ\n"
    );
}
