//! Does a client that is stopped for a moment, as with Ctrl-Z and `fg`, still wait for its
//! response?

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

#[test]
fn being_stopped_and_continued_ends_no_wait() {
    let mut client = testing::example("one_after_another")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for 2 s in all: a few of these find it waiting.
    for _ in 0..10 {
        thread::sleep(Duration::from_millis(100));
        for signal in ["-STOP", "-CONT"] {
            let id = client.id().to_string();
            // It may have ended already.
            let _ = Command::new("kill")
                .args([signal, &id])
                .stderr(Stdio::null())
                .status()
                .unwrap();
        }
        if client.try_wait().unwrap().is_some() {
            break;
        }
    }
    let output = client.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    assert!(
        output
            .stdout
            .starts_with(b"[\"response for request0\", \"response for request1\"]\n")
    );
}
