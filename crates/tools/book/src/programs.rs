//! What does a command print?

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::commands::Command;
use crate::temporary::Temporary;

/// A command to run, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    /// What runs.
    pub command: Command,
    /// When it is stopped; it must not have ended before. `None` waits for its end.
    pub stops_after: Option<Duration>,
    /// After which time it has failed if it has not ended.
    pub limit: Duration,
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
    /// Runs them all, and gives what came of each, in the same order, or why nothing did.
    fn run(&self, runs: &[Run]) -> Vec<Result<Ran, String>>;
}

/// Runs programs of the workspace: cargo builds them all at once, then several run at a time.
#[derive(Debug)]
pub struct Programs {
    root: PathBuf,
}

/// What plain `cargo run` starts.
const FRONT_DOOR: &str = "tour";
/// How many run at a time. Most only sleep.
const AT_A_TIME: usize = 4;
/// A program that prints more than this is stopped: nobody would read it.
const MOST_BYTES: u64 = 1 << 20;
/// How long to wait between two looks whether a program has ended.
const INTERVAL: Duration = Duration::from_millis(5);

/// Whether it is an example, is optimized, and its name.
type Program = (bool, bool, String);

impl Programs {
    /// Runs programs of the workspace in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Programs {
        Programs { root: root.into() }
    }

    fn run_one(&self, run: &Run, built: &Built, file: &Path) -> Result<Ran, String> {
        if run.command.is_test {
            let mut command = cargo();
            let words = run.command.words();
            command.arg(&words[0]).arg("--quiet").args(&words[1..]);
            // Cargo starts the tests, and all of them must be stopped.
            command.process_group(0);
            return self.watch(run, command, file, true);
        }
        let program = program(&run.command);
        let path = built.programs.get(&program).ok_or_else(|| {
            let reason = built
                .error
                .as_deref()
                .unwrap_or("there is none of this name");
            format!("cargo builds no program `{}`: {reason}", program.2)
        })?;
        let mut command = process::Command::new(path);
        command.args(&run.command.arguments);
        self.watch(run, command, file, false)
    }

    /// Runs a process to its end, or until it must be stopped.
    fn watch(
        &self,
        run: &Run,
        mut command: process::Command,
        file: &Path,
        is_group: bool,
    ) -> Result<Ran, String> {
        // Into a file, because a pipe would stay open as long as any grandchild lives.
        let output = File::create(file).map_err(|error| error.to_string())?;
        let both = output.try_clone().map_err(|error| error.to_string())?;
        command
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(both);
        command
            .env("NO_COLOR", "1")
            .env("COLUMNS", "80")
            .env("CARGO_TERM_COLOR", "never")
            .env("RUST_BACKTRACE", "0");
        let mut child = command
            .spawn()
            .map_err(|error| format!("it cannot be started: {error}"))?;
        let end = Instant::now() + run.stops_after.unwrap_or(run.limit);
        let exit = loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                if let Some(time) = run.stops_after {
                    return Err(format!(
                        "it has ended by itself ({status}), and should go on for {time:?}"
                    ));
                }
                break Some(
                    status
                        .code()
                        .ok_or_else(|| format!("it was ended: {status}"))?,
                );
            }
            let is_too_much = fs::metadata(file).is_ok_and(|file| file.len() > MOST_BYTES);
            if is_too_much || Instant::now() >= end {
                stop(&mut child, is_group);
                match run.stops_after {
                    Some(_) => break None,
                    None if is_too_much => return Err("it prints more than 1 MiB".to_owned()),
                    None => return Err(format!("it has not ended within {:?}", run.limit)),
                }
            }
            thread::sleep(INTERVAL);
        };
        let text = fs::read(file).map_err(|error| error.to_string())?;
        Ok(Ran {
            text: without_thread_numbers(&String::from_utf8_lossy(&text)),
            exit,
        })
    }

    /// Builds what the runs need. What fails is left out, and is found missing later.
    fn build(&self, runs: &[Run]) -> io::Result<Built> {
        let mut built = Built::default();
        for release in [false, true] {
            let mut arguments = BTreeSet::new();
            for Run { command, .. } in runs
                .iter()
                .filter(|run| !run.command.is_test && run.command.release == release)
            {
                arguments.insert(format!(
                    "--package={}",
                    command.package.as_deref().unwrap_or(FRONT_DOOR)
                ));
                arguments.insert(
                    command
                        .example
                        .as_ref()
                        .map_or("--bins".to_owned(), |e| format!("--example={e}")),
                );
            }
            if arguments.is_empty() {
                continue;
            }
            let mut cargo = cargo();
            cargo.args([
                "build",
                "--quiet",
                "--keep-going",
                "--message-format=json-render-diagnostics",
            ]);
            cargo
                .args(release.then_some("--release"))
                .args(arguments)
                .current_dir(&self.root);
            let output = cargo.stdin(Stdio::null()).output()?;
            let messages = String::from_utf8_lossy(&output.stdout);
            for (is_example, name, path) in messages.lines().filter_map(artifact) {
                built.programs.insert((is_example, release, name), path);
            }
            let errors = String::from_utf8_lossy(&output.stderr);
            let first = errors
                .lines()
                .find(|line| line.starts_with("error"))
                .map(str::to_owned);
            built.error = built.error.or(first.filter(|_| !output.status.success()));
        }
        Ok(built)
    }
}

