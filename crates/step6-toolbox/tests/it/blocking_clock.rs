//! Does the virtual clock wait for blocking work?

use std::thread;
use std::time::Duration;
use step5_executor::{Executor, now, sleep, spawn, timeout, yield_now};
use step6_toolbox::{BlockingPool, spawn_blocking};
use testing::watchdog::within_a_minute;

use crate::blocking::*;

/// Promise (toolbox): While a thread of `spawn_blocking` owes its output, the virtual clock stands
/// still.
#[test]
fn the_virtual_clock_waits_for_the_output() {
    within_a_minute(|| {
        Executor::with_virtual_time().unwrap().block_on(async {
            for _ in 0..100 {
                let start = now();
                let slow = || thread::sleep(Duration::from_millis(1));
                let (one, two) = (spawn_blocking(slow), spawn_blocking(slow));
                timeout(HOUR, one).await.unwrap().unwrap();
                timeout(HOUR, two).await.unwrap().unwrap();
                assert_eq!(now(), start);
                // And then it continues.
                sleep(HOUR).await;
            }
        });
    });
}

#[test]
fn the_clock_waits_for_a_call_made_before_it() {
    within_a_minute(|| {
        let pool = BlockingPool::new(1);
        let (closure, started, open) = gate();
        let early = pool.spawn(closure);
        started.recv().unwrap();
        Executor::with_virtual_time().unwrap().block_on(async {
            let limited = spawn(timeout(Duration::from_secs(3_600), early));
            yield_now().await;
            open.send(()).unwrap();
            limited.await.unwrap().unwrap().unwrap();
        });
    });
}

#[test]
fn the_clock_continues_after_a_call() {
    within_a_minute(|| {
        Executor::with_virtual_time().unwrap().block_on(async {
            let pool = BlockingPool::new(1);
            let (wait, has_begun, open) = gate();
            let (running, waiting) = (pool.spawn(wait), pool.spawn(|| 7));
            has_begun.recv().unwrap();
            drop((waiting, running));
            // The closure still runs.
            sleep(HOUR).await;
            open.send(()).unwrap();

            let done = pool.spawn(|| 7);
            sleep(HOUR).await;
            assert_eq!(done.await.unwrap(), 7);
        });
    });
}

/// If the call did not notice that the clock is virtual, the limit would be over before the thread
/// began.
#[test]
fn calls_tell_whether_the_clock_is_virtual() {
    within_a_minute(|| {
        Executor::with_virtual_time().unwrap().block_on(async {
            for _ in 0..10_000 {
                assert_eq!(
                    timeout(HOUR, spawn_blocking(|| 7)).await.unwrap().unwrap(),
                    7
                );
            }
        });
        // And outside of an executor there is no clock to hold.
        for _ in 0..10_000 {
            drop(spawn_blocking(|| ()));
        }
    });
}
