//! A folder for a test's files.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

/// A folder that is deleted when this is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        let folder = env::temp_dir().join(format!("benches-{}-{name}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Leaves two samples of the first round, as criterion does.
    pub(crate) fn leave(&self, benchmark: &str, nanoseconds: [f64; 2]) {
        self.leave_round(benchmark, 1, nanoseconds);
    }

    /// Leaves two samples of a round.
    pub(crate) fn leave_round(&self, benchmark: &str, round: usize, nanoseconds: [f64; 2]) {
        let round = benches::results::round(round);
        let new = self.0.join(benchmark).join(round).join("new");
        fs::create_dir_all(&new).unwrap();
        let json = format!("{{\"iters\":[1.0,1.0],\"times\":{nanoseconds:?}}}");
        fs::write(new.join("sample.json"), json).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}
