//! Does an executor hear of what other threads do?

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use testing::foreign::turns;
use testing::promise::{self, promise};
use testing::watchdog::within_a_minute;

use crate::executor::{Executor, block_on, sleep, spawn, timeout, yield_now};
use crate::suites::support::{MS, counted, run};

/// Classic bug: A wake from another thread is not seen
#[test]
fn a_wake_from_another_thread_ends_the_wait() {
    within_a_minute(|| {
        let (executor, counts) = counted();
        executor.block_on(async {
            let (sender, result) = promise();
            thread::spawn(move || {
                // The wait has begun by then.
                thread::sleep(20 * MS);
                sender.send(7);
            });
            assert_eq!(timeout(Duration::from_secs(50), result).await, Ok(7));
        });
        assert_eq!(counts.waits().len(), 1, "{:?}", counts.waits());
    });
}

/// Whatever the executor is doing on its way to sleep.
///
/// Promise (wakers): No wake from another thread is lost, however the two threads interleave.
#[test]
fn no_wake_up_is_lost_on_the_way_to_sleep() {
    run(async || {
        let (ask, asked) = mpsc::channel::<promise::Sender<u32>>();
        thread::spawn(move || {
            for (i, sender) in (0..).zip(asked) {
                // At an earlier or a later moment of the executor's round.
                for _ in 0..i % 50 * 10 {
                    std::hint::spin_loop();
                }
                sender.send(i);
            }
        });
        for i in 0..20_000 {
            let (sender, result) = promise();
            ask.send(sender).unwrap();
            assert_eq!(result.await, i);
        }
    });
}

/// The other thread wakes at the last moment before the system call.
#[test]
fn a_wake_right_before_the_system_call_ends_it() {
    within_a_minute(|| {
        let (executor, counts) = counted();
        executor.block_on(async {
            for i in 0..10 {
                let (sender, result) = promise();
                counts.at_next_wait(move || {
                    thread::spawn(move || sender.send(i)).join().unwrap();
                });
                assert_eq!(result.await, i);
            }
        });
        assert_eq!(counts.waits(), [None; 10]);
    });
}

#[test]
fn many_threads_wake_many_tasks() {
    const ROUNDS: usize = 500;
    run(async || {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (ask, asked) = mpsc::channel::<promise::Sender<usize>>();
                thread::spawn(move || {
                    for (i, sender) in asked.into_iter().enumerate() {
                        sender.send(i);
                    }
                });
                spawn(async move {
                    for i in 0..ROUNDS {
                        let (sender, result) = promise();
                        ask.send(sender).unwrap();
                        assert_eq!(result.await, i);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// Returns a task that counts its polls and never ends, and a waker of it.
fn counter(executor: &Executor) -> (Rc<Cell<u32>>, Waker) {
    let (polls, waker) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(None)));
    let (counted, shown) = (polls.clone(), waker.clone());
    drop(executor.spawn(poll_fn(move |cx| {
        counted.set(counted.get() + 1);
        shown.set(Some(cx.waker().clone()));
        Poll::<()>::Pending
    })));
    executor.block_on(yield_now());
    assert_eq!(polls.get(), 1);
    (polls, waker.take().unwrap())
}

/// Promise (wakers): However often other threads wake a task, the queue of their wakes stays short.
#[test]
fn a_million_wakes_from_threads_are_one_poll() {
    within_a_minute(|| {
        let executor = Executor::new().unwrap();
        let (polls, waker) = counter(&executor);
        executor.block_on(async {
            // The executor's thread waits here, so all of them come before the poll.
            let threads = [(); 4].map(|()| {
                let waker = waker.clone();
                thread::spawn(move || (0..250_000).for_each(|_| waker.wake_by_ref()))
            });
            threads
                .into_iter()
                .for_each(|thread| thread.join().unwrap());
            turns(5).await;
        });
        assert_eq!(polls.get(), 2);
    });
}

#[test]
fn a_wake_between_two_block_ons_arrives() {
    let executor = Executor::new().unwrap();
    let (polls, waker) = counter(&executor);
    waker.wake_by_ref();
    executor.block_on(turns(3));
    assert_eq!(polls.get(), 2);
    thread::spawn(move || waker.wake()).join().unwrap();
    executor.block_on(turns(3));
    assert_eq!(polls.get(), 3);
}

#[test]
fn a_wake_from_inside_another_executor_arrives() {
    let (one, two) = (Executor::new().unwrap(), Executor::new().unwrap());
    let (polls, waker) = counter(&one);
    two.block_on(async { waker.wake() });
    one.block_on(turns(3));
    assert_eq!(polls.get(), 2);
}

#[test]
fn a_wake_from_another_threads_executor_arrives() {
    run(async || {
        let (sender, result) = promise();
        thread::spawn(move || block_on(async move { sender.send(7) }));
        assert_eq!(result.await, 7);
    });
}

#[test]
fn threads_may_wake_a_dropped_executor() {
    within_a_minute(|| {
        let is_over = Arc::new(AtomicBool::new(false));
        let threads: Vec<_> = (0..5)
            .map(|_| {
                let executor = Executor::new().unwrap();
                let (_, waker) = counter(&executor);
                let (is_over, wakes) = (is_over.clone(), Arc::new(AtomicU32::new(0)));
                let counted = wakes.clone();
                let thread = thread::spawn(move || {
                    while !is_over.load(Ordering::SeqCst) {
                        waker.wake_by_ref();
                        counted.fetch_add(1, Ordering::SeqCst);
                        thread::yield_now();
                    }
                    waker.wake();
                });
                // It wakes while the executor runs, while it is dropped, and afterwards.
                while wakes.load(Ordering::SeqCst) < 10 {
                    executor.block_on(yield_now());
                }
                drop(executor);
                thread
            })
            .collect();
        for _ in 0..20 {
            block_on(async { sleep(Duration::from_micros(100)).await });
        }
        is_over.store(true, Ordering::SeqCst);
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn executors_on_many_threads_are_independent() {
    within_a_minute(|| {
        let executor = |i| async move {
            for j in 0..100 {
                let (sender, result) = promise();
                thread::spawn(move || sender.send((i, j)));
                assert_eq!(result.await, (i, j));
            }
        };
        let threads: Vec<_> = (0..8)
            .map(|i| thread::spawn(move || block_on(executor(i))))
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}
