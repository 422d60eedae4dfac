//! Does memory stay flat, and is all of it given back? This counts what the whole process allocates, so it is one test,
//! alone in its file.

#[allow(dead_code, reason = "the example uses all of it")]
#[path = "../examples/load/loads.rs"]
mod loads;
#[path = "support/unsafe_counting_allocator.rs"]
mod unsafe_counting_allocator;

use std::future::{pending, poll_fn};
use std::task::{Poll, Waker};
use std::thread;

use loads::LOADS;
use step8_fast_executor::{Executor, spawn};
use unsafe_counting_allocator::{live, most_during, times_during};

#[test]
fn memory_stays_flat_and_is_given_back() {
    // What the standard library and the registry of executors keep for good comes first.
    (0..300).for_each(|_| drop(Executor::new().unwrap()));
    run("hour", 1);
    let before = live();

    let few = most_during(|| run("spawns", 1_000));
    let many = most_during(|| run("spawns", 200_000));
    assert_eq!(
        many, few,
        "200,000 spawns in a row take no more memory than 1,000"
    );

    // After some minutes there are as many cancelled timers as the heap bears.
    let short = most_during(|| run("hour", 10));
    let long = most_during(|| run("hour", 40));
    assert_eq!(
        long, short,
        "40 minutes of work take no more memory than 10"
    );

    let abandoned = most_during(|| run("tasks", 10_000));
    assert!(
        abandoned < 10_000 * 300,
        "{abandoned} bytes for 10,000 tasks"
    );

    assert_eq!(
        spawn_again(),
        0,
        "allocations for a task, although one of its kind has just ended"
    );

    let kept = kept_by_a_handle();
    assert!(
        kept < 10_000,
        "a handle keeps {kept} bytes of an executor that is gone"
    );

    let inbox = most_during(fill_the_inbox);
    assert!(inbox < 200_000, "a million messages fill {inbox} bytes");

    assert_eq!(live(), before, "bytes that nobody gave back");
}

fn run(name: &str, size: u64) {
    let load = LOADS.iter().find(|load| load.name == name).unwrap();
    drop((load.run)(size));
}

/// Spawns two tasks, one after the other, and returns how many allocations the second one takes.
fn spawn_again() -> usize {
    let double = |number: u32| async move { 2 * number };
    Executor::new().unwrap().block_on(async {
        assert_eq!(spawn(double(1)).await.unwrap(), 2);
        times_during(|| drop(spawn(double(2))))
    })
}

/// Returns how many bytes a handle keeps when ten thousand other tasks have ended and the executor is dropped.
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

/// While the executor is busy, another thread wakes and aborts its tasks over and over.
fn fill_the_inbox() {
    let executor = Executor::new().unwrap();
    executor.block_on(async {
        let tasks: Vec<_> = (0..100).map(|_| spawn(pending::<()>())).collect();
        let handles: Vec<_> = tasks.iter().map(|task| task.abort_handle()).collect();
        let waker: Waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        // Joining here blocks the executor's thread, so it cannot look into its inbox meanwhile.
        let disturb = move || {
            for number in 0..1_000_000 {
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
