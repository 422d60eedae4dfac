//! Spawning from other threads.

use step5_executor::{JoinError, spawn, yield_now};

use crate::{mpmc, oneshot};

/// Spawns tasks from any thread, onto the executor in which it was made.
///
/// This is Python's `run_coroutine_threadsafe`. A task of the executor receives closures and spawns
/// what they return, so the executor needs nothing for it but wakers. That task ends when all
/// clones are gone. Under a virtual clock, a thread that is going to spawn should hold the clock
/// ([`hold_clock`](step5_executor::hold_clock)).
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
/// use std::thread;
/// use step5_executor::block_on;
/// use step6_toolbox::{Spawner, spawn_blocking};
///
/// block_on(async {
///     let spawner = Spawner::new();
///     let thread = spawn_blocking(move || {
///         // What the task makes itself need not be `Send`.
///         let task = spawner.spawn(async || *Rc::new(42));
///         // A thread without an executor waits with a `block_on` of its own.
///         block_on(task).unwrap()
///     });
///     assert_eq!(thread.await.unwrap(), 42);
/// });
/// ```
#[derive(Clone)]
pub struct Spawner(mpmc::Sender<SpawnCall>);

type SpawnCall = Box<dyn FnOnce() + Send>;

impl Spawner {
    /// Makes a spawner for the executor that runs on this thread.
    ///
    /// # Panics
    ///
    /// Panics outside of an executor.
    #[track_caller]
    pub fn new() -> Spawner {
        let (sender, jobs) = mpmc::channel::<SpawnCall>(usize::MAX);
        spawn(async move {
            while let Some(job) = jobs.recv().await {
                job();
                // One a turn, so that a thread that spawns without end does not starve the tasks.
                yield_now().await;
            }
        });
        Spawner(sender)
    }

    /// Spawns a task, and returns a future of its output, which may be awaited on any thread.
    ///
    /// Tasks are spawned in the order of the calls.
    ///
    /// # Errors
    ///
    /// The future returns a [`JoinError`] if the task panics, or is dropped with its executor.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future detaches the task, and loses the output.
    pub fn spawn<T: Send + 'static, F: AsyncFnOnce() -> T + Send + 'static>(
        &self,
        task: F,
    ) -> impl Future<Output = Result<T, JoinError>> + Send + use<T, F> {
        let (sender, receiver) = oneshot::channel();
        let job = move || {
            let task = spawn(async move { task().await });
            spawn(async move { sender.send(task.await) });
        };
        // If the executor is gone, the job is dropped, and the sender with it.
        _ = self.0.try_send(Box::new(job));
        async move {
            let output = receiver.await;
            output.unwrap_or_else(|_| Err(JoinError::cancelled()))
        }
    }
}
