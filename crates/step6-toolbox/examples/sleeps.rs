//! Two sleeps, of 0.8 s and of 0.9 s: one after the other, in threads, and as tasks.
//!
//! Whoever waits for one and then for the other waits 1.7 s; whoever waits for both at once, 0.9 s. Two threads wait at
//! once, and so do two tasks in one thread: for what only waits, tasks do what threads do and take less for it. But
//! what makes the difference is that there are two tasks, not `await`: one `await` after the other is as slow as plain
//! calls.
//!
//! Python's `asyncio.wait(tasks)` is `wait` here, with `Until::AllCompleted`; `time.sleep` is `thread::sleep`, which
//! stops the whole thread and all tasks in it.
//!
//! Run it: `cargo run -p step6-toolbox --example sleeps [-- --virtual]`
//! All options: `cargo run -p step6-toolbox --example sleeps -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;

use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use step5_executor::{sleep, spawn};
use step6_toolbox::{Until, wait};

use clock::{executor, timed};
use command_line::Argument;

const HELP: &str = "\
Sleeps several times, one after the other and at once.

Usage: sleeps [--sleeps SECONDS,..] [--virtual]

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

/// Sleeps as plain code does: the thread stands still.
fn blocking_sleep(time: Duration) {
    println!("Start sleep");
    thread::sleep(time);
    println!("Stop sleep");
}

/// Sleeps as a task does: the thread does something else.
async fn async_sleep(time: Duration) {
    println!("Start sleep");
    sleep(time).await;
    println!("Stop sleep");
}

fn one_after_the_other(sleeps: &[Duration]) {
    for time in sleeps {
        blocking_sleep(*time);
    }
}

fn in_threads(sleeps: &[Duration]) {
    // All have ended when the scope does: it joins them.
    thread::scope(|scope| {
        for time in sleeps {
            scope.spawn(|| blocking_sleep(*time));
        }
    });
}

async fn awaited_one_after_the_other(sleeps: &[Duration]) {
    for time in sleeps {
        async_sleep(*time).await;
    }
}

async fn as_tasks(sleeps: &[Duration]) {
    let tasks = sleeps.iter().map(|time| spawn(async_sleep(*time)));
    wait(tasks, Until::AllCompleted, None).await;
}

fn print(title: &str, elapsed: Duration) {
    println!("{title} took {:.2} s", elapsed.as_secs_f64());
}

fn run(options: &Options) -> io::Result<()> {
    let sleeps = &options.sleeps;
    if options.virtual_time {
        println!("Sync and Thread are left out: a thread that sleeps takes real time.");
    } else {
        let start = Instant::now();
        one_after_the_other(sleeps);
        print("Sync", start.elapsed());
        let start = Instant::now();
        in_threads(sleeps);
        print("Thread", start.elapsed());
    }
    executor(options.virtual_time)?.block_on(async {
        print("Await", timed(awaited_one_after_the_other(sleeps)).await.1);
        print("Async", timed(as_tasks(sleeps)).await.1);
    });
    Ok(())
}

fn main() -> ExitCode {
    command_line::main("sleeps", HELP, Options::parse, |options| run(&options))
}
