//! Hello, and a second later world; two sleeps, one after another; the same as two tasks.

use std::time::Duration;

use trace::println;

use crate::{Clock, Co, Deadlock, Scheduler};

const SECOND: Duration = Duration::from_secs(1);

/// Says something, after a delay.
async fn say_after(co: &Co, delay: Duration, what: &str) {
    co.sleep(delay).await;
    println!("{what}");
}

/// Says hello, and a second later world: 1 s in all.
async fn hello_world(co: Co) {
    println!("hello");
    co.sleep(SECOND).await;
    println!("world");
}

/// Sleeps 1 s and then 2 s more: 3 s in all.
async fn one_after_another(co: Co) {
    say_after(&co, SECOND, "hello").await;
    say_after(&co, 2 * SECOND, "world").await;
}

/// Sleeps 1 s and 2 s at the same time: 2 s in all.
async fn as_two_tasks(co: Co) {
    let hello = co
        .spawn(async |co| say_after(&co, SECOND, "hello").await)
        .await;
    let goodbye = co
        .spawn(async |co| say_after(&co, 2 * SECOND, "goodbye").await)
        .await;
    hello.join(&co).await.expect("no task is cancelled here");
    goodbye.join(&co).await.expect("no task is cancelled here");
}

/// Runs the three examples, and prints how long each took by the clock.
///
/// # Errors
///
/// Returns an error if you change its tasks so that they wait for each other.
pub fn demo(clock: &Clock) -> Result<(), Deadlock> {
    timed(clock, "hello, and a second later world", hello_world)?;
    timed(clock, "one after another", one_after_another)?;
    timed(clock, "as two tasks", as_two_tasks)
}

fn timed(clock: &Clock, title: &str, main: impl AsyncFnOnce(Co) + 'static) -> Result<(), Deadlock> {
    println!("{title}:");
    trace::title(title);
    let start = clock.now();
    Scheduler::with_clock(clock.clone()).run(main)?;
    println!("{:.3} s", (clock.now() - start).as_secs_f64());
    Ok(())
}
