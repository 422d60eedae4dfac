//! Which thread runs what blocks? Threads start on demand up to a limit, take work in order, and
//! end when idle.

use std::collections::BTreeMap;
use std::fmt;
use std::hint;
use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
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

/// Work for a thread, which catches the panics of what it runs. It is told if there is no thread
/// that could run it.
pub(crate) type Job = Box<dyn FnOnce(io::Result<()>) + Send>;

struct Shared {
    state: Mutex<State>,
    /// How many jobs were ever pushed. It is counted under the lock, and may be looked at without
    /// it.
    pushed: AtomicU64,
    called: Condvar,
    limit: usize,
    idle_limit: Duration,
}

/// As long as there are jobs in the queue, a thread is called, or all threads that there may be are
/// busy.
#[derive(Default)]
struct State {
    /// By number, in the order of the calls, so that one can be taken out of the middle.
    queue: BTreeMap<u64, Job>,
    threads: usize,
    /// How many threads wait to be called.
    idle: usize,
    /// Whether a thread is on its way to look at the queue. The thread that clears this looks,
    /// before the lock is released.
    is_called: bool,
    is_closed: bool,
}

/// How often a thread that has run out of jobs looks for another before it goes to sleep: some
/// microseconds in all.
///
/// Falling asleep and being woken costs more than that, on both sides. Measured with calls that do
/// nothing, by 64 tasks at once: 0.6 µs a call against 0.85 without; a longer wait gained nothing.
const LOOKS: u32 = 64;

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
        let (state, pushed, called) = (Mutex::default(), AtomicU64::new(0), Condvar::new());
        BlockingPool {
            shared: Arc::new(Shared {
                state,
                pushed,
                called,
                limit: threads,
                idle_limit,
            }),
        }
    }

    /// Returns how many threads the pool has now.
    pub fn threads(&self) -> usize {
        self.shared.lock().threads
    }

    /// Puts a job into the queue.
    pub(crate) fn push(&self, job: Job) -> Ticket {
        let mut state = self.shared.lock();
        let number = self.shared.pushed.fetch_add(1, Relaxed);
        state.queue.insert(number, job);
        self.shared.call(state);
        Ticket {
            shared: self.shared.clone(),
            number,
        }
    }
}

impl Drop for BlockingPool {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.called.notify_all();
    }
}

impl fmt::Debug for BlockingPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { threads, queue, .. } = &*self.shared.lock();
        let (limit, waiting) = (self.shared.limit, queue.len());
        f.debug_struct("BlockingPool")
            .field("limit", &limit)
            .field("threads", threads)
            .field("waiting", &waiting)
            .finish()
    }
}

/// The place of a job in the queue.
pub(crate) struct Ticket {
    shared: Arc<Shared>,
    number: u64,
}

impl Ticket {
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

    /// Calls a thread if there are jobs in the queue and none is called yet.
    ///
    /// The thread that is called does the same when it has taken a job. So the caller pays for one
    /// call at most, and no more threads come than there is work for.
    fn call(self: &Arc<Shared>, mut state: MutexGuard<'_, State>) {
        if state.queue.is_empty() || state.is_called {
            return;
        }
        if state.idle > 0 {
            state.is_called = true;
            drop(state);
            self.called.notify_one();
        } else if state.threads < self.limit {
            state.is_called = true;
            state.threads += 1;
            drop(state);
            let this = self.clone();
            let started = thread::Builder::new()
                .name("blocking".to_owned())
                .spawn(move || this.work());
            if let Err(error) = started {
                self.do_without(&error);
            }
        }
    }

    /// Leaves the jobs to the threads that there are: no other can be started. If there are none,
    /// the jobs fail.
    fn do_without(&self, error: &io::Error) {
        let mut state = self.lock();
        state.threads -= 1;
        // A thread that has gone idle meanwhile was not called, because this one was.
        state.is_called = state.idle > 0;
        let failed = if state.threads == 0 {
            mem::take(&mut state.queue)
        } else {
            BTreeMap::new()
        };
        drop(state);
        self.called.notify_one();
        for job in failed.into_values() {
            run(job, Err(io::Error::new(error.kind(), error.to_string())));
        }
    }

