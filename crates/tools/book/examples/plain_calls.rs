//! What is wrong with plain calls? The second one waits for the end of the first, and the first
//! does not end.
//!
//! `cargo run -p book --example plain_calls` runs until you stop it, with Ctrl-C.

use std::thread;
use std::time::Duration;

/// Counts, and takes its time for each number.
fn count(name: &str) {
    for i in 1_u64.. {
        println!("{name} {i}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn main() {
    count("A");
    count("B");
}
