//! Threads that run what blocks. They start on demand up to a limit, and end when idle.

use std::collections::BTreeMap;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Threads for closures that block: for [`spawn`](Self::spawn), in addition to the shared pool of
/// [`spawn_blocking`](crate::spawn_blocking).
///
/// A thread starts when there is work, all others are busy, and there are fewer than the limit. It
/// ends after [`IDLE_LIMIT`](Self::IDLE_LIMIT) without work. Dropping the pool does not wait: what
/// is in the queue is still done, and then the threads end. The end of `main` ends them all,
/// whatever they do.
///
/// # Examples
///
/// ```
/// use step6_toolbox::BlockingPool;
///
/// let pool = BlockingPool::new(2);
/// step5_executor::block_on(async {
///     let (one, two) = (pool.spawn(|| "one"), pool.spawn(|| "two"));
///     assert_eq!((one.await.unwrap(), two.await.unwrap()), ("one", "two"));
/// });
/// ```
pub struct BlockingPool {
    shared: Arc<Shared>,
}

/// Work for a thread.
type Job = Box<dyn FnOnce() + Send>;

struct Shared {
    state: Mutex<State>,
    /// Notified when there is a job for an idle thread, and when the pool is dropped.
    changed: Condvar,
    limit: usize,
    idle_limit: Duration,
}

/// As long as there are jobs in the queue, a thread is on its way, or all threads that there may be
/// are busy.
#[derive(Default)]
struct State {
    /// By number, in the order of the calls, so that one can be taken out of the middle.
    queue: BTreeMap<u64, Job>,
    pushed: u64,
    threads: usize,
    /// How many threads wait for a job.
    idle: usize,
    /// Whether a thread was woken or started, and has not looked at the queue yet. It wakes the next
    /// one if there is more to do, so that no more threads come than there is work for.
    is_waking: bool,
    is_closed: bool,
}

impl BlockingPool {
    /// How long a thread waits for work before it ends, unless told otherwise: 10 s.
    pub const IDLE_LIMIT: Duration = Duration::from_secs(10);

    /// Makes a pool of at most this many threads. None of them is started yet.
    ///
    /// # Panics
    ///
    /// Panics if `threads` is zero.
    pub fn new(threads: usize) -> BlockingPool {
        BlockingPool::with_idle_limit(threads, BlockingPool::IDLE_LIMIT)
    }

    /// Makes a pool whose threads end after waiting this long for work; zero ends them as soon as
    /// there is none.
    ///
    /// # Panics
    ///
    /// Panics if `threads` is zero.
    pub fn with_idle_limit(threads: usize, idle_limit: Duration) -> BlockingPool {
        assert!(
            threads > 0,
            "a pool without a thread would never do anything: give it at least 1"
        );
        BlockingPool {
            shared: Arc::new(Shared {
                state: Mutex::default(),
                changed: Condvar::new(),
                limit: threads,
                idle_limit,
            }),
        }
    }

    /// Returns how many threads the pool has now.
    pub fn threads(&self) -> usize {
        self.shared.lock().threads
    }

    /// Puts a job into the queue, and sees to it that there is a thread for it.
    pub(crate) fn push(&self, job: Job) -> QueuedJob {
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        let number = state.pushed;
        state.pushed += 1;
        state.queue.insert(number, job);
        shared.wake_thread(state);
        QueuedJob { shared, number }
    }
}

impl Drop for BlockingPool {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
    }
}

/// A job that was put into the queue.
pub(crate) struct QueuedJob {
    shared: Arc<Shared>,
    number: u64,
}

impl QueuedJob {
    /// Takes the job out of the queue, if it is still there.
    pub(crate) fn cancel(&self) {
        let job = self.shared.lock().queue.remove(&self.number);
        drop(job);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No user code runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes or starts a thread, if there is a job for it and none is on its way.
    fn wake_thread(self: &Arc<Shared>, mut state: MutexGuard<'_, State>) {
        if state.queue.is_empty() || state.is_waking {
            return;
        }
        if state.idle > 0 {
            state.is_waking = true;
            drop(state);
            self.changed.notify_one();
        } else if state.threads < self.limit {
            state.is_waking = true;
            state.threads += 1;
            drop(state);
            self.start_thread();
        }
    }

    /// Starts a thread, which is counted already.
    fn start_thread(self: &Arc<Shared>) {
        let shared = Arc::clone(self);
        let builder = thread::Builder::new().name("blocking".to_owned());
        if let Err(error) = builder.spawn(move || shared.work()) {
            let mut state = self.lock();
            state.threads -= 1;
            state.is_waking = false;
            let threads = state.threads;
            drop(state);
            // Otherwise those that there are do the work.
            assert!(threads > 0, "no thread for blocking work: {error}");
        }
    }

    /// What a thread does all its life.
    fn work(self: &Arc<Shared>) {
        let mut state = self.lock();
        state.is_waking = false;
        loop {
            while let Some((_, job)) = state.queue.pop_first() {
                self.wake_thread(state);
                // A job catches the panics of its closure. What is left of it may panic when it is
                // dropped, and that must not end the thread.
                _ = catch_unwind(AssertUnwindSafe(job));
                state = self.lock();
            }
            state.idle += 1;
            let is_idle = |state: &mut State| !state.is_waking && !state.is_closed;
            let waited = self
                .changed
                .wait_timeout_while(state, self.idle_limit, is_idle);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.idle -= 1;
            if !mem::take(&mut state.is_waking) && state.queue.is_empty() {
                // The time is over, or the pool is dropped.
                state.threads -= 1;
                return;
            }
        }
    }
}
