//! An example, run as a separate program, as a reader runs it.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// Returns the command that runs an example of the crate that is tested.
///
/// `cargo test` has built it, but `cargo test --test it` has not: so it is built first.
///
/// # Panics
///
/// Panics if the test was not started by Cargo, or if the example cannot be built.
pub fn example(name: &str) -> Command {
    static BUILT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let this = env::current_exe().unwrap();
    let profile = this
        .parent()
        .and_then(|deps| deps.parent())
        .expect("a test is in the folder deps of its profile");
    let variable = |name| env::var_os(name).expect("Cargo starts the tests");
    // Other tests wait meanwhile, and then find it built.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !built.contains(name) {
        let mut build = Command::new(variable("CARGO"));
        build.args(["build", "--quiet", "--example", name, "--manifest-path"]);
        build.arg(PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
        build.arg("--target-dir").arg(profile.parent().unwrap());
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "{build:?}");
        built.insert(name.to_owned());
    }
    let mut program = Command::new(profile.join("examples").join(name));
    program.stdin(Stdio::null());
    program
}