/// What cargo has built.
#[derive(Default)]
struct Built {
    programs: HashMap<Program, PathBuf>,
    /// The first error, if not all could be built.
    error: Option<String>,
}

impl Runner for Programs {
    fn run(&self, runs: &[Run]) -> Vec<Result<Ran, String>> {
        let prepared = Temporary::new().and_then(|folder| Ok((self.build(runs)?, folder)));
        let (built, folder) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return vec![Err(format!("no command can run: {error}")); runs.len()],
        };
        let next = AtomicUsize::new(0);
        let results = Mutex::new(vec![Err("it was not run".to_owned()); runs.len()]);
        thread::scope(|scope| {
            for _ in 0..AT_A_TIME.min(runs.len()) {
                scope.spawn(|| {
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        let Some(run) = runs.get(i) else { return };
                        let ran = self.run_one(run, &built, &folder.path().join(i.to_string()));
                        results.lock().unwrap_or_else(PoisonError::into_inner)[i] = ran;
                    }
                });
            }
        });
        results.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cargo() -> process::Command {
    process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn program(command: &Command) -> Program {
    let name = command
        .example
        .as_deref()
        .or(command.package.as_deref())
        .unwrap_or(FRONT_DOOR);
    (command.example.is_some(), command.release, name.to_owned())
}

/// Stops a process, and waits for its end.
fn stop(child: &mut Child, is_group: bool) {
    if is_group {
        // The standard library cannot signal a group, and a shell has `kill` built in.
        let group = format!("kill -s KILL -- -{}", child.id());
        let _ = process::Command::new("sh")
            .args(["-c", &group])
            .stderr(Stdio::null())
            .status();
    }
    // It may have ended just now.
    let _ = child.kill();
    let _: io::Result<_> = child.wait();
}

/// Reads one of cargo's messages: whether a program is an example, its name, and where it is; `None` if it is about
/// something else.
fn artifact(message: &str) -> Option<(bool, String, PathBuf)> {
    let text = |key: &str, place: &str| {
        let (_, value) = place.split_once(&format!("\"{key}\":"))?;
        let mut text = String::new();
        let mut chars = value
            .strip_prefix('[')
            .unwrap_or(value)
            .strip_prefix('"')?
            .chars();
        loop {
            match chars.next()? {
                '"' => return Some(text),
                '\\' => text.push(chars.next()?),
                c => text.push(c),
            }
        }
    };
    let (_, target) = message.split_once("\"target\":{")?;
    let is_example = text("kind", target)? == "example";
    Some((
        is_example,
        text("name", target)?,
        text("executable", target)?.into(),
    ))
}

/// A panic names its thread with the system's number for it, which is different each time.
fn without_thread_numbers(text: &str) -> String {
    let line = |line: &str| {
        let (before, after) = line
            .split_once("' (")
            .filter(|_| line.starts_with("thread '"))?;
        let (number, after) = after.split_once(')')?;
        number
            .chars()
            .all(|c| c.is_ascii_digit())
            .then(|| format!("{before}'{after}"))
    };
    text.split_inclusive('\n')
        .map(|l| line(l).unwrap_or_else(|| l.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a shell's script as a program would be.
    fn script(
        script: &str,
        stops_after: Option<u64>,
        limit: u64,
        is_group: bool,
    ) -> Result<Ran, String> {
        let run = Run {
            command: Command::parse("cargo run").unwrap(),
            stops_after: stops_after.map(Duration::from_millis),
            limit: Duration::from_millis(limit),
        };
        let folder = Temporary::new().unwrap();
        let mut shell = process::Command::new("sh");
        shell.args(["-c", script]);
        if is_group {
            shell.process_group(0);
        }
        Programs::new(".").watch(&run, shell, &folder.path().join("output"), is_group)
    }

    #[test]
    fn both_streams_and_the_status_are_kept() {
        let ran = script(
            "echo one; echo two >&2; echo three; exit 3",
            None,
            30_000,
            false,
        )
        .unwrap();
        assert_eq!(
            ran,
            Ran {
                text: "one\ntwo\nthree\n".to_owned(),
                exit: Some(3)
            }
        );
    }

    #[test]
    fn what_does_not_end_in_time_is_stopped_and_has_failed() {
        let error = script("echo a; exec sleep 60", None, 50, false).unwrap_err();
        assert_eq!(error, "it has not ended within 50ms");
    }

    #[test]
    fn what_has_to_hang_is_stopped_and_has_not_failed() {
        let ran = script("echo a; exec sleep 60", Some(1000), 30_000, false).unwrap();
        assert_eq!(
            ran,
            Ran {
                text: "a\n".to_owned(),
                exit: None
            }
        );
        let error = script("exit 7", Some(10_000), 30_000, false).unwrap_err();
        assert!(
            error.starts_with("it has ended by itself (exit status: 7)"),
            "{error}"
        );
    }

    #[test]
    fn what_prints_without_end_is_stopped() {
        assert_eq!(
            script("exec yes", None, 30_000, false).unwrap_err(),
            "it prints more than 1 MiB"
        );
        assert_eq!(
            script("exec yes", Some(30_000), 30_000, false)
                .unwrap()
                .exit,
            None
        );
    }

    #[test]
    fn a_group_is_stopped_with_all_that_it_has_started() {
        let ran = script("sleep 60 & echo $!; wait", Some(1000), 30_000, true).unwrap();
        let grandchild: u32 = ran.text.trim().parse().unwrap();
        let is_there = || {
            process::Command::new("sh")
                .args(["-c", &format!("kill -0 {grandchild} 2>&1")])
                .output()
                .unwrap()
                .status
                .success()
        };
        // It may be a moment until whoever adopted it has seen its end.
        let is_gone = (0..1000).any(|_| {
            thread::sleep(Duration::from_millis(10));
            !is_there() || is_zombie(grandchild)
        });
        assert!(is_gone);
    }

    fn is_zombie(process: u32) -> bool {
        let output = process::Command::new("ps")
            .args(["-o", "stat=", "-p", &process.to_string()])
            .output();
        output.is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout)
                .trim()
                .starts_with('Z')
        })
    }

    #[test]
    fn a_panic_names_its_thread_without_a_number() {
        let panic = "\nthread 'main' (4711) panicked at src/a.rs:1:2:\n(1)\n";
        assert_eq!(
            without_thread_numbers(panic),
            "\nthread 'main' panicked at src/a.rs:1:2:\n(1)\n"
        );
    }

    #[test]
    fn cargo_says_where_a_program_is() {
        let message = r#"{"reason":"compiler-artifact","package_id":"x","target":{"kind":["example"],"name":"a b","src":"y"},"executable":"/t\\x\"y","fresh":true}"#;
        assert_eq!(
            artifact(message),
            Some((true, "a b".to_owned(), "/t\\x\"y".into()))
        );
        assert_eq!(artifact(&message.replace(r#""/t\\x\"y""#, "null")), None);
        assert_eq!(
            artifact(r#"{"reason":"build-finished","success":true}"#),
            None
        );
    }
}
