//! What does it look like? The tutorial's three examples: hello and world, one after another, and as two tasks.

use std::io;
use std::time::{Duration, Instant};

use crate::{Cancelled, Clock, Co, Generated, Observer, Options, Request, Scheduler, Sleep};

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
    let hello = co
        .spawn(Generated::new(async |co: &Co| {
            say_after(co, SECOND, "hello").await
        }))
        .await;
    let goodbye = co
        .spawn(Generated::new(async |co: &Co| {
            say_after(co, 2 * SECOND, "goodbye").await
        }))
        .await;
    hello.join(co).await?;
    goodbye.join(co).await
}

/// Runs the three examples, and prints how long each took by its clock.
///
/// # Errors
///
/// None unless the program is changed: a [`Deadlock`](crate::Deadlock), or a task [`Cancelled`].
pub fn demo(options: &Options) -> io::Result<()> {
    demo_observed(options, |_| ())
}

/// Runs the demo with observers: `observe` makes one for each scheduler, from the title of what the scheduler runs.
///
/// # Errors
///
/// Those of [`demo`].
pub fn demo_observed<O: Observer<Request>>(
    options: &Options,
    mut observe: impl FnMut(&str) -> O,
) -> io::Result<()> {
    let clock = &options.clock;
    let mut observed = |title| (title, observe(title));
    timed(
        clock,
        observed("hello, and a second later world"),
        async |co: &Co| hello_world(co).await,
    )?;
    timed(clock, observed("one after another"), async |co: &Co| {
        one_after_another(co).await
    })?;
    timed(clock, observed("as two tasks"), async |co: &Co| {
        as_two_tasks(co).await
    })
}

fn timed<O: Observer<Request>>(
    clock: &Clock,
    (title, observer): (&str, O),
    main: impl AsyncFnOnce(&Co) -> Result<(), Cancelled> + 'static,
) -> io::Result<()> {
    println!("{title}:");
    let start: Instant = clock.now();
    let scheduler = Scheduler::new()
        .with_clock(clock.clone())
        .with_observer(observer);
    scheduler
        .run(Generated::new(main))
        .map_err(io::Error::other)?
        .map_err(io::Error::other)?;
    println!("{:.3} s", (clock.now() - start).as_secs_f64());
    Ok(())
}
