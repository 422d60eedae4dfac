//! A result that is promised, given away, asked about, awaited, cancelled and broken; and a task, in each of its states.
//!
//! Python's `asyncio.Future` is one object, on which anybody may call `set_result`, even once too often. Here it is
//! two: `promise()` gives the end that gives the result, and the end that gets it. The first is used up by giving, so
//! nobody can give twice; and if it is dropped without a result, the other end learns that too. The second is a future.
//!
//! | Python | here |
//! |---|---|
//! | `future = asyncio.Future()` | `let (promise, promised) = promise()` |
//! | `future.set_result(value)` | `promise.complete(value)` |
//! | `future.done()`, `future.cancelled()` | `promised.is_complete()`, `promise.is_cancelled()` |
//! | `future.cancel()` | `drop(promised)` |
//! | `loop.create_task(coroutine)`, `print(task)` | `spawn(future)`, `println!("{task:?}")` |
//!
//! Run it: `cargo run -p step6-toolbox --example future_by_hand [-- --virtual]`
//! All options: `cargo run -p step6-toolbox --example future_by_hand -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;

use std::fmt::Debug;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use step5_executor::{JoinError, JoinHandle, sleep, spawn};
use step6_toolbox::{BrokenPromise, Promise, Promised, promise};

use clock::{executor, timed};
use command_line::Argument;

const HELP: &str = "\
Asks for a name in several ways, and shows what becomes of the promise of it.

Usage: future_by_hand [--name NAME] [--delay SECONDS] [--virtual]

  --name NAME      what the answer is (default: Sam)
  --delay SECONDS  how long it takes to give it (default: 1)
  --virtual        on the virtual clock: exact, and at once
  --help           print this
";

struct Options {
    name: String,
    delay: Duration,
    virtual_time: bool,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let mut options = Options {
            name: "Sam".to_owned(),
            delay: Duration::from_secs(1),
            virtual_time: false,
        };
        for argument in arguments {
            match argument.name.as_str() {
                "--name" => options.name = argument.text()?,
                "--delay" => options.delay = argument.seconds()?,
                "--virtual" => options.virtual_time = argument.flag()?,
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    command_line::main("future_by_hand", HELP, Options::parse, |options| {
        run(&options)
    })
}

fn run(options: &Options) -> io::Result<()> {
    executor(options.virtual_time)?.block_on(async {
        section("A promise that is kept", kept(options)).await?;
        section(
            "A promise that is given to a task",
            given_to_a_task(options),
        )
        .await?;
        section(
            "A promise that nobody waits for any more",
            cancelled(options),
        )
        .await?;
        section("A promise that is broken", broken(options)).await?;
        section("A task", task_in_each_state(options)).await
    })
}

async fn section(title: &str, show: impl Future<Output = Result<(), JoinError>>) -> io::Result<()> {
    println!("--- {title}");
    let (outcome, elapsed) = timed(show).await;
    outcome.map_err(io::Error::other)?;
    println!("took {:.2} s", elapsed.as_secs_f64());
    Ok(())
}

/// Thinks, and then gives an answer, unless nobody wants it any more.
async fn my_name_is(name: String, delay: Duration, promise: Promise<String>) {
    sleep(delay).await;
    println!("(Is {promise:?} cancelled? {})", promise.is_cancelled());
    if let Err(name) = promise.complete(name) {
        println!("(Nobody wants to know that it is {name}.)");
    }
}

async fn kept(options: &Options) -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (promise, promised) = promise();
    println!("(Is {promised:?} done? {})", promised.is_complete());
    my_name_is(options.name.clone(), options.delay, promise).await;
    println!("(Is {promised:?} done? {})", promised.is_complete());
    print_answer(promised.await);
    Ok(())
}

async fn given_to_a_task(options: &Options) -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (promise, mut promised) = promise();
    drop(spawn(my_name_is(
        options.name.clone(),
        options.delay,
        promise,
    )));
    // Awaiting a `&mut` keeps the future, so that it can still be asked.
    let answer = (&mut promised).await;
    println!("(Is {promised:?} done? {})", promised.is_complete());
    print_answer(answer);
    Ok(())
}

async fn cancelled(options: &Options) -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (promise, promised) = promise();
    let task = spawn(my_name_is(options.name.clone(), options.delay, promise));
    println!("Never mind.");
    drop(promised);
    task.await
}

async fn broken(options: &Options) -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (promise, mut promised) = promise();
    let task = spawn(my_name_is(options.name.clone(), options.delay, promise));
    sleep(options.delay / 2).await;
    // What the task owns goes with it.
    task.abort();
    println!("(Is {promised:?} done? {})", promised.is_complete());
    print_answer((&mut promised).await);
    Ok(())
}

fn print_answer(answer: Result<String, BrokenPromise>) {
    match answer {
        Ok(name) => println!("My name is {name}"),
        Err(error) => println!("There is no answer: {error}"),
    }
}

/// Spawns a task whose output goes into a promise. So both ends can be printed: the task's handle does not know what
/// its task has left until it is awaited.
fn create_task<T: 'static>(
    future: impl Future<Output = T> + 'static,
) -> (JoinHandle<()>, Promised<T>) {
    let (promise, promised) = promise();
    let task = spawn(async {
        // An output that nobody wants is dropped here.
        drop(promise.complete(future.await));
    });
    (task, promised)
}

async fn task_in_each_state(options: &Options) -> Result<(), JoinError> {
    let (name, delay) = (options.name.clone(), options.delay);
    let (mut task, output) = create_task(async move {
        sleep(delay).await;
        name
    });
    print_task("pending", &task, &output);
    (&mut task).await?;
    print_task("finished", &task, &output);

    let (mut task, output) = create_task(sleep(delay));
    task.abort();
    print_task("cancelled", &task, &output);
    let error = (&mut task).await.expect_err("it was aborted");
    println!("  {error:?}: {error}");
    Ok(())
}

fn print_task<T: Debug>(state: &str, task: &JoinHandle<()>, output: &Promised<T>) {
    println!("One that is {state}:");
    println!("  {task:?}");
    println!("  {output:?}");
}
