//! Aborting a task from any thread.

use step2_round_robin::TaskId;

use crate::entered;
use crate::inbox::Message;
use crate::registry;
use crate::task_key::TaskKey;

/// Aborts a task, from any thread. It is made of numbers, so it keeps nothing alive.
///
/// # Examples
///
/// ```
/// step8_fast_executor::block_on(async {
///     let task = step8_fast_executor::spawn(std::future::pending::<()>());
///     let handle = task.abort_handle();
///     std::thread::spawn(move || handle.abort());
///     assert!(task.await.unwrap_err().is_cancelled());
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbortHandle {
    /// The number of the executor, which is in the key, may be used again. This one never is.
    pub(crate) executor: u64,
    pub(crate) key: TaskKey,
    pub(crate) id: TaskId,
}

impl AbortHandle {
    /// Aborts the task, like [`JoinHandle::abort`](crate::JoinHandle::abort). If it or its executor
    /// is gone, nothing happens.
    ///
    /// Inside its own executor this takes effect at once; from another thread, in the executor's
    /// next round.
    pub fn abort(&self) {
        let found = entered::with_entered(|core| {
            let is_own = core.executor_id == self.executor;
            if is_own {
                core.abort(self.key, self.id);
            }
            is_own
        });
        if found != Some(true)
            && let Some(inbox) = registry::find(self.key)
        {
            inbox.put(Message::Abort {
                executor: self.executor,
                key: self.key,
                id: self.id,
            });
        }
    }
}
