//! A result that is promised, given away, asked about, awaited, cancelled and broken; and a task,
//! in each of its states.
//!
//! Python's `asyncio.Future` is one object, and anything that has it may call `set_result`, even
//! once too often. Here it is two: `promise()` returns the end that gives the result, and the end
//! that gets it. The first is used up by giving, so a result is given once; and if it is dropped
//! without a result, the other end learns that too. The second is a future.
//!
//! | Python | here |
//! |---|---|
//! | `future = asyncio.Future()` | `let (promise, promised) = promise()` |
//! | `future.set_result(value)` | `promise.complete(value)` |
//! | `future.done()`, `future.cancelled()` | `promised.is_complete()`, `promise.is_cancelled()` |
//! | `future.cancel()` | `drop(promised)` |
//! | `loop.create_task(coroutine)` | `spawn(future)` |
//!
//! Run it: `cargo run -p step6-toolbox --example future_by_hand`
#![forbid(unsafe_code)]

use std::fmt::Debug;
use std::time::Duration;

use step5_executor::{JoinError, JoinHandle, block_on, now, sleep, spawn};
use step6_toolbox::{BrokenPromise, Promise, Promised, promise};

/// What the answer is.
const NAME: &str = "Sam";

/// How long it takes to give it.
const DELAY: Duration = Duration::from_secs(1);

fn main() -> Result<(), JoinError> {
    block_on(async {
        section("A promise that is kept", kept()).await?;
        section("A promise that is given to a task", given_to_a_task()).await?;
        section("A promise that is no longer wanted", cancelled()).await?;
        section("A promise that is broken", broken()).await?;
        section("A task", task_in_each_state()).await
    })
}

async fn section(
    title: &str,
    show: impl Future<Output = Result<(), JoinError>>,
) -> Result<(), JoinError> {
    println!("--- {title}");
    let start = now();
    show.await?;
    println!("took {:.2} s", (now() - start).as_secs_f64());
    Ok(())
}

/// Thinks, and then gives an answer, if it is still wanted.
async fn my_name_is(name: &str, promise: Promise<String>) {
    sleep(DELAY).await;
    println!("(Is {promise:?} cancelled? {})", promise.is_cancelled());
    if let Err(name) = promise.complete(name.to_owned()) {
        println!("(Then {name} keeps it to himself.)");
    }
}

async fn kept() -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (promise, promised) = promise();
    println!("(Is {promised:?} done? {})", promised.is_complete());
    my_name_is(NAME, promise).await;
    println!("(Is {promised:?} done? {})", promised.is_complete());
    print_answer(promised.await);
    Ok(())
}

async fn given_to_a_task() -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (promise, mut promised) = promise();
    drop(spawn(my_name_is(NAME, promise)));
    // Awaiting a `&mut` keeps the future, so that it can still be asked.
    let answer = (&mut promised).await;
    println!("(Is {promised:?} done? {})", promised.is_complete());
    print_answer(answer);
    Ok(())
}

async fn cancelled() -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (promise, promised) = promise();
    let task = spawn(my_name_is(NAME, promise));
    println!("Never mind.");
    drop(promised);
    task.await
}

async fn broken() -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (promise, mut promised) = promise();
    let task = spawn(my_name_is(NAME, promise));
    sleep(DELAY / 2).await;
    // What the task owns is dropped with it.
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

/// Spawns a task whose output goes into a promise. So the output can be printed while it is there:
/// the handle of a task has no look at the output until it is awaited.
fn create_task<T: 'static>(
    future: impl Future<Output = T> + 'static,
) -> (JoinHandle<()>, Promised<T>) {
    let (promise, promised) = promise();
    let task = spawn(async {
        // An output that is not wanted is dropped here.
        drop(promise.complete(future.await));
    });
    (task, promised)
}

async fn task_in_each_state() -> Result<(), JoinError> {
    let (mut task, output) = create_task(async {
        sleep(DELAY).await;
        NAME
    });
    print_task("pending", &task, &output);
    (&mut task).await?;
    print_task("finished", &task, &output);

    let (mut task, output) = create_task(sleep(DELAY));
    task.abort();
    print_task("cancelled", &task, &output);
    let error = (&mut task).await.expect_err("it was aborted");
    println!("  {error}");
    Ok(())
}

fn print_task<T: Debug>(state: &str, task: &JoinHandle<()>, output: &Promised<T>) {
    println!("One that is {state}:");
    println!("  {:?}, finished: {}", task.id(), task.is_finished());
    println!("  {output:?}");
}
