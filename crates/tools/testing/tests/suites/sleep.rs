//! When does a sleep end, and what does it leave behind?

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use testing::foreign::{Counter, poll_once, poll_with, turns};
use testing::log::Log;
use testing::recorder::Recorder;
use testing::signals::under_signals;
use testing::watchdog::within_a_minute;

use crate::executor::{Executor, block_on, now, sleep, sleep_until, spawn, timeout, yield_now};
use crate::suites::support::{MS, SECOND, counted, run, sender, udp, virtually};

/// Promise (time): A sleep is never early.
#[test]
fn a_sleep_is_never_early() {
    run(async || {
        let delays = (0..300).map(|i| Duration::from_nanos(i * 54_321));
        let sleep_for = |delay| async move {
            let start = Instant::now();
            sleep(delay).await;
            let elapsed = start.elapsed();
            assert!(elapsed >= delay, "{elapsed:?} for {delay:?}");
        };
        let sleepers: Vec<_> = delays.map(|delay| spawn(sleep_for(delay))).collect();
        for sleeper in sleepers {
            sleeper.await.unwrap();
        }
    });
}

/// Classic bug: EINTR unwrapped
#[test]
fn a_signal_ends_no_wait() {
    within_a_minute(|| {
        let wait = async {
            let start = Instant::now();
            sleep(60 * MS).await;
            assert!(start.elapsed() >= 60 * MS);
            let socket = udp();
            let sender = sender(&socket);
            let thread = thread::spawn(move || {
                thread::sleep(60 * MS);
                sender.send(b"1").unwrap();
            });
            assert_eq!(socket.recv_from(&mut [0]).await.unwrap().0, 1);
            thread.join().unwrap();
        };
        let (_, handled) = under_signals(|| block_on(wait));
        assert!(handled > 0, "no signal was handled");
    });
}

#[test]
fn zero_is_one_turn() {
    for is_past in [false, true] {
        let zero = move || {
            if is_past {
                sleep_until(now() - SECOND)
            } else {
                sleep(Duration::ZERO)
            }
        };
        virtually(async {
            let log = Log::default();
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
            // A task that only yields was woken before the timers were looked at.
            let expected = [
                "zero 0", "yield 0", "yield 1", "zero 1", "yield 2", "zero 2",
            ];
            assert_eq!(log.take(), expected);
        });
    }
}

#[test]
fn zero_is_one_turn_however_often_it_is_polled() {
    virtually(async {
        let mut nap = pin!(sleep(Duration::ZERO));
        for _ in 0..3 {
            assert!(poll_once(nap.as_mut()).await.is_pending());
        }
        yield_now().await;
        assert!(poll_once(nap.as_mut()).await.is_ready());
    });
}

#[test]
fn the_longest_sleep_is_forever() {
    virtually(async {
        let century = 36_500 * 24 * 3_600 * SECOND;
        assert!(timeout(century, sleep(Duration::MAX)).await.is_err());
    });
    let (executor, counts) = counted();
    executor.block_on(async {
        drop(spawn(async { sleep(Duration::MAX).await }));
        sleep(5 * MS).await;
    });
    let waits = counts.waits();
    assert!(waits.iter().all(|wait| *wait <= Some(5 * MS)), "{waits:?}");
}

/// Promise (time): Sleepers continue by deadline, and at equal deadlines in the order of arrival; a
/// sleep of zero is one turn.
#[test]
fn sleepers_wake_by_deadline_and_then_by_arrival() {
    virtually(async {
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
        let expected = ["1 at 10", "3 at 10", "5 at 10", "2 at 20"];
        assert_eq!(log.take(), expected);
        yield_now().await;
        assert_eq!(log.take(), ["0 at 30", "4 at 30"]);
    });
}

#[test]
fn the_time_counts_from_the_making_of_a_sleep() {
    virtually(async {
        let start = now();
        let later = sleep(3 * SECOND);
        sleep(2 * SECOND).await;
        later.await;
        assert_eq!(now() - start, 3 * SECOND);
    });
}

/// Runs a body that cancels a sleep of 5 ms, and then sleeps for 40 ms, which must be one wait.
fn assert_no_wake_up(cancel: impl AsyncFnOnce()) {
    let (executor, counts) = counted();
    let start = Instant::now();
    executor.block_on(async {
        cancel().await;
        sleep_until(start + 40 * MS).await;
    });
    let ends = counts.ends();
    let is_later = |end: &Option<Instant>| end.is_some_and(|end| end >= start + 40 * MS);
    assert!(ends.iter().all(is_later), "{ends:?}");
}

