//! A blocking function made async: digits of pi, while the loop goes on.
//!
//! A function that computes never waits, so as a task it would stop all others until it is done. Given to
//! `spawn_blocking` it runs in another thread, and what it gives back is awaited like anything else. It is Python's
//! `loop.run_in_executor` and `asyncio.to_thread`, and `force_async` in the program that this one follows. A heart that
//! beats each millisecond shows the difference. In Python it would also show the global lock, for which the threads
//! fight; there is none here, so with a core to spare the loop does not notice.
//!
//! Run it: `cargo run -p step6-toolbox --example compute_pi [-- --digits 800]`
//! All options: `cargo run -p step6-toolbox --example compute_pi -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;
#[path = "support/heartbeat.rs"]
mod heartbeat;
#[path = "compute_pi/spigot.rs"]
mod spigot;

use std::io;
use std::process::ExitCode;

use step5_executor::{Executor, JoinError, spawn};
use step6_toolbox::{join_all, spawn_blocking};

use clock::timed;
use command_line::Argument;
use heartbeat::beside;
use spigot::compute_pi;

const HELP: &str = "\
Computes pi in another thread, and then in the loop's own, while a heart beats
in a task.

Usage: compute_pi [--digits N]

  --digits N  how many digits after the point, 1 to 10000 (default: 800);
              twice as many take four times as long
  --help      print this
";

/// How many digits a line has.
const WIDTH: usize = 70;

struct Options {
    digits: usize,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let mut options = Options { digits: 800 };
        for argument in arguments {
            match argument.name.as_str() {
                "--digits" => options.digits = argument.number(1..=10_000)?,
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    command_line::main("compute_pi", HELP, Options::parse, |options| run(&options))
}

fn run(options: &Options) -> io::Result<()> {
    let digits = options.digits;
    Executor::new()?.block_on(async {
        println!("Now, compute_pi will be executed");
        let tasks = [
            spawn(print_pi(digits)),
            spawn(greet("Another function gets calleeeeeeed")),
            spawn(greet("Another function gets called")),
        ];
        for outcome in join_all(tasks).await {
            // Either the task has failed, or what it waited for.
            outcome
                .map_err(io::Error::other)?
                .map_err(io::Error::other)?;
        }

        compare(
            "in the blocking pool",
            spawn_blocking(move || compute_pi(digits)),
        )
        .await?;
        compare("in the loop's own thread", async { Ok(compute_pi(digits)) }).await
    })
}

async fn greet(message: &str) -> Result<(), JoinError> {
    println!("{message}");
    Ok(())
}

async fn print_pi(digits: usize) -> Result<(), JoinError> {
    let pi = spawn_blocking(move || compute_pi(digits)).await?;
    let (whole, mut rest) = pi.split_at(2);
    let mut margin = whole;
    while !rest.is_empty() {
        let (line, below) = rest.split_at(rest.len().min(WIDTH));
        println!("{margin}{line}");
        (margin, rest) = ("  ", below);
    }
    Ok(())
}

async fn compare(
    place: &str,
    work: impl Future<Output = Result<String, JoinError>>,
) -> io::Result<()> {
    let ((outcome, pulse), elapsed) = timed(beside(work)).await;
    outcome.map_err(io::Error::other)?;
    let (seconds, gap) = (elapsed.as_secs_f64(), pulse.longest_gap.as_secs_f64());
    println!("{place} it took {seconds:.3} s");
    println!(
        "  the heart beat {} times meanwhile, its longest pause {gap:.3} s",
        pulse.beats
    );
    Ok(())
}
