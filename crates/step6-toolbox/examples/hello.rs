//! One greeting that comes late, and then two at once: the least that `async` can do.
//!
//! Two tasks sleep at the same time, so the second one, which sleeps for less, speaks first; and
//! both together take as long as the longer one.
//!
//! In Python `say` would be the same two lines. What runs it is `loop.run_until_complete` there and
//! `block_on` here; `loop.create_task` is `spawn`. Python's program of two greetings continues with
//! `loop.run_forever`, and must be stopped by hand. Here each task has a handle, and who awaits
//! both handles knows when the tasks have ended.
//!
//! Run it: `cargo run -p step6-toolbox --example hello`
#![forbid(unsafe_code)]

use std::time::{Duration, Instant};

use step5_executor::{JoinError, block_on, now, sleep, spawn};

const SECOND: Duration = Duration::from_secs(1);

async fn say(what: &str, delay: Duration) {
    sleep(delay).await;
    println!("{what}");
}

async fn two_greetings() -> Result<(), JoinError> {
    let first = spawn(say("first hello", 2 * SECOND));
    let second = spawn(say("second hello", SECOND));
    first.await?;
    second.await
}

fn main() -> Result<(), JoinError> {
    block_on(async {
        println!("one greeting:");
        let start = now();
        say("hello world", SECOND).await;
        print_time(start);

        println!("two greetings:");
        let start = now();
        two_greetings().await?;
        print_time(start);
        Ok(())
    })
}

fn print_time(start: Instant) {
    println!("took {:.2} s", (now() - start).as_secs_f64());
}
