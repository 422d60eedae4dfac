//! Two sleeps, of 80 ms and of 90 ms: one after the other, in threads, and as tasks.
//!
//! One after the other they take the sum, 0.17 s; at once they take as long as the longer one, 0.09
//! s. Two threads wait at once, and so do two tasks in one thread: for what only waits, tasks do
//! the same as threads, and are cheaper. But `await` alone makes no difference: one `await` after
//! another is as slow as plain calls.
//!
//! Python's `time.sleep` is `thread::sleep`, which stops the thread and all tasks in it.
//! `asyncio.wait(tasks)` is `wait` with `Until::AllCompleted`.
//!
//! Run it: `cargo run -p step6-toolbox --example sleeps`
#![forbid(unsafe_code)]

use std::thread;
use std::time::{Duration, Instant};

use step5_executor::{block_on, sleep, spawn};
use step6_toolbox::{Until, wait};

const SLEEPS: [Duration; 2] = [Duration::from_millis(80), Duration::from_millis(90)];

fn blocking_sleep(time: Duration) {
    println!("  Start sleep");
    thread::sleep(time);
    println!("  Stop sleep");
}

async fn async_sleep(time: Duration) {
    println!("  Start sleep");
    sleep(time).await;
    println!("  Stop sleep");
}

fn main() {
    println!(
        "Two sleeps, of {:?} and {:?}, in four ways.",
        SLEEPS[0], SLEEPS[1]
    );
    timed("Plain calls", || {
        SLEEPS.into_iter().for_each(blocking_sleep)
    });
    timed("Two threads", || {
        thread::scope(|scope| {
            for time in SLEEPS {
                scope.spawn(move || blocking_sleep(time));
            }
        });
    });
    timed("One await after the other", || {
        block_on(async {
            for time in SLEEPS {
                async_sleep(time).await;
            }
        });
    });
    timed("Two tasks", || {
        block_on(async {
            let tasks = SLEEPS.map(|time| spawn(async_sleep(time)));
            wait(tasks, Until::AllCompleted, None).await;
        });
    });
}

fn timed(title: &str, run: impl FnOnce()) {
    println!("{title}:");
    let start = Instant::now();
    run();
    println!("  took {:.2} s", start.elapsed().as_secs_f64());
}
