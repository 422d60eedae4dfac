//! What a command prints.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, io};

use crate::commands::Command;

/// A command to run, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    /// What runs.
    pub command: Command,
    /// `None` if it ends; or else when it is stopped, and how many lines it must have printed then.
    pub stops_after: Option<(Duration, usize)>,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// What was printed, on both streams.
    pub text: String,
    /// The exit status; `None` if it was stopped, as was asked for.
    pub exit: Option<i32>,
}

/// Runs commands. In tests it is something that need not run any.
pub trait Runner {
    /// Runs a command.
    ///
    /// # Errors
    ///
    /// Returns a message if it cannot run, or does not end or hang as it must.
    fn run(&self, run: &Run) -> Result<Ran, String>;
}

/// Runs programs of the workspace.
#[derive(Debug)]
pub struct Programs {
    root: PathBuf,
}

/// What plain `cargo run` starts.
const FRONT_DOOR: &str = "tour";
/// A program that has not ended by then has failed. Most take a second or two.
const LIMIT: Duration = Duration::from_secs(60);
/// A program that prints more than this is stopped: it would not fit into a page.
const MOST_BYTES: u64 = 1 << 20;
/// How long to wait between two looks whether a program has ended.
const INTERVAL: Duration = Duration::from_millis(5);

impl Programs {
    /// Returns what runs the programs of the workspace in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Programs {
        Programs { root: root.into() }
    }

    /// Builds the program of a command, and returns where it is.
    fn build(&self, command: &Command) -> Result<PathBuf, String> {
        let package = command.package.as_deref().unwrap_or(FRONT_DOOR);
        let mut cargo = process::Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args(["build", "--quiet", "--package", package]);
        match &command.example {
            Some(example) => cargo.args(["--example", example]),
            None => cargo.args(["--bin", package]),
        };
        cargo.args(command.release.then_some("--release"));
        let output = cargo.current_dir(&self.root).output();
        let output = output.map_err(|error| format!("cargo cannot be started: {error}"))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            let error = text.lines().find(|line| line.starts_with("error"));
            return Err(format!("it cannot be built: {}", error.unwrap_or(&text)));
        }
        // Not by `cargo run`: it prints warnings, and stopping it need not stop the program.
        let target = target().map_err(|error| error.to_string())?;
        let profile = target.join(if command.release { "release" } else { "debug" });
        Ok(match &command.example {
            Some(example) => profile.join("examples").join(example),
            None => profile.join(package),
        })
    }

    /// Runs a process to its end, or until it must be stopped.
    fn watch(&self, run: &Run, mut command: process::Command, file: &Path) -> Result<Ran, String> {
        let cannot = |error: io::Error| format!("it cannot be started: {error}");
        let output = File::create(file).map_err(cannot)?;
        let both = output.try_clone().map_err(cannot)?;
        command.current_dir(&self.root).stdin(Stdio::null());
        command.stdout(output).stderr(both);
        command.env("NO_COLOR", "1").env("COLUMNS", "80");
        command.env("RUST_BACKTRACE", "0");
        let mut child = command.spawn().map_err(cannot)?;
        let start = Instant::now();
        let exit = loop {
            if let Some(status) = child.try_wait().map_err(cannot)? {
                if run.stops_after.is_some() {
                    return Err(format!("it must hang, and has ended ({status})"));
                }
                let exit = status.code();
                break Some(exit.ok_or_else(|| format!("it was ended: {status}"))?);
            }
            let is_too_much = fs::metadata(file).is_ok_and(|file| file.len() > MOST_BYTES);
            let is_late = start.elapsed() > LIMIT;
            let has_hung = run.stops_after.is_some_and(|(time, lines)| {
                start.elapsed() >= time && read(file).lines().count() >= lines
            });
            if is_too_much || is_late || has_hung {
                // If it has ended just now, there is nothing to stop.
                _ = child.kill();
                _ = child.wait();
                match run.stops_after {
                    Some(_) if has_hung || is_too_much => break None,
                    _ if is_too_much => return Err("it prints more than 1 MiB".to_owned()),
                    _ => return Err(format!("it has not done enough within {LIMIT:?}")),
                }
            }
            thread::sleep(INTERVAL);
        };
        let text = without_thread_numbers(&read(file));
        Ok(Ran { text, exit })
    }
}

