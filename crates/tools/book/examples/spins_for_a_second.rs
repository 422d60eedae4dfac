//! What is wrong with step 2, when a task waits for a second? All it can do is look at the clock in
//! each turn.
//!
//! `cargo run -p book --example spins_for_a_second`

use std::time::{Duration, Instant};

use step2_round_robin::{Co, Scheduler};

/// Says something, after a delay.
async fn say_after(co: &Co, delay: Duration, what: &str) {
    let end = Instant::now() + delay;
    let mut turns = 0;
    while Instant::now() < end {
        co.turn().await;
        turns += 1;
    }
    println!("{what}, {turns} turns later");
}

fn main() {
    let delay = Duration::from_secs(1);
    Scheduler::new()
        .run(async move |co| say_after(&co, delay, "hello").await)
        .expect("no task waits for another");
}
