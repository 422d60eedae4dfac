//! The letters of step 1 as tasks, and a parent that waits for what its children return.

use trace::println;

use crate::{Co, Deadlock, Scheduler};

/// Prints its letters, and lets the other tasks have a turn after each.
async fn letters(co: &Co, letters: &str) {
    for letter in letters.chars() {
        println!("{letter}");
        co.turn().await;
    }
}

/// Adds up the numbers to `n`, and after each says so and lets the other tasks have a turn.
async fn sum(co: &Co, n: u32) -> u32 {
    let mut sum = 0;
    for i in 1..=n {
        sum += i;
        println!("the child that adds up to {n} is at {i}");
        co.turn().await;
    }
    sum
}

async fn two_tasks(co: Co) {
    co.spawn(async |co| letters(&co, "ABC").await).await;
    co.spawn(async |co| letters(&co, "XYZ").await).await;
}

async fn parent(co: Co) {
    let three = co.spawn(async |co| sum(&co, 3).await).await;
    let four = co.spawn(async |co| sum(&co, 4).await).await;
    println!("the parent waits");
    if let (Some(three), Some(four)) = (three.join(&co).await, four.join(&co).await) {
        println!("the children returned {three} and {four}");
    }
}

/// Runs two tasks that print three letters each; then a parent that joins two children.
///
/// # Errors
///
/// Returns an error if you change its tasks so that they wait for each other.
pub fn demo() -> Result<(), Deadlock> {
    heading("two tasks");
    Scheduler::new().run(two_tasks)?;
    heading("a parent and two children");
    Scheduler::new().run(parent)
}

fn heading(title: &str) {
    println!("{title}:");
    trace::title(title);
}
