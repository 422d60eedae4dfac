//! When does a sleep end, and what does it leave behind?

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, block_on, now, sleep, sleep_until, spawn, timeout, yield_now};
use testing::foreign::{Counter, poll_once, poll_with, turns};
use testing::log::Log;
use testing::recorder::Recorder;
use testing::watchdog::within_a_minute;

use crate::support::{MAIN, MS, SECOND, counted, executor, run, run_virtually};

/// Classic bug: "`block_on` returns early".
#[test]
fn block_on_waits_for_the_sleep() {
    let start = Instant::now();
    assert_eq!(
        block_on(async {
            sleep(50 * MS).await;
            7
        }),
        7
    );
    assert!(start.elapsed() >= 50 * MS);
}

#[test]
fn a_sleep_is_never_early() {
    run(async || {
        let delays = (0..300).map(|i| Duration::from_nanos(i * 54_321));
        let sleepers: Vec<_> = delays
            .map(|delay| {
                spawn(async move {
                    let start = Instant::now();
                    sleep(delay).await;
                    assert!(
                        start.elapsed() >= delay,
                        "{:?} for {delay:?}",
                        start.elapsed()
                    );
                })
            })
            .collect();
        for sleeper in sleepers {
            sleeper.await.unwrap();
        }
    });
}

#[test]
fn zero_is_one_turn_after_those_who_only_yield() {
    for is_past in [false, true] {
        run_virtually(async move || {
            let log = Log::default();
            let zero = move || {
                if is_past {
                    sleep_until(now() - SECOND)
                } else {
                    sleep(Duration::ZERO)
                }
            };
            let seen = log.clone();
            let sleeper = spawn(async move {
                for i in 0..3 {
                    seen.add(format!("zero {i}"));
                    zero().await;
                }
            });
            let seen = log.clone();
            let yielder = spawn(async move {
                for i in 0..3 {
                    seen.add(format!("yield {i}"));
                    yield_now().await;
                }
            });
            sleeper.await.unwrap();
            yielder.await.unwrap();
            assert_eq!(
                log.take(),
                [
                    "zero 0", "yield 0", "yield 1", "zero 1", "yield 2", "zero 2"
                ]
            );
        });
    }
}

#[test]
fn zero_is_one_turn_however_often_it_is_polled() {
    run_virtually(async || {
        let mut nap = pin!(sleep(Duration::ZERO));
        for _ in 0..3 {
            assert!(poll_once(nap.as_mut()).await.is_pending());
        }
        turns(1).await;
        assert!(poll_once(nap.as_mut()).await.is_ready());
    });
}

/// Nothing may hold back a timer that is due, however few wake-ups a second there should be.
#[test]
fn zero_sleep_is_not_coalesced() {
    within_a_minute(|| {
        let start = Instant::now();
        let executor = executor().with_timer_resolution(30 * SECOND);
        executor.block_on(async {
            for _ in 0..10 {
                sleep(Duration::ZERO).await;
                sleep_until(start).await;
            }
        });
        assert!(start.elapsed() < 20 * SECOND);
    });
}

#[test]
fn maximal_sleep_is_forever() {
    run_virtually(async || {
        let century = 36_500 * 24 * 3_600 * SECOND;
        assert!(timeout(century, sleep(Duration::MAX)).await.is_err());
    });
    let (executor, counts) = counted();
    executor.block_on(async {
        drop(spawn(sleep(Duration::MAX)));
        sleep(5 * MS).await;
    });
    let waits = counts.waits();
    assert!(
        matches!(waits[..], [Some(_)] | [Some(_), Some(_)]),
        "{waits:?}"
    );
}

#[test]
fn sleepers_wake_by_deadline_then_by_arrival() {
    run_virtually(async || {
        let (log, start) = (Log::default(), now());
        for (i, delay) in [30, 10, 20, 10, 30, 10].into_iter().enumerate() {
            let log = log.clone();
            drop(spawn(async move {
                sleep(delay * SECOND).await;
                log.add(format!("{i} at {}", (now() - start).as_secs()));
            }));
        }
        sleep(30 * SECOND).await;
        // Main went to sleep before the others, and is the first of those at 30.
        assert_eq!(log.take(), ["1 at 10", "3 at 10", "5 at 10", "2 at 20"]);
        yield_now().await;
        assert_eq!(log.take(), ["0 at 30", "4 at 30"]);
    });
}

#[test]
fn the_time_counts_from_the_making_of_a_sleep() {
    run_virtually(async || {
        let start = now();
        let later = sleep(3 * SECOND);
        sleep(2 * SECOND).await;
        later.await;
        assert_eq!(now() - start, 3 * SECOND);
    });
}

