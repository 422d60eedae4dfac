//! How often does an executor wake up for its timers?

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, now, sleep, sleep_until, spawn};
use testing::selectors::Counts;
use testing::watchdog::within_a_minute;

use crate::support::{MS, SECOND, counted};

/// Runs `main` at that resolution, and returns what was counted.
fn run(resolution: Duration, main: impl AsyncFnOnce()) -> Counts {
    let (executor, counts) = counted();
    executor.with_timer_resolution(resolution).block_on(main());
    counts
}

/// How often the executor waited for a deadline.
fn wake_ups(counts: &Counts) -> u32 {
    let waits = counts.waits();
    let is_wait = |timeout: &&Option<Duration>| timeout.is_some_and(|timeout| !timeout.is_zero());
    waits.iter().filter(is_wait).count() as u32
}

/// Whether a wait was to end at a deadline. The counting selector sees the wait a moment late.
fn is_for(deadline: Instant, end: &Option<Instant>) -> bool {
    end.is_some_and(|end| deadline <= end && end < deadline + 10_000 * MS)
}

/// Longer than any delay of a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// Classic bug: Timer rounded down to 0 ms
#[test]
fn short_sleep_is_one_wait() {
    let start = Instant::now();
    let delay = Duration::from_micros(10_900);
    let counts = run(Executor::RESOLUTION, async move || sleep(delay).await);
    assert!(start.elapsed() >= delay);
    assert!(counts.looks() <= 1, "{:?}", counts.waits());
    assert!(counts.waits().len() <= 2, "{:?}", counts.waits());
}

#[test]
fn many_timers_in_a_row_share_wake_ups() {
    within_a_minute(|| {
        let resolution = 10 * MS;
        let start = Instant::now();
        let counts = run(resolution, async || {
            let sleepers = (0..1_000).map(|i| {
                spawn(async move {
                    let delay = Duration::from_micros(50 * i);
                    sleep_until(start + delay).await;
                    assert!(start.elapsed() >= delay);
                })
            });
            for sleeper in sleepers.collect::<Vec<_>>() {
                sleeper.await.unwrap();
            }
        });
        // As many as fit into the time that it took, which is about 50 ms, and one more at each
        // end.
        let most = start.elapsed().div_duration_f64(resolution) as u32 + 2;
        assert!(
            wake_ups(&counts) <= most,
            "{} wake-ups, {most} at most",
            wake_ups(&counts)
        );
    });
}

/// Promise (time): A timer is not delayed unless another is due soon after it.
#[test]
fn a_timer_that_is_alone_is_not_delayed() {
    let deadline = Instant::now() + 10 * MS;
    let counts = run(LONG, async move || sleep_until(deadline).await);
    let ends = counts.ends();
    assert!(ends.iter().all(|end| is_for(deadline, end)), "{ends:?}");
}

#[test]
fn timers_one_after_another_are_not_delayed() {
    let deadlines: Vec<_> = (1..=5).map(|i| Instant::now() + i * 10 * MS).collect();
    let counts = run(LONG, async || {
        for deadline in &deadlines {
            sleep_until(*deadline).await;
        }
    });
    let ends = counts.ends();
    assert!(ends.iter().all(|end| is_for(deadlines[0], end)), "{ends:?}");
}

#[test]
fn next_wake_up_is_no_sooner_than_the_resolution() {
    within_a_minute(|| while !shares_a_wake_up() {});
}

/// Sleeps for a moment after a wake-up, while another timer is due soon, and asserts that they
/// share a wake-up. Returns false if the machine was too busy to find out: the other one was over
/// first.
fn shares_a_wake_up() -> bool {
    let first = Instant::now() + 10 * MS;
    let is_over = Rc::new(Cell::new(false));
    let (other, seen) = (is_over.clone(), is_over.clone());
    let counts = run(20 * MS, async move || {
        drop(spawn(async move {
            sleep_until(first + 15 * MS).await;
            other.set(true);
        }));
        sleep_until(first).await;
        sleep(MS).await;
        assert!(seen.get() || first.elapsed() >= 20 * MS);
    });
    let ends = counts.ends();
    let last = ends.last().copied().flatten();
    let is_late = last.is_some_and(|end| end >= first + 20 * MS);
    assert!(is_over.get() || is_late, "{ends:?}");
    !is_over.get()
}

/// There is nothing to share a wake-up with: the other timer is due much later.
///
/// Promise (time): A timer is not delayed unless another is due soon after it.
#[test]
fn a_far_timer_does_not_delay_a_near_one() {
    let deadlines: Vec<_> = (1..=5).map(|i| Instant::now() + i * 10 * MS).collect();
    let counts = run(LONG, async || {
        drop(spawn(sleep(5 * LONG)));
        for deadline in &deadlines {
            sleep_until(*deadline).await;
        }
    });
    let ends = counts.ends();
    assert!(ends.iter().all(|end| is_for(deadlines[0], end)), "{ends:?}");
}

/// The sleep was made before the last wake-up, and was due by then.
#[test]
fn sleep_due_at_its_first_poll_is_not_delayed() {
    for delay in [Duration::ZERO, MS] {
        let start = Instant::now();
        let counts = run(LONG, async move || {
            let kept = sleep(delay);
            sleep(2 * MS).await;
            kept.await;
        });
        let ends = counts.ends();
        assert!(ends.iter().all(|end| is_for(start, end)), "{ends:?}");
    }
}

/// A second timer is due soon as well, so there would be something to share a wake-up with.
#[test]
fn zero_wakes_for_each_at_its_deadline() {
    let late = |resolution, count| {
        let deadlines = RefCell::new(vec![]);
        let counts = run(resolution, async || {
            for _ in 0..count {
                let deadline = Instant::now() + Duration::from_micros(200);
                drop(spawn(sleep_until(deadline + MS)));
                deadlines.borrow_mut().push(deadline);
                sleep_until(deadline).await;
                assert!(Instant::now() >= deadline);
            }
        });
        let ends = counts.ends();
        let late = deadlines.into_inner().into_iter().map(|deadline| {
            let end = ends.iter().flatten().find(|end| **end >= deadline);
            end.map_or(Duration::MAX, |end| *end - deadline)
        });
        // Before the first one there was no wake-up.
        late.skip(1).collect::<Vec<_>>()
    };
    // A busy machine makes some late, but not all.
    assert!(late(Duration::ZERO, 100).into_iter().min().unwrap() < MS);
    assert!(late(40 * MS, 5).into_iter().max().unwrap() > 20 * MS);
}

/// Nothing may hold back a timer that is due, however few wake-ups a second there should be.
#[test]
fn zero_sleep_is_not_coalesced() {
    within_a_minute(|| {
        let start = Instant::now();
        let executor = Executor::new().unwrap().with_timer_resolution(30 * SECOND);
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
fn it_makes_no_difference_to_virtual_time() {
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_timer_resolution(3_600 * SECOND);
    executor.block_on(async {
        let start = now();
        for i in 1..=3 {
            sleep(SECOND).await;
            assert_eq!(now() - start, i * SECOND);
        }
    });
}
