//! What does it cost to await many futures when each has a waker of its own? A poll for each that
//! was woken.
//!
//! `cargo run -p book --example polls_the_woken`

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use step5_executor::{Executor, sleep};
use step6_toolbox::join_all;

/// Sleeps, and counts how often it is polled.
async fn nap(seconds: u64, polls: &Cell<u64>) {
    let mut nap = sleep(Duration::from_secs(seconds));
    poll_fn(|cx| {
        polls.set(polls.get() + 1);
        Pin::new(&mut nap).poll(cx)
    })
    .await;
}

fn main() {
    let polls = Cell::new(0);
    let naps = (1..=1_000).map(|seconds| nap(seconds, &polls));
    Executor::with_virtual_time()
        .unwrap()
        .block_on(join_all(naps));
    println!("1000 naps, {} polls", polls.get());
}
