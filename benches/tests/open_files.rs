//! What if fewer files may be open than there are idle sockets?

use std::process::Command;

#[test]
fn too_few_open_files_are_named_with_what_to_do() {
    let program = env!("CARGO_BIN_EXE_benches");
    let limited = format!("ulimit -n 64; exec '{program}'");
    let output = Command::new("sh").args(["-c", &limited]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let expected = "benches: idle_sockets, 100, step 4: 100 idle sockets are more files than may be open: \
                    say `ulimit -n 1024` first\n";
    assert!(said.ends_with(expected), "{said}");
    assert_eq!((output.status.code(), output.stdout), (Some(1), vec![]));
}
