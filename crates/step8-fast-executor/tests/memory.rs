//! Is memory used again, and given back? This counts what the whole process allocates, so it is one
//! test, alone in its file. (The loads of the example `load` are measured in its own process.)

use std::future::{pending, poll_fn};
use std::task::{Poll, Waker};
use std::thread;

use step8_fast_executor::{Executor, spawn};
use testing::allocator::{Counting, live, peak_during, times_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Promise (resources): A hundred times as many spawns, one after the other, take no more memory,
/// and all of it is given back.
#[test]
fn memory_is_used_again_and_given_back() {
    // Warm up: the standard library and the registry of executors keep some memory for good.
    (0..300).for_each(|_| drop(Executor::new().unwrap()));
    fill_the_inbox(1_000);
    let before = live();

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

    let inbox = peak_during(|| fill_the_inbox(200_000));
    assert!(inbox < 100_000, "200,000 messages fill {inbox} bytes");

    assert_eq!(live(), before, "bytes that were not given back");
}

/// Spawns two tasks, one after the other, and returns how many allocations the second one takes.
fn spawn_again() -> usize {
    let double = |number: u32| async move { 2 * number };
    Executor::new().unwrap().block_on(async {
        assert_eq!(spawn(double(1)).await.unwrap(), 2);
        times_during(|| drop(spawn(double(2))))
    })
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

/// While the executor is busy, another thread wakes and aborts its tasks over and over.
fn fill_the_inbox(messages: usize) {
    let executor = Executor::new().unwrap();
    executor.block_on(async {
        let tasks: Vec<_> = (0..100).map(|_| spawn(pending::<()>())).collect();
        let handles: Vec<_> = tasks.iter().map(|task| task.abort_handle()).collect();
        let waker: Waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        // Joining here blocks the executor's thread, so it cannot look into its inbox meanwhile.
        let disturb = move || {
            for number in 0..messages {
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
