//! Ten slow calls: one after another, in threads, all at once, three at a time, and in a blocking
//! pool.
//!
//! What blocks needs a thread for each call that is to run at the same time. What only waits needs
//! none: ten futures wait in one thread, and how many do so at once is a number, not a price.
//!
//! | Python | here |
//! |---|---|
//! | `ThreadPoolExecutor(10).map` | `thread::scope` |
//! | `loop.run_in_executor(pool, ..)` | `BlockingPool::spawn` |
//! | `asyncio.wait(tasks, timeout=5)` | `wait(tasks, Until::AllCompleted, limit)` |
//! | a loop of `wait(return_when=FIRST_COMPLETED)` | the same loop, without losing calls |
//! | a home-made `AsyncPoolExecutor.map` | `map_bounded` |
//!
//! For each way it prints the numbers of the calls as they start, and then how long all took, and
//! the outputs in the order in which they came.
//!
//! Run it: `cargo run -p step6-toolbox --example ten_slow_calls`
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use step5_executor::{JoinError, JoinHandle, TaskId, block_on, sleep, spawn};
use step6_toolbox::{BlockingPool, Until, join_all, map_bounded, wait};

/// How many calls there are.
const CALLS: usize = TIMES.len();

/// How long a call takes that blocks its thread.
const BLOCKS_FOR: Duration = Duration::from_millis(50);

/// How long each call takes that waits, in milliseconds.
const TIMES: [u64; 10] = [570, 750, 970, 450, 440, 760, 880, 520, 290, 790];

/// How many run at a time where that is limited.
const AT_ONCE: usize = 3;

/// How long is waited where that is limited.
const LIMIT: Duration = Duration::from_millis(500);

fn main() -> Result<(), JoinError> {
    println!("Calls that block, for {BLOCKS_FOR:?} each:");
    show("one after another", || Ok((0..CALLS).map(slow).collect()))?;
    show("in threads", || Ok(in_threads()))?;
    show("in a blocking pool", || block_on(in_a_pool()))?;

    println!("Calls that wait, for up to a second:");
    show("all at once", || block_on(all_at_once()))?;
    show("three at a time, by hand", || {
        block_on(some_at_a_time(AT_ONCE, (0..CALLS).map(spawn_call)))
    })?;
    show("three at a time, by map_bounded", || {
        Ok(block_on(bounded(AT_ONCE)))
    })?;
    block_on(async {
        let start = begin("for at most half a second");
        let (outputs, pending) = within(LIMIT).await?;
        end(start, &outputs);
        print!("  The other {} can be waited for again:", pending.len());
        end(start, &rest(pending).await?);
        Ok(())
    })
}

// --- What blocks ---

fn slow(number: usize) -> usize {
    print_number(number);
    thread::sleep(BLOCKS_FOR);
    number
}

fn in_threads() -> Vec<usize> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CALLS)
            .map(|number| scope.spawn(move || slow(number)))
            .collect();
        let outputs = threads.into_iter().map(|thread| thread.join());
        outputs
            .map(|output| output.expect("a slow call does not panic"))
            .collect()
    })
}

async fn in_a_pool() -> Result<Vec<usize>, JoinError> {
    let pool = BlockingPool::new(CALLS);
    let calls = (0..CALLS).map(|number| pool.spawn(move || slow(number)));
    join_all(calls).await.into_iter().collect()
}

// --- What waits ---

async fn slow_async(number: usize) -> usize {
    print_number(number);
    sleep(Duration::from_millis(TIMES[number])).await;
    number
}

fn spawn_call(number: usize) -> JoinHandle<usize> {
    spawn(slow_async(number))
}

async fn all_at_once() -> Result<Vec<usize>, JoinError> {
    rest((0..CALLS).map(spawn_call)).await
}

/// Takes tasks from an iterator, which spawns each as it is taken, whenever fewer than `limit` run.
///
/// Returns their outputs, in the order in which they came, when all have ended.
async fn some_at_a_time<T>(
    limit: usize,
    mut tasks: impl Iterator<Item = JoinHandle<T>>,
) -> Result<Vec<T>, JoinError> {
    let (mut pending, mut all) = (vec![], vec![]);
    loop {
        pending.extend(tasks.by_ref().take(limit - pending.len()));
        // Done not when the last has started, but when the last has ended.
        if pending.is_empty() {
            return Ok(all);
        }
        let (done, others) = wait(pending, Until::FirstCompleted, None).await;
        all.extend(outputs(done)?);
        pending = others;
    }
}

