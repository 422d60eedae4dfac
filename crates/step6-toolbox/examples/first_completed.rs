//! Two sleeps at once, of which only the first to end is needed: the other is cancelled.
//!
//! `wait` gives back two lists: the outcomes of the tasks that are done, and the handles of those that go on. They go
//! on until somebody aborts them. Aborting a task drops its future where it stands: it never says "Stop sleep", its
//! guards run, and its timer is taken back, so that nobody wakes up for it.
//!
//! Python's `asyncio.wait(tasks, return_when=FIRST_COMPLETED)` is `wait` with `Until::FirstCompleted`, and
//! `task.cancel()` is `abort`. Python throws an exception into the task, which may catch it and go on; here there is
//! nothing to catch: a task that was aborted is gone.
//!
//! Run it: `cargo run -p step6-toolbox --example first_completed [-- --virtual]`
//! All options: `cargo run -p step6-toolbox --example first_completed -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;

use std::io;
use std::mem;
use std::process::ExitCode;
use std::time::Duration;

use step5_executor::{JoinHandle, sleep, spawn};
use step6_toolbox::{Until, wait};

use clock::{executor, timed};
use command_line::Argument;

const HELP: &str = "\
Starts several sleeps at once, and cancels all others when the first is over.

Usage: first_completed [--sleeps SECONDS,..] [--virtual]

  --sleeps SECONDS,..  how long each of up to 100 sleeps (default: 0.8,0.9)
  --virtual            on the virtual clock: exact, and at once
  --help               print this
";

struct Options {
    sleeps: Vec<Duration>,
    virtual_time: bool,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let sleeps = vec![Duration::from_millis(800), Duration::from_millis(900)];
        let mut options = Options {
            sleeps,
            virtual_time: false,
        };
        for argument in arguments {
            match argument.name.as_str() {
                "--sleeps" => options.sleeps = argument.seconds_each(1..=100)?,
                "--virtual" => options.virtual_time = argument.flag()?,
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}

/// Says so when a sleep is dropped before its end.
struct Unfinished(Duration);

impl Drop for Unfinished {
    fn drop(&mut self) {
        println!(
            "Dropped in its sleep: the one of {} s",
            self.0.as_secs_f64()
        );
    }
}

async fn sleep_for(time: Duration) -> Duration {
    println!("Start sleep");
    let unfinished = Unfinished(time);
    sleep(time).await;
    // Its end is reached: there is nothing to say.
    mem::forget(unfinished);
    println!("Stop sleep");
    time
}

/// Returns how long the first one slept, and the handles of the others.
async fn first(sleeps: &[Duration]) -> io::Result<(Duration, Vec<JoinHandle<Duration>>)> {
    let tasks = sleeps.iter().map(|time| spawn(sleep_for(*time)));
    let (mut done, pending) = wait(tasks, Until::FirstCompleted, None).await;
    // Several may be done at once: those that sleep for the same time.
    let (_, outcome) = done.swap_remove(0);
    Ok((outcome.map_err(io::Error::other)?, pending))
}

fn run(options: &Options) -> io::Result<()> {
    executor(options.virtual_time)?.block_on(async {
        let (outcome, elapsed) = timed(first(&options.sleeps)).await;
        let (slept, pending) = outcome?;
        println!(
            "First took {:.2} s: the one of {} s",
            elapsed.as_secs_f64(),
            slept.as_secs_f64()
        );
        pending.iter().for_each(JoinHandle::abort);

        // They have ended by now, so this takes no time.
        let (cancelled, elapsed) = timed(wait(pending, Until::AllCompleted, None)).await;
        let cancelled = cancelled
            .0
            .iter()
            .filter(|(_, outcome)| outcome.as_ref().is_err_and(|e| e.is_cancelled()));
        println!(
            "Cancelled: {}, in {:.2} s more",
            cancelled.count(),
            elapsed.as_secs_f64()
        );
        Ok(())
    })
}

fn main() -> ExitCode {
    command_line::main("first_completed", HELP, Options::parse, |options| {
        run(&options)
    })
}
