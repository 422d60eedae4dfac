//! A value that is sent by hand: to a receiver that asks, that waits, that is gone, and from a
//! sender that is gone; and a task, in each of its states.
//!
//! Python's `asyncio.Future` is one object, and anything that has it may call `set_result`, even
//! once too often. Here it is two: `oneshot::channel()` returns a sender and a receiver. The first
//! is used up by sending, so a value is sent once; and if it is dropped without a value, the
//! receiver learns that too. The second is a future.
//!
//! | Python | here |
//! |---|---|
//! | `future = asyncio.Future()` | `let (sender, receiver) = oneshot::channel()` |
//! | `future.set_result(value)` | `sender.send(value)` |
//! | `future.done()`, `future.cancelled()` | `receiver.is_finished()`, `sender.is_closed()` |
//! | `future.cancel()` | `drop(receiver)` |
//! | `loop.create_task(coroutine)` | `spawn(future)` |
//!
//! Run it: `cargo run -p step6-toolbox --example future_by_hand`
#![forbid(unsafe_code)]

use std::time::Duration;

use step5_executor::{JoinError, JoinHandle, block_on, now, sleep, spawn};
use step6_toolbox::oneshot::{self, RecvError, Sender};

/// What the answer is.
const NAME: &str = "Sam";

/// How long it takes to give it.
const DELAY: Duration = Duration::from_secs(1);

fn main() -> Result<(), JoinError> {
    block_on(async {
        section("A value that is sent", kept()).await?;
        section("A value that a task sends", given_to_a_task()).await?;
        section("A value that is not needed", cancelled()).await?;
        section("A value that is not sent", broken()).await?;
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
async fn my_name_is(name: &str, sender: Sender<String>) {
    sleep(DELAY).await;
    println!("(Is the receiver gone? {})", sender.is_closed());
    if let Err(name) = sender.send(name.to_owned()) {
        println!("(Then {name} keeps it to himself.)");
    }
}

async fn kept() -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (sender, receiver) = oneshot::channel();
    println!("(Is the receiver done? {})", receiver.is_finished());
    my_name_is(NAME, sender).await;
    println!("(Is the receiver done? {})", receiver.is_finished());
    print_answer(receiver.await);
    Ok(())
}

async fn given_to_a_task() -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (sender, mut receiver) = oneshot::channel();
    drop(spawn(my_name_is(NAME, sender)));
    // Awaiting a `&mut` keeps the future, so that it can still be asked.
    let answer = (&mut receiver).await;
    println!("(Is the receiver done? {})", receiver.is_finished());
    print_answer(answer);
    Ok(())
}

async fn cancelled() -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (sender, receiver) = oneshot::channel();
    let task = spawn(my_name_is(NAME, sender));
    println!("Never mind.");
    drop(receiver);
    task.await
}

async fn broken() -> Result<(), JoinError> {
    println!("What's your name mate?");
    let (sender, mut receiver) = oneshot::channel();
    let task = spawn(my_name_is(NAME, sender));
    sleep(DELAY / 2).await;
    // What the task owns is dropped with it.
    task.abort();
    println!("(Is the receiver done? {})", receiver.is_finished());
    print_answer((&mut receiver).await);
    Ok(())
}

fn print_answer(answer: Result<String, RecvError>) {
    match answer {
        Ok(name) => println!("My name is {name}"),
        Err(error) => println!("There is no answer: {error}"),
    }
}

async fn task_in_each_state() -> Result<(), JoinError> {
    let mut task = spawn(sleep(DELAY));
    print_task("pending", &task);
    (&mut task).await?;
    print_task("finished", &task);

    let mut task = spawn(sleep(DELAY));
    task.abort();
    print_task("cancelled", &task);
    let error = (&mut task).await.expect_err("it was aborted");
    println!("  {error}");
    Ok(())
}

fn print_task(state: &str, task: &JoinHandle<()>) {
    println!("One that is {state}:");
    println!("  {:?}, finished: {}", task.id(), task.is_finished());
}
