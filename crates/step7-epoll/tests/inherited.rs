//! What does a program that this one starts inherit of the selector? Nothing: otherwise it would keep the set alive.

use std::process::Command;

use step7_epoll::Epoll;

#[test]
fn a_program_that_is_started_does_not_inherit_the_set() {
    let _selector = Epoll::new().unwrap();
    let output = Command::new("ls")
        .args(["-l", "/proc/self/fd"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let open = String::from_utf8(output.stdout).unwrap();
    assert!(
        open.contains("pipe:") && !open.contains("eventpoll"),
        "{open}"
    );
}
