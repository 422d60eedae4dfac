//! A coroutine as a generator: a future that plain code drives step by step.
//!
//! A future does nothing by itself. Each `poll` runs it up to its next wait, and returns nothing
//! or, at last, its value. So it can be driven like an iterator, as the first `async` functions of
//! Python were: `next(generator)` returns `None` until there is a result. Here are three ways to do
//! so, each with a bit less work than the one before:
//!
//! 1. A coroutine that waits for nothing but its next turn: poll it again and again.
//! 2. A coroutine that sleeps needs a loop that knows the time: let the loop run for a while, and
//!    then ask again. Python's `asyncio.ensure_future(coroutine)` is `spawn`, and `future.done()`
//!    is `is_finished()`.
//! 3. A oneshot receiver, asked only when there is an answer. The waker says when: that is what it is for,
//!    and `.await` and `block_on` do nothing else.
//!
//! Run it: `cargo run -p step6-toolbox --example poll_by_hand`
#![forbid(unsafe_code)]

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use step5_executor::{Executor, JoinError, JoinHandle, now, sleep, yield_now};
use step6_toolbox::oneshot;

/// How long the coroutine sleeps.
const SLEEP: Duration = Duration::from_secs(2);

/// How long the loop runs before the coroutine is asked again.
const STEP: Duration = Duration::from_millis(100);

fn main() -> io::Result<()> {
    println!("1. poll it again and again");
    for result in Polled::new(i_am_a_coroutine()) {
        match result {
            None => println!("Result not ready yet. Please try again."),
            Some(result) => println!("{result}"),
        }
    }

    println!("2. let the loop run for {STEP:?}, and ask again");
    let executor = Executor::new()?;
    let start = executor.block_on(async { now() });
    for result in Stepped::new(&executor, STEP, sleeping_coroutine(SLEEP)) {
        let elapsed = (executor.block_on(async { now() }) - start).as_secs_f64();
        match result {
            None => println!("{elapsed:.2} s: Result not ready yet. Please try again."),
            Some(result) => println!("{elapsed:.2} s: {}", result.map_err(io::Error::other)?),
        }
    }

    println!("3. ask only when it says so");
    when_woken();
    Ok(())
}

// --- 1. ---

/// Waits once, for its next turn.
async fn i_am_a_coroutine() -> &'static str {
    yield_now().await;
    "Coroutine says hi!"
}

/// A future as an iterator: its items are `None` until there is a result, then the result.
struct Polled<F> {
    /// `None` after the result. A future must stay where it is once it has been polled: in a box,
    /// it does.
    future: Option<Pin<Box<F>>>,
}

impl<F> Polled<F> {
    fn new(future: F) -> Polled<F> {
        let future = Some(Box::pin(future));
        Polled { future }
    }
}

impl<F: Future> Iterator for Polled<F> {
    type Item = Option<F::Output>;

    fn next(&mut self) -> Option<Option<F::Output>> {
        // It is polled again in any case, so a wake has nothing to do.
        let mut cx = Context::from_waker(Waker::noop());
        match self.future.as_mut()?.as_mut().poll(&mut cx) {
            Poll::Pending => Some(None),
            Poll::Ready(output) => {
                self.future = None;
                Some(Some(output))
            }
        }
    }
}

// --- 2. ---

async fn sleeping_coroutine(time: Duration) -> u32 {
    println!("Waiting {} seconds", time.as_secs_f64());
    sleep(time).await;
    1
}

/// A task as such an iterator. Its loop runs a step each time the iterator is asked, and stands
/// still in between.
struct Stepped<'a, T> {
    executor: &'a Executor,
    step: Duration,
    /// `None` after the result.
    task: Option<JoinHandle<T>>,
}

impl<'a, T: 'static> Stepped<'a, T> {
    fn new(
        executor: &'a Executor,
        step: Duration,
        future: impl Future<Output = T> + 'static,
    ) -> Stepped<'a, T> {
        let task = Some(executor.spawn(future));
        Stepped {
            executor,
            step,
            task,
        }
    }
}

impl<T> Iterator for Stepped<'_, T> {
    type Item = Option<Result<T, JoinError>>;

    fn next(&mut self) -> Option<Option<Result<T, JoinError>>> {
        let task = self.task.take()?;
        if task.is_finished() {
            return Some(Some(self.executor.block_on(task)));
        }
        self.executor.block_on(async { sleep(self.step).await });
        self.task = Some(task);
        Some(None)
    }
}

// --- 3. ---

/// A waker that notes that it was used.
#[derive(Default)]
struct Flag(AtomicBool);

impl Flag {
    fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

fn when_woken() {
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(flag.clone());
    let mut cx = Context::from_waker(&waker);
    let (sender, receiver) = oneshot::channel();
    let mut future = pin!(receiver);
    assert!(future.as_mut().poll(&mut cx).is_pending());
    println!("Asked once: not ready. Woken? {}", flag.is_set());
    sender.send("Sam").expect("the other end is there");
    println!("A result was given. Woken? {}", flag.is_set());
    match future.as_mut().poll(&mut cx) {
        Poll::Ready(Ok(result)) => println!("Asked once more: {result}"),
        other => unreachable!("a value that was sent is ready, and not {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_that_yields_once_is_polled_twice() {
        let results: Vec<_> = Polled::new(i_am_a_coroutine()).collect();
        assert_eq!(results, [None, Some("Coroutine says hi!")]);
    }

    /// Returns after how many milliseconds the coroutine was asked, each time.
    fn asked(step: u64, time: u64) -> Vec<u128> {
        let executor = Executor::with_virtual_time().unwrap();
        let start = executor.block_on(async { now() });
        let coroutine = sleeping_coroutine(Duration::from_millis(time));
        let mut stepped = Stepped::new(&executor, Duration::from_millis(step), coroutine);
        let mut asked = vec![];
        while let Some(None) = stepped.next() {
            asked.push((executor.block_on(async { now() }) - start).as_millis());
        }
        asked
    }

    #[test]
    fn a_sleeping_coroutine_is_asked_after_each_step() {
        let steps: Vec<_> = (1..=20).map(|step| step * 100).collect();
        assert_eq!(asked(100, 2_000), steps);
    }

    #[test]
    fn a_value_between_two_steps_is_seen_after_both() {
        assert_eq!(asked(400, 1_000), [400, 800, 1_200]);
    }
}