    /// What a thread does all its life.
    fn work(self: &Arc<Shared>) {
        let mut state = self.lock();
        state.is_called = false;
        loop {
            while let Some((_, job)) = state.queue.pop_first() {
                self.call(state);
                run(job, Ok(()));
                state = self.lock();
            }
            if !state.is_called && !state.is_closed {
                state.is_called = true;
                let pushed = self.pushed.load(Relaxed);
                drop(state);
                self.look_out(pushed);
                state = self.lock();
                state.is_called = false;
                if !state.queue.is_empty() {
                    continue;
                }
            }
            state.idle += 1;
            let is_idle = |state: &mut State| !state.is_called && !state.is_closed;
            let waited = self
                .called
                .wait_timeout_while(state, self.idle_limit, is_idle);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.idle -= 1;
            if !mem::take(&mut state.is_called) && state.queue.is_empty() {
                // The time is over, or the pool.
                state.threads -= 1;
                return;
            }
        }
    }

    /// Waits a moment for another job to be pushed, after this many.
    fn look_out(&self, pushed: u64) {
        for _ in 0..LOOKS {
            if self.pushed.load(Relaxed) != pushed {
                return;
            }
            hint::spin_loop();
        }
    }
}

/// Runs a job. If what is left of it panics as it is dropped, that must not end the thread.
fn run(job: Job, started: io::Result<()>) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| job(started))) {
        // Dropping what the panic carries might panic again.
        mem::forget(payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};
    use std::time::Instant;

    /// Makes a pool in which a thread has been called and never comes, with one job in its queue.
    fn waiting_for_a_thread() -> (BlockingPool, crate::SpawnBlocking<u32>) {
        let pool = BlockingPool::with_idle_limit(2, Duration::from_secs(3_600));
        pool.shared.lock().is_called = true;
        let job = pool.spawn(|| 7);
        pool.shared.lock().threads += 1;
        (pool, job)
    }

    fn poll<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Poll<T> {
        Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    /// Waits for a job, but not forever.
    fn outcome_of(job: &mut crate::SpawnBlocking<u32>) -> u32 {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            if let Poll::Ready(outcome) = poll(job) {
                return outcome.unwrap();
            }
            thread::yield_now();
        }
        panic!("still waiting after a minute");
    }

    #[test]
    fn without_any_thread_the_jobs_fail_and_say_why() {
        let (pool, mut job) = waiting_for_a_thread();
        assert!(poll(&mut job).is_pending());
        pool.shared.do_without(&io::Error::other("too many"));
        let Poll::Ready(Err(error)) = poll(&mut job) else {
            panic!("it waits for a thread that does not come")
        };
        assert_eq!(
            error.to_string(),
            "the task panicked: no thread could be started for what blocks: too many"
        );
        // The next one tries again.
        assert_eq!(outcome_of(&mut pool.spawn(|| 8)), 8);
    }

    #[test]
    fn jobs_are_left_to_the_threads_that_are_there() {
        let (pool, mut job) = waiting_for_a_thread();
        pool.shared.lock().threads += 1;
        pool.shared.do_without(&io::Error::other("too many"));
        assert!(poll(&mut job).is_pending());
        let shared = pool.shared.clone();
        thread::spawn(move || shared.work());
        assert_eq!(outcome_of(&mut job), 7);
    }

    /// A thread that went idle while another was being started has not been called, because that
    /// other one was.
    #[test]
    fn an_idle_thread_is_called_if_none_can_start() {
        let (pool, mut job) = waiting_for_a_thread();
        let shared = pool.shared.clone();
        shared.lock().threads += 1;
        let waiting = mem::take(&mut shared.lock().queue);
        shared.lock().is_called = false;
        thread::spawn(move || shared.work());
        while pool.shared.lock().idle == 0 {
            thread::yield_now();
        }
        // The thread sleeps, and a job has come for which another one was to be started.
        pool.shared.lock().queue = waiting;
        pool.shared.do_without(&io::Error::other("too many"));
        assert_eq!(outcome_of(&mut job), 7);
    }
}
