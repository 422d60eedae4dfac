//! What does it look like? The letters of step 1 as tasks; then a parent that waits for what its children return.

use std::io;

use crate::{Cancelled, Co, Generated, Observer, Request, Scheduler, Turn};

/// Prints its letters, and lets others have a turn after each.
async fn letters(co: &Co, letters: &str) {
    for letter in letters.chars() {
        println!("{letter}");
        co.yield_(Turn).await;
    }
}

/// Adds the numbers up to `n`, says what it does, and lets others have a turn after each.
async fn sum(co: &Co, n: u32) -> u32 {
    let mut sum = 0;
    for i in 1..=n {
        sum += i;
        println!("the child that adds up to {n} is at {i}");
        co.yield_(Turn).await;
    }
    sum
}

/// Runs two tasks that print three letters each; then a parent that spawns two children, joins them and prints what
/// they returned.
///
/// # Errors
///
/// None unless the program is changed: a [`Deadlock`](crate::Deadlock).
pub fn demo() -> io::Result<()> {
    demo_observed(|_| ())
}

/// Runs the demo with observers: `observe` makes one for each scheduler, from the title of what the scheduler runs.
///
/// # Errors
///
/// Those of [`demo`].
pub fn demo_observed<O: Observer<Request>>(mut observe: impl FnMut(&str) -> O) -> io::Result<()> {
    println!("two tasks:");
    let main = Generated::new(async |co: &Co| {
        co.spawn(Generated::new(async |co: &Co| letters(co, "ABC").await))
            .await;
        co.spawn(Generated::new(async |co: &Co| letters(co, "XYZ").await))
            .await;
    });
    Scheduler::new()
        .with_observer(observe("two tasks"))
        .run(main)
        .map_err(io::Error::other)?;

    println!("a parent and two children:");
    let parent = Generated::new(async |co: &Co| {
        let three = co
            .spawn(Generated::new(async |co: &Co| sum(co, 3).await))
            .await;
        let four = co
            .spawn(Generated::new(async |co: &Co| sum(co, 4).await))
            .await;
        println!("the parent waits");
        let (three, four) = (three.join(co).await?, four.join(co).await?);
        println!("the children returned {three} and {four}");
        Ok::<(), Cancelled>(())
    });
    let observer = observe("a parent and two children");
    Scheduler::new()
        .with_observer(observer)
        .run(parent)
        .map_err(io::Error::other)?
        .map_err(io::Error::other)
}
