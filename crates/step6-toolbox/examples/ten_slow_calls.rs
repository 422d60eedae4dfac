//! Ten slow calls: one after the other, in threads, all at once, some at a time, and in a blocking pool.
//!
//! What blocks needs a thread for each call that is to go on at the same time. What only waits needs none: ten futures
//! wait in one thread, and how many do so at once is a number, not a cost.
//!
//! | Python | here |
//! |---|---|
//! | `ThreadPoolExecutor(10).map` | `thread::scope` |
//! | `loop.run_in_executor(pool, ..)` | `BlockingPool::spawn` |
//! | `asyncio.wait(tasks, timeout=5)` | `wait(tasks, Until::AllCompleted, limit)` |
//! | a loop of `wait(return_when=FIRST_COMPLETED)` | the same loop; the program that this follows lost the last calls |
//! | a home-made `AsyncPoolExecutor.map` | `map_bounded` |
//!
//! Run it: `cargo run -p step6-toolbox --example ten_slow_calls [-- --virtual]`
//! All options: `cargo run -p step6-toolbox --example ten_slow_calls -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;
#[path = "support/random.rs"]
mod random;

use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use step5_executor::{JoinError, JoinHandle, TaskId, now, sleep, spawn};
use step6_toolbox::{BlockingPool, Until, join_all, map_bounded, wait};

use clock::executor;
use command_line::Argument;
use random::Random;

const HELP: &str = "\
Makes slow calls in several ways. For each it prints their numbers as they
start, and then the time that all took, with their outputs as they came.

Usage: ten_slow_calls [--calls N] [--each SECONDS] [--longest SECONDS]
                      [--at-once N] [--limit SECONDS] [--seed N] [--virtual]

  --calls N          how many calls, 1 to 20 (default: 10)
  --each SECONDS     how long a call that blocks takes (default: 0.05)
  --longest SECONDS  how long a call that waits takes at most (default: 1)
  --at-once N        how many go on at a time where that is limited (default: 3)
  --limit SECONDS    how long wait waits where that is limited (default: 0.5)
  --seed N           other times (default: 1)
  --virtual          on the virtual clock: exact, at once, without what blocks
  --help             print this
";

