//! A process of its own for a test that counts or changes something of the whole process.

use std::process::Command;
use std::{env, thread};

const MARK: &str = "IS_ALONE";

/// Runs the body of this test in a process in which no other test runs.
///
/// The process runs the test of this name again, which then calls this again.
///
/// # Panics
///
/// Panics if the body does, and outside of the thread of a test.
pub fn alone(body: impl FnOnce()) {
    if env::var_os(MARK).is_some() {
        return body();
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", &this_test(), "--nocapture"])
        .env(MARK, "")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

/// Returns the name of the test that runs on this thread.
pub(crate) fn this_test() -> String {
    let thread = thread::current();
    let name = thread.name().expect("the thread has the name of its test");
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panic_message;

    #[test]
    fn the_body_runs_elsewhere() {
        let mut runs = 0;
        alone(|| runs += 1);
        assert_eq!(runs == 1, env::var_os(MARK).is_some());
    }

    #[test]
    fn a_panic_of_the_body_is_a_failure() {
        if env::var_os(MARK).is_some() {
            panic!("the body fails");
        }
        let message = panic_message::of(|| alone(|| ()));
        assert!(message.contains("the body fails"), "{message}");
    }
}
