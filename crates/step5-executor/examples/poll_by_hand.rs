//! A coroutine as a generator: a future that plain code drives, step by step.
//!
//! A future does nothing by itself. Each `poll` runs it up to its next wait, and returns nothing
//! or, at last, its value. So it can be driven like an iterator, as the first coroutines of Python
//! were: there `next(generator)` returns `None` until there is a result.
//!
//! 1. A coroutine that only lets the others have a turn is polled again and again.
//! 2. A coroutine that sleeps needs a loop that knows the time. So the loop runs for a while, and
//!    then the coroutine is asked whether it has ended. Python's `asyncio.ensure_future` is
//!    `spawn`, and `future.done()` is `is_finished()`.
//!
//! Both ask too often. What says *when* to ask is a waker: see the example `leaf_future`.
//!
//! Run it: `cargo run -p step5-executor --example poll_by_hand`

use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step5_executor::{Executor, sleep, yield_now};

async fn coroutine() -> &'static str {
    yield_now().await;
    "Coroutine says hi!"
}

async fn sleeping_coroutine() -> u32 {
    println!("Waiting 2 seconds");
    sleep(Duration::from_secs(2)).await;
    1
}

fn main() -> io::Result<()> {
    println!("1. Poll it again and again:");
    let mut future = pin!(coroutine());
    // It is polled again in any case, so a wake would have nothing to do.
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Pending => println!("Result not ready yet. Please try again."),
            Poll::Ready(result) => break println!("{result}"),
        }
    }

    println!("2. Let the loop run for 0.8 s, and ask again (on the virtual clock):");
    let executor = Executor::with_virtual_time()?;
    let task = executor.spawn(sleeping_coroutine());
    while !task.is_finished() {
        println!("Result not ready yet. Please try again.");
        executor.block_on(async { sleep(Duration::from_millis(800)).await });
    }
    println!("{}", executor.block_on(task).map_err(io::Error::other)?);
    Ok(())
}
