//! Does an executor hear of what other threads do?

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, block_on, sleep, spawn, timeout, yield_now};
use testing::foreign::turns;
use testing::promise::promise;
use testing::watchdog::within_a_minute;

use crate::support::counted;
use crate::support::{MS, executor, run};

/// Classic bug: "a wake from another thread is not seen".
#[test]
fn wake_from_another_thread_ends_the_wait() {
    within_a_minute(|| {
        let (executor, counts) = counted();
        let start = Instant::now();
        executor.block_on(async {
            let (sender, result) = promise();
            thread::spawn(move || {
                thread::sleep(20 * MS);
                sender.send(7);
            });
            assert_eq!(timeout(Duration::from_secs(40), result).await, Ok(7));
        });
        assert!(start.elapsed() < Duration::from_secs(30));
        let waits = counts.waits();
        assert!(matches!(waits[..], [Some(_)]), "{waits:?}");
    });
}

/// Wherever the executor is on its way to sleep, it hears of a message.
#[test]
fn no_wake_up_is_lost_on_the_way_to_sleep() {
    run(async || {
        let (ask, asked) = mpsc::channel::<testing::promise::Sender<u32>>();
        thread::spawn(move || {
            for (i, sender) in (0..).zip(asked) {
                // Sooner and later in the executor's turn.
                for _ in 0..i % 50 * 10 {
                    std::hint::spin_loop();
                }
                sender.send(i);
            }
        });
        for i in 0..30_000 {
            let (sender, result) = promise();
            ask.send(sender).unwrap();
            assert_eq!(result.await, i);
        }
    });
}

#[test]
fn many_threads_wake_many_tasks() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 500;
    run(async || {
        let tasks: Vec<_> = (0..THREADS)
            .map(|_| {
                let (ask, asked) = mpsc::channel::<testing::promise::Sender<usize>>();
                thread::spawn(move || {
                    asked
                        .into_iter()
                        .enumerate()
                        .for_each(|(i, sender)| sender.send(i))
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

#[test]
fn hundred_wakes_from_threads_are_one_poll() {
    run(async || {
        let (polls, is_over) = (Rc::new(Cell::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, over) = (polls.clone(), is_over.clone());
        let (give, given) = mpsc::channel::<Waker>();
        let task = spawn(poll_fn(move |cx| {
            counted.set(counted.get() + 1);
            if over.load(Ordering::SeqCst) {
                return Poll::Ready(());
            }
            give.send(cx.waker().clone()).unwrap();
            Poll::Pending
        }));
        turns(1).await;
        let waker = given.recv().unwrap();
        // This thread is busy waiting, so all of them are there before the task is polled.
        let threads: Vec<_> = (0..10)
            .map(|_| {
                let (waker, is_over) = (waker.clone(), is_over.clone());
                thread::spawn(move || {
                    is_over.store(true, Ordering::SeqCst);
                    (0..10).for_each(|_| waker.wake_by_ref());
                })
            })
            .collect();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        task.await.unwrap();
        turns(5).await;
        assert_eq!(polls.get(), 2);
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
    executor.block_on(turns(1));
    assert_eq!(polls.get(), 1);
    (polls, waker.take().unwrap())
}

#[test]
fn a_wake_between_two_block_ons_arrives() {
    let executor = executor();
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
    let (one, two) = (executor(), executor());
    let (polls, waker) = counter(&one);
    two.block_on(async { waker.wake() });
    one.block_on(turns(3));
    assert_eq!(polls.get(), 2);
}

/// While its thread is blocked, a task of the executor is woken a million times, and ends once.
#[test]
fn a_million_wakes_while_the_executor_is_busy() {
    within_a_minute(|| {
        let executor = executor();
        let (polls, waker) = counter(&executor);
        executor.block_on(async {
            thread::spawn(move || (0..1_000_000).for_each(|_| waker.wake_by_ref()))
                .join()
                .unwrap();
            turns(5).await;
        });
        assert_eq!(polls.get(), 2);
    });
}

#[test]
fn an_abort_from_another_thread_arrives() {
    run(async || {
        let task = spawn(std::future::pending::<()>());
        let handle = task.abort_handle();
        thread::spawn(move || {
            thread::sleep(10 * MS);
            handle.abort();
        });
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn threads_may_wake_after_the_executor_is_gone() {
    within_a_minute(|| {
        let is_over = Arc::new(AtomicBool::new(false));
        let threads: Vec<_> = (0..20)
            .map(|_| {
                let executor = executor();
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
        // New executors, with numbers of their own, are not in their way.
        for _ in 0..20 {
            block_on(async { sleep(Duration::from_micros(100)).await });
        }
        is_over.store(true, Ordering::SeqCst);
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn executors_on_many_threads_are_independent() {
    within_a_minute(|| {
        let threads: Vec<_> = (0..8)
            .map(|i| {
                thread::spawn(move || {
                    block_on(async move {
                        for j in 0..100 {
                            let (sender, result) = promise();
                            thread::spawn(move || sender.send((i, j)));
                            assert_eq!(result.await, (i, j));
                        }
                    });
                })
            })
            .collect();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
    });
}
