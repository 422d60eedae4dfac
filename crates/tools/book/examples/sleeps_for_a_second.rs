//! How does a task wait for a second in step 3? It asks the scheduler to wake it then.
//!
//! `cargo run -p book --example sleeps_for_a_second`

use std::time::Duration;

use step3_sleeping_heap::{Co, Scheduler};

/// Says something, after a delay.
async fn say_after(co: &Co, delay: Duration, what: &str) {
    co.sleep(delay).await;
    println!("{what}, one request later");
}

fn main() {
    let delay = Duration::from_secs(1);
    Scheduler::new()
        .run(async move |co| say_after(&co, delay, "hello").await)
        .expect("it does not sleep forever");
}