impl Runner for Programs {
    fn run(&self, run: &Run) -> Result<Ran, String> {
        let mut program = process::Command::new(self.build(&run.command)?);
        program.args(&run.command.arguments);
        let file = scratch(&self.root, "output").map_err(|error| error.to_string())?;
        let ran = self.watch(run, program, &file);
        _ = fs::remove_file(file);
        ran
    }
}

/// Returns a path for a file of this process that is not needed later.
///
/// # Errors
///
/// Returns an error if the folder that it is in cannot be made.
pub(crate) fn scratch(root: &Path, name: &str) -> io::Result<PathBuf> {
    let folder = root.join("target/book");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{}-{name}", process::id())))
}

/// Returns where cargo puts what it builds: where it has put this program.
fn target() -> io::Result<PathBuf> {
    let program = env::current_exe()?;
    let mut folders = program.ancestors();
    let target = folders.find(|folder| folder.join("CACHEDIR.TAG").exists());
    let target = target.map(Path::to_owned);
    target.ok_or_else(|| io::Error::other("cargo has not built this program"))
}

fn read(file: &Path) -> String {
    String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).into_owned()
}

/// Takes out the system's number of a thread, which a panic names and which is different each time.
fn without_thread_numbers(text: &str) -> String {
    let line = |line: &str| {
        let (before, after) = line.strip_prefix("thread '")?.split_once("' (")?;
        let (number, after) = after.split_once(')')?;
        number.parse::<u64>().ok()?;
        Some(format!("thread '{before}'{after}"))
    };
    let lines = text.split_inclusive('\n');
    lines
        .map(|l| line(l).unwrap_or_else(|| l.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a shell's script as a program would be.
    fn script(script: &str, stops_after: Option<(u64, usize)>) -> Result<Ran, String> {
        let stops_after = stops_after.map(|(ms, lines)| (Duration::from_millis(ms), lines));
        let command = Command::parse("cargo run").unwrap();
        let mut shell = process::Command::new("sh");
        shell.args(["-c", script]);
        let folder = env::temp_dir();
        let file = folder.join(format!("book-{}-{}", process::id(), script.len()));
        let run = Run {
            command,
            stops_after,
        };
        let ran = Programs::new(folder).watch(&run, shell, &file);
        fs::remove_file(file).unwrap();
        ran
    }

    #[test]
    fn both_streams_and_the_status_are_kept() {
        let ran = script("echo one; echo two >&2; echo three; exit 3", None).unwrap();
        assert_eq!(
            (ran.text.as_str(), ran.exit),
            ("one\ntwo\nthree\n", Some(3))
        );
    }

    #[test]
    fn what_has_to_hang_is_stopped() {
        let ran = script("echo a; exec sleep 60", Some((1, 1))).unwrap();
        assert_eq!((ran.text.as_str(), ran.exit), ("a\n", None));
    }

    #[test]
    fn it_is_not_stopped_before_it_has_printed() {
        let ran = script("sleep 0.2; echo late; exec sleep 60", Some((1, 1))).unwrap();
        assert_eq!(ran.text, "late\n");
    }

    #[test]
    fn what_has_to_hang_must_not_end() {
        let error = script("exit 7", Some((60_000, 0))).unwrap_err();
        assert_eq!(error, "it must hang, and has ended (exit status: 7)");
    }

    #[test]
    fn what_prints_without_end_is_stopped() {
        let error = script("exec yes", None).unwrap_err();
        assert_eq!(error, "it prints more than 1 MiB");
        assert_eq!(script("exec yes  ", Some((60_000, 9))).unwrap().exit, None);
    }

    #[test]
    fn a_panic_names_its_thread_without_a_number() {
        let panic = "\nthread 'main' (4711) panicked at src/a.rs:1:2:\n(1)\n";
        let kept = "\nthread 'main' panicked at src/a.rs:1:2:\n(1)\n";
        assert_eq!(without_thread_numbers(panic), kept);
    }
}
