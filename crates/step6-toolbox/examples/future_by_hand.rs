//! A value that is sent, one that is not needed, and one that is not sent; and the states of a
//! task.
//!
//! Python's `asyncio.Future` is one object, and anything that has it may call `set_result`, even
//! once too often. Here it is two ends: `send` uses up the sender, so a value is sent only once. If
//! the sender is dropped without sending, the receiver learns that, too. The receiver is a future.
//!
//! | Python | here |
//! |---|---|
//! | `future = asyncio.Future()` | `let (sender, receiver) = oneshot::channel()` |
//! | `future.set_result(value)` | `sender.send(value)` |
//! | `future.done()`, `future.cancelled()` | `receiver.is_finished()`, `sender.is_closed()` |
//! | `future.cancel()` | `drop(receiver)` |
//! | `task.done()`, `task.cancelled()` | `task.is_finished()`, an error that `is_cancelled()` |
//!
//! Run it: `cargo run -p step6-toolbox --example future_by_hand`
#![forbid(unsafe_code)]

use std::io;
use std::time::Duration;

use step5_executor::{Executor, sleep, spawn};
use step6_toolbox::oneshot::{self, Sender};

/// Thinks, and then answers, if the answer is still wanted.
async fn my_name_is(name: &'static str, sender: Sender<&'static str>) {
    sleep(Duration::from_secs(1)).await;
    println!("  (Is the future cancelled? {})", sender.is_closed());
    if let Err(name) = sender.send(name) {
        println!("  (Then {name} keeps it to himself.)");
    }
}

fn main() -> io::Result<()> {
    Executor::with_virtual_time()?.block_on(async {
        println!("What's your name mate?");
        let (sender, receiver) = oneshot::channel();
        println!("  (Is the future done? {})", receiver.is_finished());
        my_name_is("Sam", sender).await;
        println!("  (Is the future done? {})", receiver.is_finished());
        println!("My name is {:?}", receiver.await);

        println!("What's your name mate? Never mind.");
        let (sender, receiver) = oneshot::channel();
        drop(receiver);
        my_name_is("Sam", sender).await;

        println!("What's your name mate? (He is called away.)");
        let (sender, receiver) = oneshot::channel();
        let task = spawn(my_name_is("Sam", sender));
        println!("  (Is the task done? {})", task.is_finished());
        task.abort();
        println!("  (Is the task done? {})", task.is_finished());
        println!("My name is {:?}", receiver.await);
        println!(
            "  (And the task? {:?})",
            task.await.map_err(|error| error.to_string())
        );

        println!("What's your name mate? (From a task.)");
        let (sender, receiver) = oneshot::channel();
        let task = spawn(my_name_is("Sam", sender));
        println!("My name is {:?}", receiver.await);
        println!("  (And the task? {:?})", task.await);
    });
    Ok(())
}
