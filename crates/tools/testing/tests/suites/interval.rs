//! When does an interval tick, and what if the caller is late?

use std::pin::pin;
use std::time::{Duration, Instant};

use testing::foreign::poll_once;

use crate::executor::{interval, now, sleep, sleep_until, timeout};
use crate::suites::support::{MS, SECOND, run, virtually};

#[test]
fn ticks_come_at_once_and_then_in_rhythm() {
    virtually(async {
        let start = now();
        let mut interval = interval(10 * SECOND);
        for i in 0..5 {
            assert_eq!(interval.tick().await, start + i * 10 * SECOND);
            assert_eq!(now(), start + i * 10 * SECOND);
            // Work between the ticks does not shift them.
            sleep(i * SECOND).await;
        }
    });
}

#[test]
fn a_tick_is_never_early() {
    run(async || {
        let start = Instant::now();
        let mut interval = interval(2 * MS);
        let first = interval.tick().await;
        assert!(first >= start);
        for _ in 0..10 {
            let due = interval.tick().await;
            assert!(Instant::now() >= due);
            assert_eq!((due - first).as_nanos() % (2 * MS).as_nanos(), 0);
        }
    });
}

#[test]
fn less_than_a_period_late_is_at_once() {
    virtually(async {
        let start = now();
        let mut interval = interval(10 * SECOND);
        interval.tick().await;
        sleep(15 * SECOND).await;
        assert_eq!(interval.tick().await, start + 10 * SECOND);
        assert_eq!(now(), start + 15 * SECOND);
        assert_eq!(interval.tick().await, start + 20 * SECOND);
        assert_eq!(now(), start + 20 * SECOND);
    });
}

#[test]
fn missed_ticks_are_skipped() {
    virtually(async {
        let start = now();
        let mut interval = interval(10 * SECOND);
        interval.tick().await;
        sleep(1_000_005 * SECOND).await;
        assert_eq!(interval.tick().await, start + 1_000_010 * SECOND);
        assert_eq!(now(), start + 1_000_010 * SECOND);
        assert_eq!(interval.tick().await, start + 1_000_020 * SECOND);
        // Exactly two periods later is in time for the second.
        sleep(20 * SECOND).await;
        assert_eq!(interval.tick().await, start + 1_000_040 * SECOND);
        assert_eq!(now(), start + 1_000_040 * SECOND);
    });
}

#[test]
fn a_tick_that_is_dropped_comes_again() {
    virtually(async {
        let start = now();
        let mut interval = interval(10 * SECOND);
        interval.tick().await;
        assert!(timeout(9 * SECOND, interval.tick()).await.is_err());
        assert_eq!(interval.tick().await, start + 10 * SECOND);
        assert_eq!(now(), start + 10 * SECOND);
    });
}

#[test]
fn a_dropped_tick_is_not_missed() {
    virtually(async {
        let start = now();
        let mut interval = interval(10 * SECOND);
        interval.tick().await;
        sleep(25 * SECOND).await;
        // It waits for the tick at 30, gives up at 29, and comes again at 35.
        assert!(timeout(4 * SECOND, interval.tick()).await.is_err());
        sleep_until(start + 35 * SECOND).await;
        assert_eq!(interval.tick().await, start + 30 * SECOND);
        assert_eq!(now(), start + 35 * SECOND);
    });
}

#[test]
fn a_tick_past_what_a_clock_shows_never_comes() {
    virtually(async {
        let mut interval = interval(Duration::MAX);
        interval.tick().await;
        assert!(timeout(SECOND, interval.tick()).await.is_err());
    });
}

#[test]
fn a_tick_that_is_not_awaited_takes_nothing() {
    virtually(async {
        let start = now();
        let mut interval = interval(SECOND);
        drop(interval.tick());
        assert_eq!(interval.tick().await, start);
        assert!(poll_once(pin!(interval.tick())).await.is_pending());
        assert_eq!(interval.tick().await, start + SECOND);
    });
}

#[test]
#[should_panic(expected = "the period of an interval is more than zero")]
fn a_period_of_zero_is_refused() {
    virtually(async { _ = interval(Duration::ZERO).tick().await });
}