struct Options {
    calls: usize,
    each: Duration,
    longest: Duration,
    at_once: usize,
    limit: Duration,
    seed: usize,
    virtual_time: bool,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let (each, longest, limit) = (
            Duration::from_millis(50),
            Duration::from_secs(1),
            Duration::from_millis(500),
        );
        let mut options = Options {
            calls: 10,
            each,
            longest,
            at_once: 3,
            limit,
            seed: 1,
            virtual_time: false,
        };
        for argument in arguments {
            match argument.name.as_str() {
                "--calls" => options.calls = argument.number(1..=20)?,
                "--each" => options.each = argument.seconds()?,
                "--longest" => options.longest = argument.seconds()?,
                "--at-once" => options.at_once = argument.number(1..=20)?,
                "--limit" => options.limit = argument.seconds()?,
                "--seed" => options.seed = argument.number(0..=usize::MAX)?,
                "--virtual" => options.virtual_time = argument.flag()?,
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    command_line::main("ten_slow_calls", HELP, Options::parse, |options| {
        run(&options)
    })
}

fn run(options: &Options) -> io::Result<()> {
    if options.virtual_time {
        println!("Calls that block are left out, as they take real time.");
    } else {
        println!(
            "Calls that block, for {} s each:",
            options.each.as_secs_f64()
        );
        blocking(options)?;
    }
    println!(
        "Calls that wait, for up to {} s:",
        options.longest.as_secs_f64()
    );
    executor(options.virtual_time)?
        .block_on(waiting(options))
        .map_err(io::Error::other)
}

// --- What blocks ---

fn slow(number: usize, time: Duration) -> usize {
    print_start(number);
    thread::sleep(time);
    number
}

fn blocking(options: &Options) -> io::Result<()> {
    let Options { calls, each, .. } = *options;

    let start = title("one after the other");
    let outputs: Vec<_> = (0..calls).map(|number| slow(number, each)).collect();
    print_end(start.elapsed(), &outputs);

    let start = title("in threads");
    let outputs: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..calls)
            .map(|number| scope.spawn(move || slow(number, each)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a slow call does not panic"))
            .collect()
    });
    print_end(start.elapsed(), &outputs);

    let start = title("in a blocking pool");
    let pool = BlockingPool::new(calls);
    let outputs: Result<Vec<_>, _> = executor(false)?.block_on(async {
        let calls = (0..calls).map(|number| pool.spawn(move || slow(number, each)));
        join_all(calls).await.into_iter().collect()
    });
    print_end(start.elapsed(), &outputs.map_err(io::Error::other)?);
    Ok(())
}

// --- What waits ---

async fn slow_async(number: usize, time: Duration) -> usize {
    print_start(number);
    sleep(time).await;
    number
}

async fn waiting(options: &Options) -> Result<(), JoinError> {
    let mut random = Random::new(options.seed as u64);
    // The same times for each way to wait for them.
    let times: Vec<_> = (0..options.calls)
        .map(|_| random.time_below(options.longest))
        .collect();
    let call = |number: usize| slow_async(number, times[number]);

    title("all at once");
    let start = now();
    let (done, _) = wait(
        (0..options.calls).map(|number| spawn(call(number))),
        Until::AllCompleted,
        None,
    )
    .await;
    print_end(now() - start, &outputs(done)?);

    title(&format!("{} at a time, by hand", options.at_once));
    let start = now();
    let outputs_by_hand = some_at_a_time(
        options.at_once,
        (0..options.calls).map(|number| spawn(call(number))),
    )
    .await?;
    print_end(now() - start, &outputs_by_hand);

    title(&format!("{} at a time, by map_bounded", options.at_once));
    let start = now();
    let mut calls = map_bounded(options.at_once, 0..options.calls, call);
    let mut outputs_mapped = vec![];
    while let Some(output) = calls.next().await {
        outputs_mapped.push(output);
    }
    print_end(now() - start, &outputs_mapped);

    title(&format!("for at most {} s", options.limit.as_secs_f64()));
    let start = now();
    let tasks = (0..options.calls).map(|number| spawn(call(number)));
    let (done, pending) = wait(tasks, Until::AllCompleted, Some(options.limit)).await;
    print_end(now() - start, &outputs(done)?);
    print!(
        "  The other {} go on, and can be waited for again:",
        pending.len()
    );
    let (done, _) = wait(pending, Until::AllCompleted, None).await;
    print_end(now() - start, &outputs(done)?);
    Ok(())
}

/// Takes tasks from an iterator, which spawns each as it is taken, whenever fewer than `limit` go on.
///
/// Returns their outputs, in the order in which they came, when all have ended.
async fn some_at_a_time<T>(
    limit: usize,
    tasks: impl IntoIterator<Item = JoinHandle<T>>,
) -> Result<Vec<T>, JoinError> {
    let (mut tasks, mut pending, mut all) = (tasks.into_iter(), vec![], vec![]);
    loop {
        pending.extend(tasks.by_ref().take(limit - pending.len()));
        // Done not when the last has started, but when the last has ended.
        if pending.is_empty() {
            return Ok(all);
        }
        let (done, rest) = wait(pending, Until::FirstCompleted, None).await;
        all.extend(outputs(done)?);
        pending = rest;
    }
}

fn outputs<T>(done: Vec<(TaskId, Result<T, JoinError>)>) -> Result<Vec<T>, JoinError> {
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

// --- What is printed ---

fn title(what: &str) -> Instant {
    print!("{what}:");
    Instant::now()
}

/// Prints the number of a call, from whatever thread, at once.
fn print_start(number: usize) {
    print!(" {number}");
    // If nobody reads this any more, the next line says so.
    _ = io::stdout().flush();
}

fn print_end(elapsed: Duration, outputs: &[usize]) {
    println!("\n  {:.2} s: {outputs:?}", elapsed.as_secs_f64());
}
