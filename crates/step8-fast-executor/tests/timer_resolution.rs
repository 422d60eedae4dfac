//! How often does an executor wake up for its timers?

#[path = "../../step4-select/tests/support/counting.rs"]
mod counting;
#[path = "support/net_run.rs"]
mod net_run;

use std::cell::RefCell;
use std::time::{Duration, Instant};

use counting::{Counting, Counts};
use net_run::{MS, on_select as executor, within_a_minute};
use step4_select::Until;
use step8_fast_executor::{Executor, sleep, sleep_until, spawn};

/// Runs `main` at that resolution, and returns what was counted.
fn run(resolution: Duration, main: impl AsyncFnOnce()) -> Counts {
    let (selector, counts) = Counting::new();
    Executor::with_selector(selector)
        .unwrap()
        .with_timer_resolution(resolution)
        .block_on(main());
    counts
}

/// How often the executor waited for a deadline.
fn wake_ups(counts: &Counts) -> u32 {
    counts
        .waits()
        .iter()
        .filter(|until| matches!(until, Until::Deadline(_)))
        .count() as u32
}

/// Classic bug: "timer rounded down to 0 ms".
#[test]
fn timer_rounded_down_to_0_ms() {
    let start = Instant::now();
    let delay = Duration::from_micros(10_900);
    let counts = run(Executor::RESOLUTION, async move || sleep(delay).await);
    assert!(start.elapsed() >= delay);
    assert!(counts.zero_waits() <= 1, "{:?}", counts.waits());
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
        // As many as fit into the time that it took, which is about 50 ms, and one more at each end.
        let most = start.elapsed().div_duration_f64(resolution) as u32 + 2;
        assert!(
            wake_ups(&counts) <= most,
            "{} wake-ups, {most} at most",
            wake_ups(&counts)
        );
    });
}

#[test]
fn a_timer_that_is_alone_is_not_delayed() {
    let deadline = Instant::now() + 10 * MS;
    let counts = run(1_000 * MS, async move || sleep_until(deadline).await);
    assert!(
        counts
            .waits()
            .iter()
            .all(|until| *until == Until::Deadline(deadline)),
        "{:?}",
        counts.waits()
    );
}

#[test]
fn one_timer_after_the_other_is_not_delayed_either() {
    let deadlines: Vec<_> = (1..=5).map(|i| Instant::now() + i * 10 * MS).collect();
    let counts = run(1_000 * MS, async || {
        for deadline in &deadlines {
            sleep_until(*deadline).await;
        }
    });
    let is_exact =
        |until: &Until| matches!(until, Until::Deadline(deadline) if deadlines.contains(deadline));
    assert!(counts.waits().iter().all(is_exact), "{:?}", counts.waits());
}

#[test]
fn after_a_wake_up_the_next_is_no_sooner_than_the_resolution() {
    let first = Instant::now() + 10 * MS;
    let counts = run(20 * MS, async move || {
        drop(spawn(sleep(1_000 * MS)));
        sleep_until(first).await;
        sleep(MS).await;
        assert!(first.elapsed() >= 20 * MS);
    });
    let last = counts.waits().pop();
    assert!(
        matches!(last, Some(Until::Deadline(deadline)) if deadline >= first + 20 * MS),
        "{:?}",
        counts.waits()
    );
}

/// The sleep was made before the last wake-up, and was due by then.
#[test]
fn a_sleep_that_is_due_when_it_is_first_polled_is_not_delayed() {
    for delay in [Duration::ZERO, MS] {
        let start = Instant::now();
        let counts = run(1_000 * MS, async move || {
            let kept = sleep(delay);
            sleep(2 * MS).await;
            kept.await;
        });
        let is_undelayed =
            |until: &Until| matches!(until, Until::Deadline(due) if *due < start + 1_000 * MS);
        assert!(
            counts.waits().iter().all(is_undelayed),
            "{:?}",
            counts.waits()
        );
    }
}

#[test]
fn zero_wakes_for_each_at_its_deadline() {
    let asked = RefCell::new(vec![]);
    let counts = run(Duration::ZERO, async || {
        for _ in 0..100 {
            let deadline = Instant::now() + Duration::from_micros(200);
            asked.borrow_mut().push(Until::Deadline(deadline));
            sleep_until(deadline).await;
            assert!(Instant::now() >= deadline);
        }
    });
    assert_eq!(counts.waits(), asked.take());
}
