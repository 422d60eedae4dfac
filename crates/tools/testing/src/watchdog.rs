//! A test that would hang fails instead.

use std::panic;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Runs `body` on a thread of its own.
///
/// # Panics
///
/// Panics if `body` does, and if it is not over within a minute.
pub fn within_a_minute(body: impl FnOnce() + Send + 'static) {
    let (running, over) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        // Dropped at the end of the body, even by a panic.
        let _running = running;
        body();
    });
    if over.recv_timeout(Duration::from_secs(60)) == Err(RecvTimeoutError::Timeout) {
        panic!("still running after a minute");
    }
    if let Err(reason) = thread.join() {
        panic::resume_unwind(reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "the body fails")]
    fn a_panic_of_the_body_passes_through() {
        within_a_minute(|| panic!("the body fails"));
    }
}
