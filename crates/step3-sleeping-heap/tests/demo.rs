//! Do the demo and the example print what they should, and take as long as they should by the virtual clock?

use std::process::{Command, Output};

fn demo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_step3-sleeping-heap"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_tutorials_three_examples_take_1_s_3_s_and_2_s_exactly() {
    let output = demo(&["--virtual"]);
    assert!(output.status.success());
    let expected = "hello, and a second later world:\nhello\nworld\n1.000 s\n\
        one after another:\nhello\nworld\n3.000 s\n\
        as two tasks:\nhello\ngoodbye\n2.000 s\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn an_unknown_option_is_a_clear_error() {
    let output = demo(&["--virtual", "--frob"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "step3-sleeping-heap: \"--frob\" is unknown: give --virtual for the virtual clock, or nothing\n"
    );
}
