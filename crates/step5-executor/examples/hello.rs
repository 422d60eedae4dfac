//! One greeting that comes late, and then two at once: the least that `async` can do.
//!
//! The two sleep at the same time. So the second one, which sleeps for less, speaks first; and both
//! together take 0.2 s, not 0.3 s.
//!
//! In Python `say` is the same two lines. `loop.run_until_complete` is `block_on`, and
//! `loop.create_task` is `spawn`. Python's program of two greetings ends with `loop.run_forever`,
//! and has to be stopped by hand; here a task has a handle, and awaiting it tells when it has
//! ended.
//!
//! Run it: `cargo run -p step5-executor --example hello`

use std::time::Duration;

use step5_executor::{JoinError, block_on, now, sleep, spawn};

async fn say(what: &str, tenths: u64) {
    sleep(Duration::from_millis(100 * tenths)).await;
    println!("{what}");
}

fn main() -> Result<(), JoinError> {
    block_on(async {
        println!("in 0.1 s:");
        say("hello world", 1).await;

        println!("in 0.2 s, and at the same time in 0.1 s:");
        let start = now();
        let first = spawn(say("first hello", 2));
        let second = spawn(say("second hello", 1));
        first.await?;
        second.await?;
        println!("took {:.2} s", (now() - start).as_secs_f64());
        Ok(())
    })
}
