//! A coroutine as a generator: a future that plain code drives step by step.
//!
//! A future does nothing by itself. Each `poll` runs it up to its next wait, and gives nothing or, at last, its value.
//! So it can be driven like an iterator, as the first `async` functions of Python were: `next(generator)` gives `None`
//! until there is a result. Here are three ways to do so, each with a bit less work than the one before:
//!
//! 1. A coroutine that waits for nothing but its next turn: poll it again and again.
//! 2. A coroutine that sleeps needs a loop that knows the time: let the loop run for a while, and then ask again.
//!    Python's `asyncio.ensure_future(coroutine)` is `spawn`, and `future.done()` is `is_finished()`.
//! 3. And the second again, without asking in vain. The waker says when there is something new: that is what it is for,
//!    and `.await` and `block_on` do nothing else.
//!
//! Run it: `cargo run -p step6-toolbox --example poll_by_hand [-- --virtual]`
//! All options: `cargo run -p step6-toolbox --example poll_by_hand -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;

use std::io;
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use step5_executor::{Executor, JoinError, JoinHandle, now, sleep, yield_now};
use step6_toolbox::promise;

use clock::executor;
use command_line::Argument;

const HELP: &str = "\
Drives futures step by step from plain code.

Usage: poll_by_hand [--sleep SECONDS] [--step SECONDS] [--virtual]

  --sleep SECONDS  how long the coroutine sleeps, up to 60 (default: 2)
  --step SECONDS   how long to let it before it is asked again, at least 0.001
                   (default: 0.1)
  --virtual        on the virtual clock: exact, and at once
  --help           print this
";

struct Options {
    sleep: Duration,
    step: Duration,
    virtual_time: bool,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let (sleep, step) = (Duration::from_secs(2), Duration::from_millis(100));
        let mut options = Options {
            sleep,
            step,
            virtual_time: false,
        };
        for argument in arguments {
            match argument.name.as_str() {
                "--sleep" => options.sleep = argument.seconds()?,
                "--step" => options.step = argument.seconds()?,
                "--virtual" => options.virtual_time = argument.flag()?,
                _ => return argument.unknown(),
            }
        }
        if options.step < Duration::from_millis(1) {
            return Err("--step is too short: give at least 0.001 s".to_owned());
        }
        if options.sleep > Duration::from_secs(60) {
            return Err("--sleep is too long: give at most 60 s".to_owned());
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    command_line::main("poll_by_hand", HELP, Options::parse, |options| {
        run(&options)
    })
}

fn run(options: &Options) -> io::Result<()> {
    println!("1. poll it again and again");
    for result in Polled::new(i_am_a_coroutine()) {
        match result {
            None => println!("Result not ready yet. Please try again."),
            Some(result) => println!("{result}"),
        }
    }

    println!(
        "2. let the loop run for {} s, and ask again",
        options.step.as_secs_f64()
    );
    let executor = executor(options.virtual_time)?;
    let start = executor.block_on(async { now() });
    for result in Stepped::new(&executor, options.step, sleeping_coroutine(options.sleep)) {
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

/// A future as an iterator: its items are `None` while the result is not there, then the result, then the end.
struct Polled<F> {
    /// `None` once the result was given. A future must stay where it is once it has been polled: in a box, it does.
    future: Option<Pin<Box<F>>>,
}

impl<F> Polled<F> {
    fn new(future: F) -> Polled<F> {
        Polled {
            future: Some(Box::pin(future)),
        }
    }
}

impl<F: Future> Iterator for Polled<F> {
    type Item = Option<F::Output>;

    fn next(&mut self) -> Option<Option<F::Output>> {
        // Nobody waits to be woken: it will be polled again in any case.
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

/// A task as such an iterator, whose loop runs one step each time the iterator is asked, and stands still in between.
struct Stepped<'a, T> {
    executor: &'a Executor,
    step: Duration,
    /// `None` once the result was given.
    task: Option<JoinHandle<T>>,
}

impl<'a, T: 'static> Stepped<'a, T> {
    fn new(
        executor: &'a Executor,
        step: Duration,
        future: impl Future<Output = T> + 'static,
    ) -> Stepped<'a, T> {
        Stepped {
            executor,
            step,
            task: Some(executor.spawn(future)),
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

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

fn when_woken() {
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(flag.clone());
    let mut cx = Context::from_waker(&waker);
    let (promise, promised) = promise();
    let mut future = pin!(promised);
    assert!(future.as_mut().poll(&mut cx).is_pending());
    println!(
        "Asked once: not ready. Woken? {}",
        flag.0.load(Ordering::Acquire)
    );
    promise.complete("Sam").expect("the other end is there");
    println!(
        "A result was given. Woken? {}",
        flag.0.load(Ordering::Acquire)
    );
    match future.as_mut().poll(&mut cx) {
        Poll::Ready(Ok(result)) => println!("Asked once more: {result}"),
        other => unreachable!("a promise that was kept is ready, and not {other:?}"),
    }
}
