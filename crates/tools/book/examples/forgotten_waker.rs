//! A way to get it wrong: a leaf future that is pending, and has not kept its waker.
//!
//! On the real clock the program would hang without a word. On the virtual one the executor knows
//! that nothing is left that could wake a task.
//!
//! `cargo run -p book --example forgotten_waker`

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use step5_executor::{Executor, spawn};

/// Ready at the second poll, which never comes.
#[derive(Default)]
struct Forgetful {
    was_polled: bool,
}

impl Future for Forgetful {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.was_polled {
            return Poll::Ready(());
        }
        self.was_polled = true;
        // Wrong: the waker was not kept, so nothing will wake this task.
        Poll::Pending
    }
}

fn main() -> io::Result<()> {
    Executor::with_virtual_time()?.block_on(async {
        let task = spawn(Forgetful::default());
        task.await.expect("it neither panics nor is cancelled");
    });
    Ok(())
}
