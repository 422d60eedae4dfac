//! Threads for what blocks. They start on demand up to a limit, and end when idle.

use std::collections::BTreeMap;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Threads for closures that block. [`spawn_blocking`](crate::spawn_blocking) uses one pool that
/// all share; this makes another.
///
/// A thread starts when there is work, all others are busy, and there are fewer than the limit. It
/// ends after 10 seconds without work. Dropping the pool does not wait: what is in the queue is
/// still done, and then the threads end. At the end of `main` they all end, whatever they are
/// doing.
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

/// While there are jobs in the queue, a thread has been woken or started for them, or all threads
/// that there may be are busy.
#[derive(Default)]
struct State {
    /// By number, in the order of the calls. It is a map so that a job can be taken out of the
    /// middle.
    queue: BTreeMap<u64, Job>,
    pushed: u64,
    threads: usize,
    /// How many threads wait for a job.
    idle: usize,
    /// Whether a thread was woken or started, and has not looked at the queue yet. It wakes the
    /// next thread if there is more to do, so no more threads wake than there are jobs.
    is_waking: bool,
    is_closed: bool,
}

impl BlockingPool {
    /// Makes a pool of at most this many threads. None of them is started yet.
    ///
    /// # Panics
    ///
    /// Panics if `threads` is zero.
    pub fn new(threads: usize) -> BlockingPool {
        assert!(
            threads > 0,
            "a pool without a thread would never do anything: give it at least 1"
        );
        BlockingPool {
            shared: Arc::new(Shared {
                state: Mutex::default(),
                changed: Condvar::new(),
                limit: threads,
                idle_limit: Duration::from_secs(10),
            }),
        }
    }

    /// Puts a job into the queue, and makes sure that there is a thread for it.
    pub(crate) fn push(&self, job: Job) -> QueuedJob {
        let shared = Arc::clone(&self.shared);
        let mut state = self.shared.lock();
        let number = state.pushed;
        state.pushed += 1;
        state.queue.insert(number, job);
        // Before a thread is started: if that panics, this takes the job out again.
        let queued = QueuedJob { shared, number };
        self.shared.wake_thread(state);
        queued
    }
}

impl Drop for BlockingPool {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
    }
}

/// A job in the queue. Dropping this takes the job out, if it is still there.
pub(crate) struct QueuedJob {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for QueuedJob {
    fn drop(&mut self) {
        let job = self.shared.lock().queue.remove(&self.number);
        drop(job);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No user code runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes or starts a thread, if there is a job and no thread is on its way to it.
    fn wake_thread(self: &Arc<Shared>, mut state: MutexGuard<'_, State>) {
        if state.queue.is_empty() || state.is_waking {
            return;
        }
        if state.idle > 0 {
            state.is_waking = true;
            drop(state);
            self.changed.notify_one();
        } else if state.threads < self.limit {
            // Under the lock, so that a failure to start changes nothing.
            let shared = Arc::clone(self);
            let builder = thread::Builder::new().name("blocking".to_owned());
            if let Err(error) = builder.spawn(move || shared.work()) {
                assert!(state.threads > 0, "no thread for blocking work: {error}");
                return; // Those that there are do the work.
            }
            state.is_waking = true;
            state.threads += 1;
        }
    }

    /// Runs jobs until the thread has been idle for too long, or the pool is dropped.
    fn work(self: &Arc<Shared>) {
        let mut state = self.lock();
        state.is_waking = false;
        loop {
            while let Some((_, job)) = state.queue.pop_first() {
                self.wake_thread(state);
                // A job catches the panic of its closure. But dropping what is left of it may
                // panic, too, and that must not end the thread.
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

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::sync::mpsc;

    use testing::foreign::block_on;
    use testing::watchdog::within_a_minute;

    fn pool(limit: usize, idle_limit: Duration) -> BlockingPool {
        let mut pool = BlockingPool::new(limit);
        Arc::get_mut(&mut pool.shared).unwrap().idle_limit = idle_limit;
        pool
    }

    fn wait_for_threads(shared: &Shared, threads: usize) {
        while shared.lock().threads != threads {
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn threads_start_on_demand_and_end_when_idle() {
        within_a_minute(|| {
            let pool = pool(3, Duration::from_millis(20));
            for _ in 0..3 {
                wait_for_threads(&pool.shared, 0);
                let calls: Vec<_> = (1..=5)
                    .map(|threads: usize| {
                        let (open, opened) = mpsc::channel::<()>();
                        let call = pool.spawn(move || opened.recv().unwrap());
                        wait_for_threads(&pool.shared, threads.min(3));
                        (open, call)
                    })
                    .collect();
                for (open, call) in calls {
                    open.send(()).unwrap();
                    block_on(call).unwrap();
                }
            }
        });
    }

    /// They do not wait for the idle limit, which is an hour here.
    #[test]
    fn the_threads_of_a_dropped_pool_end_at_once() {
        within_a_minute(|| {
            let pool = pool(3, Duration::from_secs(3_600));
            let calls: Vec<_> = (0..30).map(|i| pool.spawn(move || i)).collect();
            assert!(calls.into_iter().map(block_on).all(|output| output.is_ok()));
            let shared = Arc::clone(&pool.shared);
            assert!(shared.lock().threads > 0);
            drop(pool);
            wait_for_threads(&shared, 0);
        });
    }

    #[test]
    fn many_threads_may_call_one_pool() {
        within_a_minute(|| {
            let pool = pool(4, Duration::from_micros(50));
            let total = AtomicUsize::new(0);
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        // Some wait a little, so that threads end and start all the time.
                        for i in 0..2_000 {
                            let call = pool.spawn(move || i);
                            if i % 50 == 0 {
                                thread::sleep(Duration::from_micros(60));
                            }
                            total.fetch_add(block_on(call).unwrap(), SeqCst);
                        }
                    });
                }
            });
            assert_eq!(total.into_inner(), 4 * 1_999 * 1_000);
        });
    }
}
