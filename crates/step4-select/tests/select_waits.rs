//! How many system calls does a wait cost?

#[path = "support/watchdog.rs"]
mod watchdog;

use std::time::{Duration, Instant};
use step4_select::{Select, Selector, Until};

fn calls_until(until: Until) -> u64 {
    let mut selector = Select::new().unwrap();
    selector.wait(until, &mut Vec::new()).unwrap();
    selector.calls()
}

fn calls_for(timeout: Duration) -> u64 {
    calls_until(Until::Deadline(Instant::now() + timeout))
}

#[test]
fn an_idle_wait_is_one_call() {
    watchdog::within_a_minute(|| {
        assert_eq!(calls_for(Duration::from_millis(50)), 1);
    });
}

#[test]
fn timer_rounded_down_to_0_ms() {
    watchdog::within_a_minute(|| {
        // One call that waits, and at most one more for a rest that is shorter than the unit of the timeout.
        let calls = calls_for(Duration::from_micros(10_900));
        assert!(calls <= 2, "{calls} calls");
    });
}

#[test]
fn a_wait_for_what_has_come_is_one_call() {
    watchdog::within_a_minute(|| {
        assert_eq!(calls_until(Until::Now), 1);
        assert_eq!(calls_until(Until::Deadline(Instant::now())), 1);
    });
}

#[test]
fn a_notification_costs_one_call() {
    watchdog::within_a_minute(|| {
        let mut selector = Select::new().unwrap();
        for _ in 0..1_000 {
            selector.notifier().notify();
        }
        selector.wait(Until::Event, &mut Vec::new()).unwrap();
        assert_eq!(selector.calls(), 1);
    });
}
