//! Two sleeps, of 0.8 s and of 0.9 s: one after another, in threads, and as tasks.
//!
//! To wait for one and then for the other takes 1.7 s; to wait for both at once, 0.9 s. Two threads
//! wait at once, and so do two tasks in one thread: for what only waits, tasks do what threads do,
//! at a lower price. But it is not `await` that makes the difference: one `await` after another is
//! as slow as plain calls.
//!
//! Python's `asyncio.wait(tasks)` is `wait` here, with `Until::AllCompleted`; `time.sleep` is
//! `thread::sleep`, which stops the whole thread and all tasks in it.
//!
//! Run it: `cargo run -p step6-toolbox --example sleeps`
#![forbid(unsafe_code)]

use std::thread;
use std::time::{Duration, Instant};

use step5_executor::{block_on, sleep, spawn};
use step6_toolbox::{Until, wait};

const SLEEPS: [Duration; 2] = [Duration::from_millis(800), Duration::from_millis(900)];

/// Sleeps as plain code does: the thread is blocked.
fn blocking_sleep(time: Duration) {
    println!("Start sleep");
    thread::sleep(time);
    println!("Stop sleep");
}

/// Sleeps as a task does: the thread runs other tasks meanwhile.
async fn async_sleep(time: Duration) {
    println!("Start sleep");
    sleep(time).await;
    println!("Stop sleep");
}

fn in_threads() {
    // The scope joins them.
    thread::scope(|scope| {
        for time in SLEEPS {
            scope.spawn(move || blocking_sleep(time));
        }
    });
}

async fn one_after_another() {
    for time in SLEEPS {
        async_sleep(time).await;
    }
}

async fn as_tasks() {
    let tasks = SLEEPS.map(|time| spawn(async_sleep(time)));
    wait(tasks, Until::AllCompleted, None).await;
}

fn main() {
    timed("Sync", || SLEEPS.into_iter().for_each(blocking_sleep));
    timed("Thread", in_threads);
    timed("Await", || block_on(one_after_another()));
    timed("Async", || block_on(as_tasks()));
}

fn timed(title: &str, run: impl FnOnce()) {
    let start = Instant::now();
    run();
    println!("{title} took {:.2} s", start.elapsed().as_secs_f64());
}
