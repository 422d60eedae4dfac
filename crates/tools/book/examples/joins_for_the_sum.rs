//! How does a parent wait for its child in step 2? It asks the scheduler, and is resumed when the
//! sum is there.
//!
//! `cargo run -p book --example joins_for_the_sum`

use std::cell::Cell;
use std::rc::Rc;

use step2_round_robin::{Co, Scheduler};
use trace::Event;

/// Adds up the numbers to 1,000, one a turn.
async fn child(co: Co) -> u64 {
    let mut sum = 0;
    for i in 1..=1_000 {
        sum += i;
        co.turn().await;
    }
    sum
}

/// Wants the sum.
async fn parent(co: Co) {
    let child = co.spawn(child).await;
    let sum = child.join(&co).await.expect("the child was not cancelled");
    println!("the sum is {sum}");
}

fn main() {
    let turns = Rc::new(Cell::new(0));
    let counter = turns.clone();
    let _listening = trace::listen(move |event| {
        // The parent is the main task, which is number 0.
        if event == (Event::Resumed { task: 0 }) {
            counter.set(counter.get() + 1);
        }
    });
    let outcome = Scheduler::new().run(parent);
    outcome.expect("the child does not wait for the parent");
    println!("the parent took {} turns", turns.get());
}
