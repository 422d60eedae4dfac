//! How do two functions that never end run side by side? As iterators, which are asked for one step
//! each in turn.
//!
//! `cargo run -p book --example in_turns` runs until you stop it, with Ctrl-C.

use std::thread;
use std::time::Duration;

use step1_interleaver::interleave;

/// Counts, and takes its time for each number.
fn count(name: &str) -> impl Iterator<Item = ()> {
    (1_u64..).map(move |i| {
        println!("{name} {i}");
        thread::sleep(Duration::from_millis(50));
    })
}

fn main() {
    for () in interleave([count("A"), count("B")]) {}
}
