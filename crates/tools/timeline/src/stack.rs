//! Where in the program a task stands.
//!
//! A listener is called in the middle of the task that reports, so what has called it is the task:
//! the function that waits, the one that awaits it, and so on, down to the scheduler. (tokio's task
//! dumps are made in the same way.) Debug information knows their lines; a release build has none,
//! and then nothing is known.

use std::backtrace::Backtrace;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A line of a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// The path of the file, seen from the root of its repository or from the current folder.
    pub file: String,
    /// From one.
    pub line: u32,
}

/// Returns the lines of the program that are on the stack, the innermost first.
///
/// What belongs to std, or to the schedulers, is left out.
pub(crate) fn lines() -> Vec<Line> {
    let stack = Backtrace::force_capture().to_string();
    // A frame is two lines: its function, and `at FILE:LINE:COLUMN` if that is known.
    let places = stack
        .lines()
        .filter_map(|line| line.trim().strip_prefix("at "));
    places.filter_map(line_of).collect()
}

/// Looks once at how the program was built: that takes a moment, which is then not a run's.
pub(crate) fn prepare() {
    _ = lines();
}

fn line_of(place: &str) -> Option<Line> {
    let mut parts = place.rsplitn(3, ':');
    let (_column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
    let (file, line) = (name_of(file)?, line.parse().ok()?);
    Some(Line { file, line })
}

/// Returns how a file of the program that is watched is called, without the folders that are
/// different on each machine; `None` if it is std's, or another library's, or this workspace's.
fn name_of(file: &str) -> Option<String> {
    let here = env::current_dir().ok()?;
    let path = here.join(file.strip_prefix("./").unwrap_or(file));
    let name = match path.strip_prefix(root()) {
        Ok(name) => Some(name).filter(|name| is_program(&name.to_string_lossy())),
        Err(_) => path.strip_prefix(&here).ok(),
    };
    let name = name?.to_str()?;
    let is_std = name.starts_with("rustc/") || name.contains(".rustup/");
    let is_source = name.ends_with(".rs") && !is_std && !name.contains(".cargo/");
    is_source.then(|| name.to_owned())
}

/// Returns whether a file of this workspace is of a program: of the crates these are their demos,
/// examples and tests.
fn is_program(file: &str) -> bool {
    let is_library = file.starts_with("crates/") && file.contains("/src/");
    let programs = ["/src/demo", "/src/main.rs", "/src/bin/"];
    !is_library || programs.iter().any(|part| file.contains(part))
}

/// Returns the text of a file that a [`Line`] names; `None` if it is not there any more.
pub(crate) fn source(file: &str) -> Option<String> {
    let paths = [root().join(file), PathBuf::from(file)];
    paths.iter().find_map(|path| fs::read_to_string(path).ok())
}

/// Returns the folder of this workspace, where it was built.
fn root() -> &'static Path {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let root = tools.and_then(Path::parent).and_then(Path::parent);
    root.expect("this crate is two folders below the root")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_files_of_programs_have_a_name() {
        let of_workspace = |file: &str| name_of(root().join(file).to_str().unwrap());
        let demo = "crates/step3-sleeping-heap/src/demo.rs";
        assert_eq!(of_workspace(demo).as_deref(), Some(demo));
        assert_eq!(of_workspace("crates/step3-sleeping-heap/src/co.rs"), None);
        let others = [
            "/rustc/1/library/core/src/future.rs",
            "./csu/../csu/libc-start.c",
            "/elsewhere/main.rs",
        ];
        assert_eq!(others.map(name_of), [None, None, None]);
        // Tests run in the folder of their package.
        let here = name_of("./tests/it/notes.rs");
        assert_eq!(
            here.as_deref(),
            Some("crates/tools/timeline/tests/it/notes.rs")
        );
    }
}
