//! What does it look like? The tutorial's three examples: hello and world, one after another, and as two tasks.

use std::io;
use std::time::{Duration, Instant};

use crate::{Cancelled, Clock, Co, Generated, Options, Scheduler, Sleep};

const SECOND: Duration = Duration::from_secs(1);

/// Says something, after a delay.
async fn say_after(co: &Co, delay: Duration, what: &str) {
    co.yield_(Sleep(delay)).await;
    println!("{what}");
}

/// Says hello, and a second later world: 1 s in all.
async fn hello_world(co: &Co) -> Result<(), Cancelled> {
    println!("hello");
    co.yield_(Sleep(SECOND)).await;
    println!("world");
    Ok(())
}

/// Sleeps 1 s and then 2 s more: 3 s in all.
async fn one_after_another(co: &Co) -> Result<(), Cancelled> {
    say_after(co, SECOND, "hello").await;
    say_after(co, 2 * SECOND, "world").await;
    Ok(())
}

/// Sleeps 1 s and 2 s at the same time: 2 s in all.
async fn as_two_tasks(co: &Co) -> Result<(), Cancelled> {
    let hello = co.spawn(Generated::new(async |co: &Co| say_after(co, SECOND, "hello").await)).await;
    let goodbye = co.spawn(Generated::new(async |co: &Co| say_after(co, 2 * SECOND, "goodbye").await)).await;
    hello.join(co).await?;
    goodbye.join(co).await
}

/// Runs the three examples, and prints how long each took by its clock.
///
/// # Errors
///
/// None unless the program is changed: a [`Deadlock`](crate::Deadlock), or a task [`Cancelled`].
pub fn demo(options: &Options) -> io::Result<()> {
    timed(&options.clock, "hello, and a second later world:", async |co: &Co| hello_world(co).await)?;
    timed(&options.clock, "one after another:", async |co: &Co| one_after_another(co).await)?;
    timed(&options.clock, "as two tasks:", async |co: &Co| as_two_tasks(co).await)
}

fn timed(
    clock: &Clock,
    heading: &str,
    main: impl AsyncFnOnce(&Co) -> Result<(), Cancelled> + 'static,
) -> io::Result<()> {
    println!("{heading}");
    let start: Instant = clock.now();
    let scheduler = Scheduler::new().with_clock(clock.clone());
    scheduler.run(Generated::new(main)).map_err(io::Error::other)?.map_err(io::Error::other)?;
    println!("{:.3} s", (clock.now() - start).as_secs_f64());
    Ok(())
}
