//! A future that continues when its waiter does not: a task of its own, whose handle may be
//! dropped.

use step5_executor::{JoinHandle, spawn};

/// Starts a future as a task of its own, which continues even if its waiter is dropped.
///
/// This is Python's `shield`, and it is nothing but [`spawn`]. In Python the two differ, because
/// cancelling the waiter of a task cancels the task; here, dropping the handle of a task detaches
/// it. The name says what it is for: `timeout(limit, shield(save()))` gives up waiting, but `save`
/// still runs to its end. To wait again later, keep the handle and lend it:
/// `timeout(limit, &mut saving)`.
///
/// The future starts in the executor's next round, without waiting for the handle's first poll. If
/// it has not ended when its executor is dropped, it is dropped with it. It needs the executor of
/// step 5 and is not `Send`.
///
/// # Errors
///
/// Returns an error if the future panics, or is cancelled: aborted, or dropped with its executor.
///
/// # Cancel safety
///
/// Dropping it loses the output, and nothing else.
///
/// # Panics
///
/// Panics outside of an executor.
///
/// # Examples
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
/// use std::time::Duration;
/// use step5_executor::{Elapsed, Executor, sleep, timeout};
/// use step6_toolbox::shield;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let is_saved = Rc::new(Cell::new(false));
///     let saved = is_saved.clone();
///     let save = async move {
///         sleep(Duration::from_secs(3)).await;
///         saved.set(true);
///     };
///     assert!(matches!(timeout(Duration::from_secs(1), shield(save)).await, Err(Elapsed)));
///     assert!(!is_saved.get());
///     sleep(Duration::from_secs(3)).await;
///     assert!(is_saved.get());
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn shield<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    spawn(future)
}
