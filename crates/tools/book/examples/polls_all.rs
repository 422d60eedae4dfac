//! What does it cost to await many futures as `timeout` awaits two? Each wake polls all of them.
//!
//! `cargo run -p book --example polls_all`

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use step5_executor::{Executor, sleep};

/// Awaits all of them, at once.
async fn all<F: Future>(futures: impl IntoIterator<Item = F>) {
    let mut left: Vec<_> = futures.into_iter().map(Box::pin).collect();
    poll_fn(|cx| {
        left.retain_mut(|future| future.as_mut().poll(cx).is_pending());
        if left.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

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
    Executor::with_virtual_time().unwrap().block_on(all(naps));
    println!("1000 naps, {} polls", polls.get());
}
