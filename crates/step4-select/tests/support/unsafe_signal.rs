//! How does a test interrupt a system call? With a signal that has a handler, sent to the very thread that waits.

#![allow(
    unsafe_code,
    reason = "std neither handles signals nor sends them to threads"
)]

use std::{
    ffi::c_int,
    os::unix::thread::RawPthread,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

#[cfg(target_os = "linux")]
const SIGUSR1: c_int = 10;
#[cfg(target_os = "macos")]
const SIGUSR1: c_int = 30;

unsafe extern "C" {
    fn signal(signal: c_int, handler: extern "C" fn(c_int)) -> usize;
    safe fn pthread_self() -> RawPthread;
    fn pthread_kill(thread: RawPthread, signal: c_int) -> c_int;
}

static HANDLED: AtomicUsize = AtomicUsize::new(0);

extern "C" fn handle(_signal: c_int) {
    HANDLED.fetch_add(1, Ordering::Relaxed);
}

/// Runs `body` on this thread while it gets a signal every 5 ms, and returns the output and how many it handled.
pub(crate) fn under_signals<T>(body: impl FnOnce() -> T) -> (T, usize) {
    // SAFETY: the handler has the C signature and adds to an atomic, which a signal handler may do.
    unsafe { signal(SIGUSR1, handle) };
    let before = HANDLED.load(Ordering::Relaxed);
    let target = pthread_self();
    let (running, over) = mpsc::channel::<()>();
    let output = thread::scope(|scope| {
        scope.spawn(move || {
            while over.recv_timeout(Duration::from_millis(5)) == Err(RecvTimeoutError::Timeout) {
                // SAFETY: the target thread lives, because it leaves this scope only after this thread has ended.
                // The signal has a handler.
                unsafe { pthread_kill(target, SIGUSR1) };
            }
        });
        // Dropped at the end of the body, even by a panic: that ends the signals.
        let _running = running;
        body()
    });
    (output, HANDLED.load(Ordering::Relaxed) - before)
}
