//! How does a task wait for a second in step 3? It asks the scheduler to wake it then.
//!
//! `cargo run -p book --example sleeps_for_a_second`

use std::time::Duration;

use step3_sleeping_heap::{Co, Generated, Scheduler, Sleep};

/// Says something, after a delay.
async fn say_after(co: &Co, delay: Duration, what: &str) {
    co.yield_(Sleep(delay)).await;
    println!("{what}, one request later");
}

fn main() {
    let delay = Duration::from_secs(1);
    let main = Generated::new(async move |co: &Co| say_after(co, delay, "hello").await);
    Scheduler::new()
        .run(main)
        .expect("it does not sleep for ever");
}
