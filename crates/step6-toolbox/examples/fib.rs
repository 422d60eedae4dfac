//! Fibonacci numbers: work that computes and never waits, in every way there is to run it.
//!
//! Beside the work, a heart beats each millisecond in a task. It shows what the work does to all
//! other tasks.
//!
//! One thing differs from Python: there is no global lock, so on two cores two threads take little
//! more than half the time, without processes. Another does not: a task that computes stops its
//! loop. Python's `loop.run_in_executor` is `spawn_blocking`, here on a pool of its own.
//!
//! As futures, the recursion takes many times as long. It is not the loop that is slow, for the
//! loop polls each task once. But a future that awaits itself must be in a box, so each of the
//! millions of calls allocates memory and frees it again, where a plain call only adds.
//!
//! Run it: `cargo run --release -p step6-toolbox --example fib`
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::ops::Range;
use std::pin::Pin;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use step5_executor::{JoinError, block_on, now, sleep, spawn, yield_now};
use step6_toolbox::{BlockingPool, join_all};

/// Which numbers are computed by recursion. Numbers 0 and 1 are both 1.
const NUMBERS: [u32; 2] = [29, 30];

/// Which numbers are computed in a loop, each from the beginning.
const LOOPS: Range<u32> = 10_000..11_000;

fn fib(n: u32) -> u64 {
    if n < 2 { 1 } else { fib(n - 1) + fib(n - 2) }
}

/// Like [`fib`], but each call is a future. It is in a box, because a future contains those that it
/// awaits, and one that contains itself would have no size.
fn fib_async(n: u32) -> Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move {
        if n < 2 {
            1
        } else {
            fib_async(n - 1).await + fib_async(n - 2).await
        }
    })
}

/// Like [`fib`], without the calls; only the last 18 digits.
fn fib_loop(n: u32) -> u64 {
    let (mut previous, mut fib) = (1, 1);
    for _ in 1..n {
        (previous, fib) = (fib, (fib + previous) % 1_000_000_000_000_000_000);
    }
    fib
}

fn main() {
    block_on(async {
        println!("Fibonacci numbers in seven ways, while a heart beats each millisecond.");
        let [first, second] = NUMBERS;
        println!("Numbers {first} and {second}, by recursion:");
        row("in plain code", async { NUMBERS.map(fib).into() }).await;
        println!("    This thread computes, so no other task runs.");
        row("in two threads", async { in_threads() }).await;
        println!("    Two threads compute, but this one blocks until they end.");
        let task = |n| spawn(async move { fib(n) });
        row("as two tasks", async { all(NUMBERS.map(task)).await }).await;
        println!("    Both are on this thread, and have no wait at which to switch.");
        let task = |n| spawn(fib_async(n));
        row("as two tasks of futures", async {
            all(NUMBERS.map(task)).await
        })
        .await;
        let calls = 2 * (fib_loop(first) + fib_loop(second)) - 2;
        println!("    No wait either. And each of the {calls} calls makes a box and frees it,");
        println!("    since a future that contained itself would have no size.");
        let pool = BlockingPool::new(2);
        let call = |n| pool.spawn(move || fib(n));
        row("in a pool of two threads", all(NUMBERS.map(call))).await;
        println!("    Two threads compute, and this one is free.");

        println!("Numbers {} to {}, in a loop:", LOOPS.start, LOOPS.end - 1);
        row("in plain code", async { LOOPS.map(fib_loop).collect() }).await;
        println!("    Ten million additions: a better algorithm beats any schedule.");
        let call = |n| pool.spawn(move || fib_loop(n));
        row("in a pool of two threads", all(LOOPS.map(call))).await;
        println!("    A thousand jobs for two threads.");
    });
}

fn in_threads() -> Vec<u64> {
    thread::scope(|scope| {
        let threads = NUMBERS.map(|n| scope.spawn(move || fib(n)));
        threads.map(|thread| thread.join().expect(ONLY_ADDS)).into()
    })
}

async fn all<F: Future<Output = Result<u64, JoinError>>>(
    calls: impl IntoIterator<Item = F>,
) -> Vec<u64> {
    let outputs = join_all(calls).await.into_iter();
    outputs.map(|output| output.expect(ONLY_ADDS)).collect()
}

const ONLY_ADDS: &str = "what only adds does not panic";

/// Awaits some work while a heart beats in another task. Prints how long the work took, how often
/// the heart beat, and the last number.
async fn row(title: &str, work: impl Future<Output = Vec<u64>>) {
    println!("  {title}:");
    let beats = Rc::new(Cell::new(0));
    let counted = beats.clone();
    let heart = spawn(async move {
        loop {
            sleep(Duration::from_millis(1)).await;
            counted.set(counted.get() + 1);
        }
    });
    // The heart starts first.
    yield_now().await;
    let start = now();
    let numbers = work.await;
    let took = (now() - start).as_secs_f64();
    heart.abort();
    let (beats, last) = (beats.get(), numbers[numbers.len() - 1]);
    println!("    {took:.3} s, {beats} beats of the heart, the last is {last}");
}