#[test]
fn a_dropped_sleep_leaves_no_wake_up() {
    assert_no_wake_up(async || {
        let mut dropped = Box::pin(sleep(5 * MS));
        assert!(poll_once(dropped.as_mut()).await.is_pending());
        drop(dropped);
    });
}

/// Promise (time): A cancelled sleeper is not waited for.
#[test]
fn an_aborted_sleeper_leaves_no_wake_up() {
    assert_no_wake_up(async || {
        let sleeper = spawn(async { sleep(5 * MS).await });
        turns(2).await;
        sleeper.abort();
        assert!(sleeper.await.unwrap_err().is_cancelled());
    });
}

/// Nor does `block_on` wait for the timers of tasks that it leaves behind.
#[test]
fn a_left_sleeper_does_not_keep_block_on_waiting() {
    let start = Instant::now();
    crate::executor::block_on(async {
        drop(spawn(async { sleep(3_600 * SECOND).await }));
        yield_now().await;
    });
    assert!(start.elapsed() < 60 * SECOND);
}

/// Classic bug: A waker pushed again at each poll
#[test]
fn a_sleep_that_is_polled_again_keeps_its_place() {
    virtually(async {
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
fn a_sleep_that_is_over_stays_over() {
    virtually(async {
        let mut nap = sleep(SECOND);
        assert!(poll_once(Pin::new(&mut nap)).await.is_pending());
        sleep(2 * SECOND).await;
        assert!(poll_once(Pin::new(&mut nap)).await.is_ready());
        assert!(poll_once(Pin::new(&mut nap)).await.is_ready());
    });
}

#[test]
fn a_task_may_drop_a_sleep_of_the_same_instant() {
    virtually(async {
        let other = Rc::new(Cell::new(None));
        let taken = other.clone();
        drop(spawn(async move {
            sleep(SECOND).await;
            drop(taken.take());
        }));
        yield_now().await;
        let (counter, waker) = Counter::new();
        let mut shared = Box::pin(sleep(SECOND));
        assert!(poll_with(shared.as_mut(), &waker).is_pending());
        other.set(Some(shared));
        sleep(2 * SECOND).await;
        assert!(counter.wakes() <= 1);
        assert!(other.take().is_none());
    });
}

/// Classic bug: One event wakes every task
#[test]
fn a_timer_wakes_its_own_task_alone() {
    let recorder = Recorder::new();
    let executor = Executor::new().unwrap();
    let nap = |i| async move { sleep(i * Duration::from_micros(20)).await };
    executor.block_on(async {
        let sleepers: Vec<_> = (0..1_000).map(|i| spawn(nap(i))).collect();
        for sleeper in sleepers {
            sleeper.await.unwrap();
        }
    });
    let mut resumed = recorder.order("resumed");
    resumed.retain(|task| *task != 0);
    assert_eq!(resumed.len(), 2_000);
}

/// Promise (resources): A sleep is two polls, however many others are due at the same instant.
#[test]
fn sleepers_of_one_instant_are_two_polls_each() {
    let recorder = Recorder::new();
    virtually(async {
        let start = now();
        let tasks: Vec<_> = (0..100_000)
            .map(|_| spawn(async { sleep(SECOND).await }))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(now() - start, SECOND);
    });
    // Main sees the first one end, and by then all others have ended too.
    assert_eq!(recorder.all_resumes(), 200_002);
    let mut expected = vec![0];
    expected.splice(0..0, 1..=100_000);
    assert_eq!(recorder.order("finished"), expected);
}

#[test]
fn two_executors_have_their_own_timers() {
    let one = Executor::with_virtual_time().unwrap();
    let two = Executor::with_virtual_time().unwrap();
    let mut kept = one.block_on(poll_fn(|_| Poll::Ready(sleep(SECOND))));
    one.block_on(async { assert!(poll_once(Pin::new(&mut kept)).await.is_pending()) });
    two.block_on(async { sleep(5 * SECOND).await });
    one.block_on(async {
        assert!(poll_once(Pin::new(&mut kept)).await.is_pending());
        let start = now();
        kept.await;
        assert_eq!(now() - start, SECOND);
        drop(spawn(pending::<()>()));
    });
}