async fn bounded(limit: usize) -> Vec<usize> {
    let mut calls = map_bounded(limit, 0..CALLS, slow_async);
    let mut outputs = vec![];
    while let Some(output) = calls.next().await {
        outputs.push(output);
    }
    outputs
}

/// Returns the outputs of the calls that end in time, and the handles of the others, which
/// continue.
async fn within(limit: Duration) -> Result<(Vec<usize>, Vec<JoinHandle<usize>>), JoinError> {
    let tasks = (0..CALLS).map(spawn_call);
    let (done, pending) = wait(tasks, Until::AllCompleted, Some(limit)).await;
    Ok((outputs(done)?, pending))
}

async fn rest(tasks: impl IntoIterator<Item = JoinHandle<usize>>) -> Result<Vec<usize>, JoinError> {
    let (done, _) = wait(tasks, Until::AllCompleted, None).await;
    outputs(done)
}

fn outputs<T>(done: Vec<(TaskId, Result<T, JoinError>)>) -> Result<Vec<T>, JoinError> {
    done.into_iter().map(|(_, output)| output).collect()
}

// --- What is printed ---

fn show(title: &str, run: impl FnOnce() -> Result<Vec<usize>, JoinError>) -> Result<(), JoinError> {
    let start = begin(title);
    end(start, &run()?);
    Ok(())
}

fn begin(title: &str) -> Instant {
    print!("{title}:");
    Instant::now()
}

/// Prints the number of a call, from any thread, at once.
fn print_number(number: usize) {
    print!(" {number}");
    // If this fails, so does the next line.
    _ = io::stdout().flush();
}

fn end(start: Instant, outputs: &[usize]) {
    let took = start.elapsed().as_secs_f64();
    println!("\n  {took:.2} s: {outputs:?}");
}

#[cfg(test)]
mod tests {
    use step5_executor::{Executor, now};

    use super::*;

    /// Returns the output of a future, and how many milliseconds it took.
    fn run<T>(future: impl Future<Output = T>) -> (T, u128) {
        let executor = Executor::with_virtual_time().unwrap();
        executor.block_on(async {
            let start = now();
            (future.await, (now() - start).as_millis())
        })
    }

    /// The calls in the order in which they end if all start at once.
    const BY_TIME: [usize; 10] = [8, 4, 3, 7, 0, 1, 5, 9, 6, 2];

    #[test]
    fn all_at_once_takes_as_long_as_the_longest() {
        let (outputs, ms) = run(async { all_at_once().await.unwrap() });
        assert_eq!((&outputs[..], ms), (&BY_TIME[..], 970));
    }

    #[test]
    fn both_ways_to_limit_are_the_same() {
        let by_hand = |limit| {
            run(async move {
                let calls = some_at_a_time(limit, (0..CALLS).map(spawn_call));
                calls.await.unwrap()
            })
        };
        for limit in 1..=10 {
            assert_eq!(by_hand(limit), run(bounded(limit)));
        }
        let expected = vec![0, 1, 2, 3, 4, 7, 5, 6, 8, 9];
        assert_eq!(by_hand(3), (expected, 2_520));
        assert_eq!(
            by_hand(1),
            ((0..10).collect(), u128::from(TIMES.iter().sum::<u64>()))
        );
        assert_eq!(by_hand(10), (BY_TIME.to_vec(), 970));
    }

    #[test]
    fn what_is_late_can_be_waited_for_again() {
        let (outputs, ms) = run(async {
            let (mut outputs, pending) = within(LIMIT).await.unwrap();
            assert_eq!((&outputs[..], pending.len()), (&[8, 4, 3][..], 7));
            outputs.extend(rest(pending).await.unwrap());
            outputs
        });
        assert_eq!((&outputs[..], ms), (&BY_TIME[..], 970));
    }
}
