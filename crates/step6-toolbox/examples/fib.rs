//! Fibonacci numbers: work that computes and never waits, in every way there is to run it.
//!
//! Recursive and iterative; in plain code, in threads, as tasks and in a blocking pool. A heart
//! that beats each millisecond, in a task, shows what that does to all other tasks of the loop.
//!
//! What differs from Python: there is no global lock, so with two cores two threads take half the
//! time, without processes. What does not: a task that computes stops its loop. Tasks are no faster
//! than plain code here, and while they compute the heart stands still. It also stands still while
//! the loop's thread joins others. Only the pool returns a future, which can be awaited: Python's
//! `loop.run_in_executor` is `spawn_blocking`, here on a `BlockingPool` with a thread for each
//! core.
//!
//! The recursive task is slow, but not because it switches between tasks: it has no wait at which
//! to switch. Each call is its own future in a box, because a future that contains itself could not
//! have a size; so 30 million calls are as many allocations. Here as in Python, `await` is a call,
//! and makes no task.
//!
//! Run it: `cargo run --release -p step6-toolbox --example fib`
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use step5_executor::{Executor, now, sleep, spawn, yield_now};
use step6_toolbox::{BlockingPool, Until, join_all, wait};

/// What is computed by recursion. The first two numbers, 0 and 1, are both 1.
const RECURSIVE: Range<u32> = 33..35;

/// What is computed in a loop, each in a thread or task of its own.
const ITERATIVE: Range<u32> = 10_000..11_000;

// --- What is computed ---

fn fib(n: u32) -> u64 {
    if n < 2 { 1 } else { fib(n - 1) + fib(n - 2) }
}

type BoxFuture = Pin<Box<dyn Future<Output = u64>>>;

/// Like [`fib`], but each call is a future.
fn fib_async(n: u32) -> BoxFuture {
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

fn main() -> io::Result<()> {
    Executor::new()?.block_on(async {
        println!("recursive, numbers 33 and 34:");
        let numbers = table(&RECURSIVE, fib, fib_async).await?;
        println!("  They are {} and {}.", numbers[0], numbers[1]);

        println!("iterative, numbers 10000 to 10999:");
        let boxed = |n| Box::pin(fib_iterative_async(n)) as BoxFuture;
        let numbers = table(&ITERATIVE, fib_iterative, boxed).await?;
        let last = numbers[numbers.len() - 1];
        println!("  The last one ends with {last:018}.");
        Ok(())
    })
}

/// Computes the same numbers in all ways, and returns them.
async fn table(
    numbers: &Range<u32>,
    fib: fn(u32) -> u64,
    fib_async: fn(u32) -> BoxFuture,
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
        "the numbers are the same in all ways"
    );
    Ok(plain)
}

/// Prints how long it took, and how the heart beat meanwhile.
async fn row(
    title: &str,
    work: impl Future<Output = io::Result<Vec<u64>>>,
) -> io::Result<Vec<u64>> {
    let start = now();
    let (numbers, pulse) = beside(work).await;
    let seconds = (now() - start).as_secs_f64();
    let (beats, pause) = (pulse.beats, pulse.longest_pause.as_secs_f64());
    println!(
        "  {title:<18} {seconds:>7.3} s, {beats:>3} beats of the heart, longest pause {pause:>7.3} s"
    );
    numbers
}

/// Runs a thread for each number, and joins them, which blocks the loop's own thread.
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
async fn as_tasks(numbers: Range<u32>, fib: fn(u32) -> BoxFuture) -> io::Result<Vec<u64>> {
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

// --- The heart ---

const BEAT: Duration = Duration::from_millis(1);

#[derive(Clone, Copy, Debug)]
struct Pulse {
    beats: u32,
    /// The longest time without a beat. If there was no beat, it is the whole time.
    longest_pause: Duration,
    last: Instant,
}

impl Pulse {
    fn until_now(self) -> Pulse {
        let last = now();
        Pulse {
            longest_pause: self.longest_pause.max(last - self.last),
            last,
            ..self
        }
    }
}

/// Awaits some work while a heart beats in another task. Returns the output, and how the heart
/// beat.
async fn beside<T>(work: impl Future<Output = T>) -> (T, Pulse) {
    let pulse = Rc::new(Cell::new(Pulse {
        beats: 0,
        longest_pause: Duration::ZERO,
        last: now(),
    }));
    let beating = pulse.clone();
    let heart = spawn(async move {
        loop {
            sleep(BEAT).await;
            let pulse = beating.get().until_now();
            let beats = pulse.beats + 1;
            beating.set(Pulse { beats, ..pulse });
        }
    });
    // The heart starts first.
    yield_now().await;
    let output = work.await;
    heart.abort();
    (output, pulse.get().until_now())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use step5_executor::block_on;
    use step6_toolbox::spawn_blocking;

    use super::*;

    #[test]
    fn all_ways_agree() {
        let expected = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144];
        assert_eq!((0..12).map(fib).collect::<Vec<_>>(), expected);
        assert_eq!((0..12).map(fib_iterative).collect::<Vec<_>>(), expected);
        for n in 0..20 {
            assert_eq!(block_on(fib_async(n)), fib(n));
            assert_eq!(fib_iterative(n), fib(n));
        }
    }

    #[test]
    fn the_heart_beats_while_others_wait() {
        let executor = Executor::with_virtual_time().unwrap();
        let ((), pulse) = executor.block_on(beside(async {
            sleep(100 * BEAT + BEAT / 2).await;
        }));
        assert_eq!((pulse.beats, pulse.longest_pause), (100, BEAT));
    }

    #[test]
    fn the_heart_stands_still_while_a_task_computes() {
        let time = Duration::from_millis(30);
        let ((), pulse) = block_on(beside(async {
            spawn(async move { thread::sleep(time) }).await.unwrap();
        }));
        assert!(pulse.longest_pause >= time, "{pulse:?}");
    }

    #[test]
    fn the_heart_beats_while_a_thread_works() {
        let ((), pulse) = block_on(beside(async {
            let (sender, receiver) = mpsc::channel();
            let work = spawn_blocking(move || receiver.recv());
            // If the work stopped the loop, this would never end it.
            drop(spawn(async move {
                sleep(5 * BEAT).await;
                sender.send(()).unwrap();
            }));
            work.await.unwrap().unwrap();
        }));
        assert!(pulse.beats > 0, "{pulse:?}");
    }
}
