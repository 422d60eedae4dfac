//! What if a wait never ends? Then its test fails, and says so, instead of hanging.

use std::{
    panic,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

/// Runs `body` on a thread of its own, and panics if it is not over within a minute.
pub(crate) fn within_a_minute(body: impl FnOnce() + Send + 'static) {
    let (running, over) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        let _running = running;
        body();
    });
    // The channel is dropped at the end of the body, even by a panic.
    if over.recv_timeout(Duration::from_secs(60)) == Err(RecvTimeoutError::Timeout) {
        panic!("still waiting after a minute");
    }
    if let Err(reason) = thread.join() {
        panic::resume_unwind(reason);
    }
}
