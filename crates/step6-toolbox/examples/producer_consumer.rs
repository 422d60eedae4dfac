//! Generators and a consumer: first one after the other, and then as tasks with a queue in between.
//!
//! In plain code the consumer starts when everything has been generated, so the first value lies
//! there all that time. As tasks they take turns, and each runs whenever it has something to do. So
//! two generators and the consumer handle twice as many values in less time, and no value waits
//! longer than the consumer needs for those before it.
//!
//! Python's `asyncio.Queue()` is `Queue::unbounded()` here, `loop.create_task` is `spawn`, and
//! `asyncio.gather` is `join_all`. The clock is virtual, so the program takes no time, and prints
//! the same in each run.
//!
//! Run it: `cargo run -p step6-toolbox --example producer_consumer`
#![forbid(unsafe_code)]

use std::io;
use std::time::{Duration, Instant};

use step5_executor::{Executor, now, sleep, spawn};
use step6_toolbox::{Queue, join_all};

/// How long a generator takes for each of its values.
const MILLISECONDS: [u64; 5] = [760, 1_440, 530, 910, 1_180];

/// A value, and when it was made.
type Item = (usize, Instant);

async fn generate_data(data: Queue<Item>) {
    for (index, time) in MILLISECONDS.into_iter().enumerate() {
        let number = index + 1;
        let put = data.put((number * number, now())).await;
        put.expect("the queue is never closed");
        println!("  -- generated item {number}");
        sleep(Duration::from_millis(time)).await;
    }
}

async fn process_data(count: usize, data: Queue<Item>) {
    for _ in 0..count {
        let item = data.get().await;
        let (value, made) = item.expect("the queue is never closed");
        let wait = (now() - made).as_secs_f64();
        println!("  +++ processed value {value} after {wait:.2} s");
        sleep(Duration::from_millis(500)).await;
    }
}

fn main() -> io::Result<()> {
    let items = MILLISECONDS.len();
    println!("Generators make {items} values each, and a consumer processes them, 0.5 s each.");
    Executor::with_virtual_time()?.block_on(async {
        println!("One generator, and then the consumer:");
        let (start, data) = (now(), Queue::unbounded());
        generate_data(data.clone()).await;
        process_data(items, data).await;
        println!(
            "  {items} values took {:.2} s",
            (now() - start).as_secs_f64()
        );

        println!("Two generators and the consumer, as tasks:");
        let (start, data) = (now(), Queue::unbounded());
        let tasks = [
            spawn(generate_data(data.clone())),
            spawn(process_data(2 * items, data.clone())),
            spawn(generate_data(data)),
        ];
        for outcome in join_all(tasks).await {
            outcome.map_err(io::Error::other)?;
        }
        let took = (now() - start).as_secs_f64();
        println!("  {} values took {took:.2} s", 2 * items);
        Ok(())
    })
}
