//! How the tour is run in tests.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

pub(crate) const TOUR: &str = env!("CARGO_BIN_EXE_tour");

/// Runs the tour in a shell that does not say how wide it is.
pub(crate) fn tour(arguments: &[&str]) -> Output {
    Command::new(TOUR)
        .args(arguments)
        .env_remove("COLUMNS")
        .output()
        .unwrap()
}

/// Runs the tour in a shell that says how wide it is.
pub(crate) fn in_columns(columns: &str, arguments: &[&str]) -> Output {
    Command::new(TOUR)
        .args(arguments)
        .env("COLUMNS", columns)
        .output()
        .unwrap()
}

/// Returns what a run has printed. The run must have succeeded.
#[track_caller]
pub(crate) fn printed(output: Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A folder of a test's own, which is gone when it ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).into_os_string().into_string().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}
