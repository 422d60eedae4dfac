//! When do the threads of a pool start and end? Threads are counted in the whole process, so this
//! file has one test.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use step6_toolbox::{BlockingPool, async_generator, into_blocking_iter};
use testing::foreign;
use testing::watchdog::within_a_minute;

const IDLE_LIMIT: Duration = Duration::from_millis(50);

/// How many threads of this name there are. `None` where the system does not tell.
fn count(name: &str) -> Option<usize> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let names =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    Some(names.filter(|found| found.trim_end() == name).count())
}

/// Waits until there are this many threads, by the pool's count and by the system's.
fn wait_for_threads(pool: &BlockingPool, threads: usize) {
    while pool.threads() != threads || count("blocking").is_some_and(|found| found != threads) {
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn threads_start_on_demand_and_end_when_idle() {
    within_a_minute(|| {
        let pool = BlockingPool::with_idle_limit(3, IDLE_LIMIT);
        wait_for_threads(&pool, 0);
        for round in 0..3 {
            let calls: Vec<_> = (1..=5)
                .map(|threads: usize| {
                    let (open, opened) = mpsc::channel::<()>();
                    let call = pool.spawn(move || opened.recv().unwrap());
                    wait_for_threads(&pool, threads.min(3));
                    (open, call)
                })
                .collect();
            let opened = Instant::now();
            for (open, call) in calls {
                open.send(()).unwrap();
                foreign::block_on(call).unwrap();
            }
            wait_for_threads(&pool, 0);
            assert!(
                opened.elapsed() >= IDLE_LIMIT,
                "round {round}: they ended early"
            );
        }

        // The threads of a dropped pool do not wait for the limit, which would be an hour.
        let pool = BlockingPool::with_idle_limit(3, Duration::from_secs(3_600));
        let calls: Vec<_> = (0..30).map(|i| pool.spawn(move || i)).collect();
        assert!(
            calls
                .into_iter()
                .map(foreign::block_on)
                .all(|outcome| outcome.is_ok())
        );
        assert!(pool.threads() > 0);
        drop(pool);
        while count("blocking").is_some_and(|threads| threads > 0) {
            thread::sleep(Duration::from_millis(1));
        }

        // The thread of a blocking iterator is gone when the iterator is: no need to wait.
        let mut iterator = into_blocking_iter(|| {
            async_generator(async |yielder| {
                yielder.yield_(1).await;
                step5_executor::sleep(Duration::from_secs(3_600)).await;
            })
        });
        assert_eq!(iterator.next(), Some(1));
        assert!(count("blocking-iter").is_none_or(|threads| threads == 1));
        drop(iterator);
        assert!(count("blocking-iter").is_none_or(|threads| threads == 0));
    });
}
