//! What a program prints.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, io, thread};

/// A program to run.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// `cargo run`, with its arguments.
    pub command: &'a str,
    /// Whether it never ends. Then it is stopped a while after it has printed these lines.
    pub hangs: bool,
    /// How many lines of it are shown.
    pub lines: usize,
}

/// Runs a program, and returns what it prints on both streams, or why it cannot.
pub type Runner<'a> = &'a dyn Fn(&Run<'_>) -> Result<String, String>;

/// How long a program that hangs is watched: it must not end in this time.
const HANGS: Duration = Duration::from_secs(2);
/// How long a program may take to be built and to end.
const LIMIT: Duration = Duration::from_secs(600);
/// How much a program may print: more would not fit into a page.
const MOST_BYTES: u64 = 1 << 20;
/// How long to wait between two looks at whether a program has ended.
const INTERVAL: Duration = Duration::from_millis(10);

/// Runs a program of the workspace in a folder, as it is written in a page.
///
/// # Errors
///
/// Returns a message if it cannot be built or started, or does not end or hang as it must.
pub fn run(root: &Path, run: &Run<'_>) -> Result<String, String> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["run", "--quiet"]);
    cargo.args(run.command.split_whitespace().skip(2));
    cargo.current_dir(root).stdin(Stdio::null());
    cargo.env("NO_COLOR", "1").env("COLUMNS", "80");
    cargo.env("RUST_BACKTRACE", "0");
    let file = scratch(root, "output").map_err(|error| error.to_string())?;
    let printed = watch(cargo, run, &file);
    _ = fs::remove_file(file);
    let printed = printed.map_err(|error| error.to_string())?;
    // These are cargo's words.
    match printed.lines().find(|line| line.starts_with("error: ")) {
        Some(error) => Err(error.to_owned()),
        None => Ok(printed),
    }
}

/// Runs a process to its end, or until it must be stopped. `cargo run` becomes the program.
fn watch(mut command: Command, run: &Run<'_>, file: &Path) -> io::Result<String> {
    let output = File::create(file)?;
    command.stdout(output.try_clone()?).stderr(output);
    let mut child = command.spawn()?;
    let (start, mut has_printed) = (Instant::now(), None);
    loop {
        let status = child.try_wait()?;
        let is_too_much = fs::metadata(file)?.len() > MOST_BYTES;
        let text = match is_too_much {
            true => String::new(),
            false => String::from_utf8_lossy(&fs::read(file)?).into_owned(),
        };
        match status {
            _ if is_too_much => {}
            Some(_) if run.hangs => return Err(io::Error::other("it must hang, and has ended")),
            Some(_) => return Ok(text),
            None => {}
        }
        if text.lines().count() >= run.lines.max(1) {
            has_printed.get_or_insert_with(Instant::now);
        }
        let has_hung = run.hangs && has_printed.is_some_and(|then| then.elapsed() >= HANGS);
        if has_hung || is_too_much || start.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return match has_hung {
                true => Ok(text),
                false => Err(io::Error::other("it does not end, or prints too much")),
            };
        }
        thread::sleep(INTERVAL);
    }
}

/// Returns a path for a temporary file of this process.
///
/// # Errors
///
/// Returns an error if the folder that it is in cannot be made.
pub(crate) fn scratch(root: &Path, name: &str) -> io::Result<PathBuf> {
    let folder = root.join("target/book");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{}-{name}", process::id())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a shell's script as a program would be.
    fn script(script: &str, hangs: bool) -> io::Result<String> {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        let name = format!("book-{}-{}", process::id(), script.len());
        let file = env::temp_dir().join(name);
        let command = "cargo run";
        let run = Run {
            command,
            hangs,
            lines: 1,
        };
        let printed = watch(shell, &run, &file);
        fs::remove_file(file)?;
        printed
    }

    #[test]
    fn both_streams_are_kept() {
        let printed = script("echo one; echo two >&2; echo three; exit 3", false);
        assert_eq!(printed.unwrap(), "one\ntwo\nthree\n");
    }

    #[test]
    fn what_hangs_is_stopped_when_it_has_printed() {
        let printed = script("sleep 1; echo late; exec sleep 60", true);
        assert_eq!(printed.unwrap(), "late\n");
    }

    #[test]
    fn what_must_hang_must_not_end() {
        let error = script("echo a", true).unwrap_err();
        assert_eq!(error.to_string(), "it must hang, and has ended");
    }

    #[test]
    fn what_prints_without_end_is_stopped() {
        assert!(script("exec yes", false).is_err());
    }
}
