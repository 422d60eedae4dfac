//! Fibonacci numbers: work that computes and never waits, in every way there is to run it.
//!
//! Recursive and iterative; in plain code, in threads, as tasks and in a blocking pool. A heart that beats each
//! millisecond, in a task, shows what that does to all other tasks of the loop.
//!
//! What differs from Python: there is no global lock, so with two cores two threads take half the time, and nobody
//! needs processes for that. What does not: a task that computes stops its loop. Tasks are no faster than plain code
//! here, and while they compute the heart stands still. It also stands still while the loop's thread joins others. Only
//! the pool gives back a future, which can be awaited: Python's `loop.run_in_executor` is `spawn_blocking`, here on a
//! `BlockingPool` with a thread for each core.
//!
//! The recursive task is slow, but not because it switches between tasks: it has no wait at which to switch. Each call
//! is its own future in a box, because a future that contains itself could not have a size; so 30 million calls are as
//! many allocations. Here as in Python, `await` is a call, and makes no task.
//!
//! Run it: `cargo run --release -p step6-toolbox --example fib`
//! All options: `cargo run -p step6-toolbox --example fib -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;
#[path = "support/heartbeat.rs"]
mod heartbeat;

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::process::ExitCode;
use std::thread;

use step5_executor::{Executor, spawn};
use step6_toolbox::{BlockingPool, Until, join_all, wait};

use clock::timed;
use command_line::Argument;
use heartbeat::beside;

const HELP: &str = "\
Computes Fibonacci numbers in several ways, while a heart beats in a task.

Usage: fib [--recursive N] [--from N] [--count N]

  --recursive N  by recursion, compute the numbers N and N + 1, 1 to 40
                 (default: 33)
  --from N       in a loop, compute the numbers from N on, 1 to 1000000
                 (default: 10000)
  --count N      how many of those, each in a thread or task of its own,
                 1 to 2000 (default: 1000)
  --help         print this

The first numbers, 0 and 1, are both 1. Of long ones 18 digits are kept.
";

struct Options {
    recursive: Range<u32>,
    iterative: Range<u32>,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let (mut recursive, mut from, mut count) = (33, 10_000, 1_000);
        for argument in arguments {
            match argument.name.as_str() {
                "--recursive" => recursive = argument.number(1..=40)? as u32,
                "--from" => from = argument.number(1..=1_000_000)? as u32,
                "--count" => count = argument.number(1..=2_000)? as u32,
                _ => return argument.unknown(),
            }
        }
        Ok(Options {
            recursive: recursive..recursive + 2,
            iterative: from..from + count,
        })
    }
}

fn main() -> ExitCode {
    command_line::main("fib", HELP, Options::parse, |options| run(&options))
}

// --- What is computed ---

fn fib(n: u32) -> u64 {
    if n < 2 { 1 } else { fib(n - 1) + fib(n - 2) }
}

/// Like [`fib`], but each call is a future.
fn fib_async(n: u32) -> Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move {
        if n < 2 {
            1
        } else {
            fib_async(n - 1).await + fib_async(n - 2).await
        }
    })
}

/// How much is kept of a number: 18 digits, so that a sum of two fits.
const KEPT: u64 = 1_000_000_000_000_000_000;

fn fib_iterative(n: u32) -> u64 {
    let (mut previous, mut fib) = (1, 1);
    for _ in 1..n {
        (previous, fib) = (fib, (fib + previous) % KEPT);
    }
    fib
}

async fn fib_iterative_async(n: u32) -> u64 {
    fib_iterative(n)
}

// --- How ---

fn run(options: &Options) -> io::Result<()> {
    Executor::new()?.block_on(async {
        let (one, two) = (options.recursive.start, options.recursive.end - 1);
        println!("recursive, numbers {one} and {two}:");
        let numbers = table(&options.recursive, fib, fib_async).await?;
        println!("  They are {} and {}.", numbers[0], numbers[1]);

        let (first, last) = (options.iterative.start, options.iterative.end - 1);
        println!("iterative, numbers {first} to {last}:");
        let numbers = table(&options.iterative, fib_iterative, |n| {
            Box::pin(fib_iterative_async(n))
        })
        .await?;
        println!(
            "  The last one ends with {:018}.",
            numbers[numbers.len() - 1]
        );
        Ok(())
    })
}

/// Computes the same numbers in all ways, and returns them.
async fn table(
    numbers: &Range<u32>,
    fib: fn(u32) -> u64,
    fib_async: fn(u32) -> Pin<Box<dyn Future<Output = u64>>>,
) -> io::Result<Vec<u64>> {
    let plain = row("in plain code", async {
        Ok(numbers.clone().map(fib).collect())
    })
    .await?;
    let others = [
        row("in threads", async { in_threads(numbers.clone(), fib) }).await?,
        row("as tasks", as_tasks(numbers.clone(), fib_async)).await?,
        row("in a blocking pool", in_a_pool(numbers.clone(), fib)).await?,
    ];
    assert!(
        others.iter().all(|other| *other == plain),
        "the numbers are the same whoever computes them"
    );
    Ok(plain)
}

/// Prints how long it took, and how the heart beat meanwhile.
async fn row(
    title: &str,
    work: impl Future<Output = io::Result<Vec<u64>>>,
) -> io::Result<Vec<u64>> {
    let ((outcome, pulse), elapsed) = timed(beside(work)).await;
    let (seconds, beats, pause) = (
        elapsed.as_secs_f64(),
        pulse.beats,
        pulse.longest_gap.as_secs_f64(),
    );
    println!(
        "  {title:<18} {seconds:>7.3} s, {beats:>3} beats of the heart, longest pause {pause:>7.3} s"
    );
    outcome
}

/// Runs a thread for each number, and joins them all, which blocks the loop's own thread.
fn in_threads(numbers: Range<u32>, fib: fn(u32) -> u64) -> io::Result<Vec<u64>> {
    thread::scope(|scope| {
        let start = |n| thread::Builder::new().spawn_scoped(scope, move || fib(n));
        let threads: Result<Vec<_>, _> = numbers.map(start).collect();
        Ok(threads?
            .into_iter()
            .map(|thread| thread.join().expect("to add numbers does not panic"))
            .collect())
    })
}

/// Spawns a task for each number.
async fn as_tasks(
    numbers: Range<u32>,
    fib: fn(u32) -> Pin<Box<dyn Future<Output = u64>>>,
) -> io::Result<Vec<u64>> {
    let tasks = numbers.map(|n| spawn(fib(n)));
    // They never wait, so they end in the order in which they were spawned.
    let (done, _) = wait(tasks, Until::AllCompleted, None).await;
    done.into_iter()
        .map(|(_, outcome)| outcome.map_err(io::Error::other))
        .collect()
}

/// Puts all numbers into the queue of a pool that has a thread for each core, and awaits them.
async fn in_a_pool(numbers: Range<u32>, fib: fn(u32) -> u64) -> io::Result<Vec<u64>> {
    let pool = BlockingPool::new(thread::available_parallelism()?.get());
    let outcomes = join_all(numbers.map(|n| pool.spawn(move || fib(n)))).await;
    outcomes
        .into_iter()
        .map(|outcome| outcome.map_err(io::Error::other))
        .collect()
}
