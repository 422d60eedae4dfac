//! On which clock does a program run, and how long did it take by that clock?
#![allow(dead_code, reason = "each program and each test uses a part of it")]

use std::io;
use std::time::Duration;

use step5_executor::{Executor, now};

/// Makes an executor on the real clock, or on the virtual one, on which all that sleeps is exact and takes no time.
///
/// # Errors
///
/// When no descriptor is left.
pub(crate) fn executor(virtual_time: bool) -> io::Result<Executor> {
    if virtual_time {
        Executor::with_virtual_time()
    } else {
        Executor::new()
    }
}

/// Awaits a future. Returns its output, and how long it took by the clock of the executor.
pub(crate) async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let start = now();
    let output = future.await;
    (output, now() - start)
}
