//! A limit of a minute, so that a test that would hang fails instead.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;
use std::{panic, process};

const MINUTE: Duration = Duration::from_secs(60);

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
    if over.recv_timeout(MINUTE) == Err(RecvTimeoutError::Timeout) {
        panic!("still running after a minute");
    }
    if let Err(reason) = thread.join() {
        panic::resume_unwind(reason);
    }
}

/// Ends the whole process unless the value that it returns is dropped within a minute.
///
/// It is for tests that cannot leave their thread; the others have [`within_a_minute`].
#[must_use = "dropping this ends the watch"]
pub fn watch() -> Watch {
    let (running, over) = mpsc::channel::<()>();
    let test = thread::current().name().unwrap_or("a test").to_owned();
    thread::spawn(move || {
        if over.recv_timeout(MINUTE) == Err(RecvTimeoutError::Timeout) {
            eprintln!("{test} is still running after a minute");
            process::exit(101);
        }
    });
    Watch { _running: running }
}

/// Made by [`watch`].
pub struct Watch {
    _running: Sender<()>,
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
