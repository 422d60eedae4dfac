//! Signals that interrupt the system calls of the thread that runs a test.

#![allow(
    unsafe_code,
    reason = "std neither handles signals nor sends them to threads"
)]

use std::env;
use std::ffi::c_int;
use std::os::unix::thread::RawPthread;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::process::this_test;

#[cfg(target_os = "linux")]
const SIGUSR1: c_int = 10;
#[cfg(not(target_os = "linux"))]
const SIGUSR1: c_int = 30;

mod c {
    use std::ffi::c_int;
    use std::os::unix::thread::RawPthread;

    unsafe extern "C" {
        pub(super) fn signal(signal: c_int, handler: extern "C" fn(c_int)) -> usize;
        pub(super) safe fn pthread_self() -> RawPthread;
        pub(super) fn pthread_kill(thread: RawPthread, signal: c_int) -> c_int;
        pub(super) safe fn raise(signal: c_int) -> c_int;
    }
}

static HANDLED: AtomicUsize = AtomicUsize::new(0);

extern "C" fn handle(_: c_int) {
    HANDLED.fetch_add(1, Ordering::Relaxed);
}

/// Runs `body` while its thread is sent a handled signal every 5 ms.
///
/// Returns what `body` returned, and how many signals were handled meanwhile.
pub fn under_signals<T>(body: impl FnOnce() -> T) -> (T, usize) {
    // SAFETY: the handler has the C signature, and adds to an atomic, which a handler may do.
    unsafe { c::signal(SIGUSR1, handle) };
    let before = HANDLED.load(Ordering::Relaxed);
    let target: RawPthread = c::pthread_self();
    let (running, over) = mpsc::channel::<()>();
    let output = thread::scope(|scope| {
        scope.spawn(move || {
            while over.recv_timeout(Duration::from_millis(5)) == Err(RecvTimeoutError::Timeout) {
                // SAFETY: the target thread leaves this scope only after this thread has ended,
                // so it lives. The signal has a handler.
                unsafe { c::pthread_kill(target, SIGUSR1) };
            }
        });
        // Dropped at the end of the body, even by a panic: that ends the signals.
        let _running = running;
        body()
    });
    (output, HANDLED.load(Ordering::Relaxed) - before)
}

/// Sends this process SIGINT, as Ctrl-C does.
///
/// A process without a handler for it ends.
pub fn interrupt() {
    const SIGINT: c_int = 2;
    assert_eq!(c::raise(SIGINT), 0);
}

/// Runs `job` as a background job of a shell, which ignores SIGINT. The process of the job runs
/// only this test, which then calls this again.
///
/// # Panics
///
/// Panics if the job does.
pub fn as_background_job(job: impl FnOnce()) {
    const MARK: &str = "IS_BACKGROUND_JOB";
    if env::var_os(MARK).is_some() {
        return job();
    }
    let status = Command::new("sh")
        .args(["-c", r#"trap "" INT; exec "$0" --exact "$1""#])
        .args([env::current_exe().unwrap(), this_test().into()])
        .env(MARK, "")
        .status();
    assert!(status.unwrap().success(), "the job failed: see above");
}