/// Runs a body that cancels a sleep of 5 ms before it sleeps for 40 ms. There must be no wake-up
/// for the one that is gone.
fn assert_no_wake_up(cancel: impl AsyncFnOnce()) {
    let (executor, counts) = counted();
    let start = Instant::now();
    let executor = executor.with_timer_resolution(Duration::ZERO);
    executor.block_on(async {
        cancel().await;
        sleep_until(start + 40 * MS).await;
    });
    let ends = counts.ends();
    let is_late = |end: &Option<Instant>| end.is_some_and(|end| end >= start + 40 * MS);
    assert!(ends.iter().all(is_late), "{ends:?}");
}

#[test]
fn a_dropped_sleep_leaves_no_wake_up() {
    assert_no_wake_up(async || {
        let mut dropped = Box::pin(sleep(5 * MS));
        assert!(poll_once(dropped.as_mut()).await.is_pending());
        drop(dropped);
    });
}

#[test]
fn aborted_sleeper_leaves_no_wake_up() {
    assert_no_wake_up(async || {
        let sleeper = spawn(sleep(5 * MS));
        turns(2).await;
        sleeper.abort();
        assert!(sleeper.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn sleep_wakes_the_last_poller() {
    run_virtually(async || {
        let mut moved = pin!(sleep(SECOND));
        let ((older, first), (newer, second)) = (Counter::new(), Counter::new());
        assert!(poll_with(moved.as_mut(), &first).is_pending());
        assert!(poll_with(moved.as_mut(), &second).is_pending());
        sleep(2 * SECOND).await;
        assert_eq!((older.wakes(), newer.wakes()), (0, 1));
        assert!(poll_with(moved.as_mut(), &first).is_ready());
        assert!(poll_with(moved.as_mut(), &first).is_ready());
    });
}

#[test]
fn a_sleep_that_was_polled_again_keeps_its_place() {
    run_virtually(async || {
        let log = Log::default();
        let mut sleeps = [Box::pin(sleep(SECOND)), Box::pin(sleep(SECOND))];
        for sleep in &mut sleeps {
            assert!(poll_once(sleep.as_mut()).await.is_pending());
        }
        let [first, second] = sleeps;
        // Polled in the other order, by other tasks.
        for (name, sleep) in [("second", second), ("first", first)] {
            let log = log.clone();
            drop(spawn(async move {
                sleep.await;
                log.add(name);
            }));
        }
        sleep(2 * SECOND).await;
        assert_eq!(log.take(), ["first", "second"]);
    });
}

#[test]
fn sleep_of_equal_deadline_may_be_dropped() {
    run_virtually(async || {
        let other = Rc::new(Cell::new(None));
        let taken = other.clone();
        drop(spawn(async move {
            sleep(SECOND).await;
            drop(taken.take());
        }));
        turns(1).await;
        let (wakes, waker) = Counter::new();
        let mut shared = Box::pin(sleep(SECOND));
        assert!(poll_with(shared.as_mut(), &waker).is_pending());
        other.set(Some(shared));
        sleep(2 * SECOND).await;
        assert!(wakes.wakes() <= 1);
        assert!(other.take().is_none());
    });
}

/// Classic bug: "one event wakes every task".
#[test]
fn timer_wakes_its_own_task_only() {
    let recorder = Recorder::new();
    executor().block_on(async {
        let sleepers: Vec<_> = (0..1_000)
            .map(|i| spawn(sleep(Duration::from_micros(i * 20))))
            .collect();
        for sleeper in sleepers {
            sleeper.await.unwrap();
        }
    });
    assert_eq!(recorder.all_resumes() - recorder.resumes(MAIN), 2_000);
}

#[test]
fn a_sleep_whose_executor_is_gone_says_so() {
    let executor = executor();
    let (_, waker) = Counter::new();
    let mut orphan = Box::pin(executor.block_on(poll_fn(|_| Poll::Ready(sleep(SECOND)))));
    assert!(poll_with(orphan.as_mut(), &waker).is_pending());
    drop(executor);
    let poll = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        poll_with(orphan.as_mut(), &waker)
    }));
    let message = *poll.unwrap_err().downcast::<&str>().unwrap();
    assert!(
        message.contains("the executor of a sleep was dropped"),
        "{message}"
    );
    drop(orphan);
}

#[test]
fn two_executors_have_their_own_timers() {
    within_a_minute(|| {
        let (one, two) = (
            Executor::with_virtual_time().unwrap(),
            Executor::with_virtual_time().unwrap(),
        );
        let mut kept = Box::pin(one.block_on(poll_fn(|_| Poll::Ready(sleep(SECOND)))));
        one.block_on(async { assert_eq!(poll_once(kept.as_mut()).await, Poll::Pending) });
        two.block_on(async { sleep(5 * SECOND).await });
        one.block_on(async {
            assert_eq!(poll_once(kept.as_mut()).await, Poll::Pending);
            let start = now();
            kept.await;
            assert_eq!(now() - start, SECOND);
            drop(spawn(pending::<()>()));
        });
    });
}
