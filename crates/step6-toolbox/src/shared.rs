//! One result for several awaiters.

use std::pin::Pin;
use std::rc::Rc;

use crate::Lock;

/// Makes the output of a future available to several tasks, each of which awaits
/// [`get`](Shared::get).
///
/// Every Python task is like this. Here the future is behind a [`Lock`]: the first that asks runs
/// it, while the others wait in line. If that one is dropped, the next in line continues the future
/// from where it stands. It works on any executor.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, now, sleep};
/// use step6_toolbox::{join_all, shared};
///
/// Executor::with_virtual_time()?.block_on(async {
///     let start = now();
///     let page = shared(async {
///         sleep(Duration::from_secs(1)).await;
///         "<html>".to_string()
///     });
///     assert_eq!(join_all([page.get(), page.get()]).await, ["<html>", "<html>"]);
///     assert_eq!(now() - start, Duration::from_secs(1));
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn shared<F: Future>(future: F) -> Shared<F> {
    Shared(Rc::new(Lock::new(Progress::Running(Box::pin(future)))))
}

/// A future with several awaiters: see [`shared`]. Clones are the same future.
pub struct Shared<F: Future>(Rc<Lock<Progress<F>>>);

enum Progress<F: Future> {
    Running(Pin<Box<F>>),
    Done(F::Output),
}

impl<F: Future<Output: Clone>> Shared<F> {
    /// Waits for the output, and returns a clone of it.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing.
    ///
    /// # Panics
    ///
    /// Panics if the future does. Then all other calls panic, too.
    pub async fn get(&self) -> F::Output {
        let mut state = self.0.lock().await;
        loop {
            match &mut *state {
                Progress::Running(future) => *state = Progress::Done(future.as_mut().await),
                Progress::Done(output) => return output.clone(),
            }
        }
    }
}

impl<F: Future> Clone for Shared<F> {
    fn clone(&self) -> Shared<F> {
        Shared(Rc::clone(&self.0))
    }
}
