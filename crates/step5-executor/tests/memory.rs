//! Does memory stay flat, and is all of it given back?
//!
//! This counts what the whole process allocates, so it is one test, alone in its file.

use std::future::{pending, poll_fn};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use step5_executor::{Executor, spawn, timeout, yield_now};
use testing::allocator::{Counting, live, peak_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Promise (resources): A hundred times as many spawns, one after the other, take no more memory,
/// and all of it is given back.
///
/// Classic bug: Cancelled timers stay in the heap
#[test]
fn memory_stays_flat_and_is_given_back() {
    // What the standard library keeps for good comes first.
    spawn_in_a_row(1_000);
    wake_from_a_thread(1_000);
    let before = live();

    let few = peak_during(|| spawn_in_a_row(1_000));
    let many = peak_during(|| spawn_in_a_row(20_000));
    assert_eq!(many, few, "for spawns, one after the other");

    let short = peak_during(|| cancel_timeouts(1_000));
    let long = peak_during(|| cancel_timeouts(50_000));
    assert_eq!(long, short, "for timeouts that are in time");
    assert!(short < 100_000, "{short} bytes for cancelled timers");

    let abandoned = peak_during(|| abandon(10_000));
    assert!(abandoned < 3_500_000, "{abandoned} bytes for 10,000 tasks");

    let kept = kept_by_a_handle();
    assert!(kept < 1_000, "a handle keeps {kept} bytes of an executor");

    let woken = peak_during(|| wake_from_a_thread(200_000));
    assert!(woken < 200_000, "200,000 wakes fill {woken} bytes");

    assert_eq!(live(), before, "not all was given back");
}

fn spawn_in_a_row(count: usize) {
    Executor::new().unwrap().block_on(async {
        for i in 0..count {
            assert_eq!(spawn(async move { i }).await.unwrap(), i);
        }
    });
}

fn cancel_timeouts(count: usize) {
    Executor::new().unwrap().block_on(async {
        for _ in 0..count {
            timeout(Duration::from_secs(30), yield_now()).await.unwrap();
        }
    });
}

/// Leaves tasks to the executor's end.
fn abandon(count: usize) {
    Executor::new().unwrap().block_on(async {
        for _ in 0..count {
            drop(spawn(pending::<()>()));
        }
        yield_now().await;
    });
}

/// Returns how many bytes a handle keeps when ten thousand other tasks have ended and the executor
/// is dropped.
fn kept_by_a_handle() -> usize {
    let before = live();
    let executor = Executor::new().unwrap();
    let handle = executor.spawn(async {});
    executor.block_on(async {
        let tasks: Vec<_> = (0..10_000).map(|_| spawn(async {})).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    drop(executor);
    let kept = live() - before;
    drop(handle);
    kept
}

/// While the executor is busy, another thread wakes and aborts its tasks again and again.
fn wake_from_a_thread(count: usize) {
    Executor::new().unwrap().block_on(async {
        let tasks: Vec<_> = (0..100).map(|_| spawn(pending::<()>())).collect();
        let handles: Vec<_> = tasks.iter().map(|task| task.abort_handle()).collect();
        let waker: Waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        // `join` blocks the executor's thread, so the executor cannot empty its queue meanwhile.
        let disturb = move || {
            for number in 0..count {
                match number % 3 {
                    0 => waker.wake_by_ref(),
                    _ => handles[number % 100].abort(),
                }
            }
        };
        thread::spawn(disturb).join().unwrap();
        for task in tasks {
            assert!(task.await.unwrap_err().is_cancelled());
        }
    });
}
