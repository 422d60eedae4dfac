//! How does a test run an example as its reader does? As a separate program, which ends with the test.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Mutex;

/// Returns the command that runs an example.
pub(crate) fn program(name: &str) -> Command {
    let mut program = Command::new(path(name));
    program.stdin(Stdio::null());
    program
}

/// Returns where an example is. `cargo test` has built it, but `cargo test --test NAME` has not.
fn path(name: &str) -> PathBuf {
    static BUILT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let this = std::env::current_exe().unwrap();
    let profile = this
        .parent()
        .and_then(|deps| deps.parent())
        .expect("a test is in the folder deps of its profile");
    let path = profile.join("examples").join(name);
    let mut built = BUILT.lock().unwrap();
    if built.insert(name.to_owned()) {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--example", name, "--manifest-path"]);
        build
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .arg("--target-dir")
            .arg(profile.parent().unwrap());
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "{build:?}");
    }
    path
}

/// A program that runs. Dropped, it is killed.
pub(crate) struct Running(Child);

impl Running {
    /// Does what Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let kill = format!("kill -INT {}", self.0.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.0.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Starts an example, and returns it and what it prints.
pub(crate) fn started(name: &str, arguments: &[&str]) -> (Running, BufReader<ChildStdout>) {
    let mut running = Running(
        program(name)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let stdout = BufReader::new(running.0.stdout.take().unwrap());
    (running, stdout)
}

/// Checks that an example ends at once, with an exit code and one line that says why.
pub(crate) fn assert_refused(name: &str, arguments: &[&str], code: i32, problem: &str) {
    let output = program(name).args(arguments).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!("{name}: {problem}\n")
    );
    assert_eq!(
        (
            String::from_utf8_lossy(&output.stdout).as_ref(),
            output.status.code()
        ),
        ("", Some(code))
    );
}
