//! Two sleeps at once, of which only the first to end is needed: the other is cancelled.
//!
//! `wait` returns two lists: the outputs of the tasks that are done, and the handles of the others,
//! which continue until they are aborted. Aborting a task drops its future where it stands. So the
//! longer sleep never says "Stop sleep", and its timer is taken back.
//!
//! Python's `asyncio.wait(tasks, return_when=FIRST_COMPLETED)` is `wait` with
//! `Until::FirstCompleted`, and `task.cancel()` is `abort`. Python throws an exception into the
//! task, which may catch it and continue. Here there is nothing to catch.
//!
//! Run it: `cargo run -p step6-toolbox --example first_completed`
#![forbid(unsafe_code)]

use std::io;
use std::time::Duration;

use step5_executor::{Executor, now, sleep, spawn};
use step6_toolbox::{Until, wait};

async fn sleep_for(ms: u64) -> u64 {
    println!("Start sleep of {ms} ms");
    sleep(Duration::from_millis(ms)).await;
    println!("Stop sleep of {ms} ms");
    ms
}

fn main() -> io::Result<()> {
    println!("Two sleeps, until the first has ended, on the virtual clock:");
    Executor::with_virtual_time()?.block_on(async {
        let start = now();
        let tasks = [800, 900].map(|ms| spawn(sleep_for(ms)));
        let (done, pending) = wait(tasks, Until::FirstCompleted, None).await;
        for (_, outcome) in done {
            println!("The first: {outcome:?} after {:?}", now() - start);
        }
        for task in pending {
            task.abort();
            if let Err(error) = task.await {
                println!("The other: {error} after {:?}", now() - start);
            }
        }
    });
    Ok(())
}
