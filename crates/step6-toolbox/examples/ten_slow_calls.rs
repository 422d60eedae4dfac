//! Ten slow calls: one after the other, in threads, in a pool, all at once, three at a time, and
//! with a time limit.
//!
//! A call that blocks needs a thread for itself. A call that waits needs none: ten futures wait in
//! one thread, and how many of them wait at once costs nothing, so you can choose it.
//!
//! | Python | here |
//! |---|---|
//! | `ThreadPoolExecutor(10).map` | `thread::scope` |
//! | `loop.run_in_executor(pool, ..)` | `BlockingPool::spawn` |
//! | `asyncio.wait(tasks, timeout=5)` | `wait(tasks, Until::AllCompleted, limit)` |
//! | a loop of `wait(return_when=FIRST_COMPLETED)` | the same loop, without losing the last calls |
//! | a home-made `AsyncPoolExecutor.map` | `map_bounded` |
//!
//! Outputs are printed in the order in which they came. The calls that wait do so on the virtual
//! clock, so they take no time, and print the same in each run.
//!
//! Run it: `cargo run -p step6-toolbox --example ten_slow_calls`
#![forbid(unsafe_code)]

use std::io;
use std::thread;
use std::time::Duration;

use step5_executor::{Executor, JoinError, JoinHandle, TaskId, block_on, now, sleep, spawn};
use step6_toolbox::{BlockingPool, Until, join_all, map_bounded, wait};

/// How long each call takes that blocks its thread.
const BLOCKS_FOR: Duration = Duration::from_millis(20);

/// How long each call takes that waits, in milliseconds.
const TIMES: [u64; 10] = [570, 750, 970, 450, 440, 760, 880, 520, 290, 790];

/// How many wait at a time, where that is limited.
const AT_ONCE: usize = 3;

type Outputs = Result<Vec<usize>, JoinError>;

fn main() -> io::Result<()> {
    println!("Ten slow calls, in seven ways: the time, and the outputs in the order they came.");
    block_on(async {
        println!("Calls that block, for {BLOCKS_FOR:?} each:");
        show("one after the other", async {
            Ok((0..10).map(slow).collect())
        })
        .await?;
        show("in ten threads", async { Ok(in_threads()) }).await?;
        show("in a pool of ten", in_a_pool()).await
    })
    .map_err(io::Error::other)?;

    let executor = Executor::with_virtual_time()?;
    let outcome = executor.block_on(async {
        println!("Calls that wait, for up to a second, in one thread:");
        show("all at once", rest((0..10).map(call))).await?;
        show("three at a time, by hand", by_hand()).await?;
        show("three at a time, by map_bounded", bounded()).await?;

        let (limit, mut late) = (Some(Duration::from_millis(500)), vec![]);
        show("those that end within half a second", async {
            let (done, pending) = wait((0..10).map(call), Until::AllCompleted, limit).await;
            late = pending;
            outputs(done)
        })
        .await?;
        show("and, after that, the late ones", rest(late)).await
    });
    outcome.map_err(io::Error::other)
}

// --- What blocks ---

fn slow(number: usize) -> usize {
    thread::sleep(BLOCKS_FOR);
    number
}

fn in_threads() -> Vec<usize> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..10).map(|n| scope.spawn(move || slow(n))).collect();
        let outputs = threads.into_iter().map(|thread| thread.join());
        outputs
            .map(|output| output.expect("a slow call does not panic"))
            .collect()
    })
}

async fn in_a_pool() -> Outputs {
    let pool = BlockingPool::new(10);
    let calls = (0..10).map(|number| pool.spawn(move || slow(number)));
    join_all(calls).await.into_iter().collect()
}

// --- What waits ---

async fn slow_async(number: usize) -> usize {
    sleep(Duration::from_millis(TIMES[number])).await;
    number
}

fn call(number: usize) -> JoinHandle<usize> {
    spawn(slow_async(number))
}

/// Spawns the next call whenever fewer than three run.
async fn by_hand() -> Outputs {
    let mut calls = (0..10).map(call);
    let (mut pending, mut all) = (vec![], vec![]);
    loop {
        pending.extend(calls.by_ref().take(AT_ONCE - pending.len()));
        // The end is when the last call has ended, not when it has started.
        if pending.is_empty() {
            return Ok(all);
        }
        let (done, others) = wait(pending, Until::FirstCompleted, None).await;
        all.extend(outputs(done)?);
        pending = others;
    }
}

async fn bounded() -> Outputs {
    let mut calls = map_bounded(AT_ONCE, 0..10, slow_async);
    let mut all = vec![];
    while let Some(output) = calls.next().await {
        all.push(output);
    }
    Ok(all)
}

async fn rest(tasks: impl IntoIterator<Item = JoinHandle<usize>>) -> Outputs {
    let (done, _) = wait(tasks, Until::AllCompleted, None).await;
    outputs(done)
}

fn outputs(done: Vec<(TaskId, Result<usize, JoinError>)>) -> Outputs {
    done.into_iter().map(|(_, output)| output).collect()
}

/// Prints what comes next, and then how long it took, and the outputs.
async fn show(title: &str, work: impl Future<Output = Outputs>) -> Result<(), JoinError> {
    println!("  {title}:");
    let start = now();
    let outputs = work.await?;
    let took = (now() - start).as_secs_f64();
    println!("    {took:.2} s: {outputs:?}");
    Ok(())
}
