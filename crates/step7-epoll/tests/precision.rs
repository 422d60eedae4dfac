//! When does a wait for a deadline end, and how many system calls does it take? Not early, and in practice one.

#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::time::{Duration, Instant};

use step4_select::{Selector, Until};
use step7_epoll::Epoll;
use watchdog::within_a_minute;

/// Waits for a deadline, and returns how many calls that took, and how long.
fn wait(selector: &mut Epoll, timeout: Duration) -> (u64, Duration) {
    let (calls, start) = (selector.calls(), Instant::now());
    selector
        .wait(Until::Deadline(start + timeout), &mut Vec::new())
        .unwrap();
    (selector.calls() - calls, start.elapsed())
}

#[test]
fn a_deadline_is_never_early() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        for timeout_us in (0..1_500).step_by(7) {
            let timeout = Duration::from_micros(timeout_us) + Duration::from_nanos(timeout_us);
            let (_, elapsed) = wait(&mut selector, timeout);
            assert!(elapsed >= timeout, "early by {:?}", timeout - elapsed);
        }
    });
}

#[test]
fn an_idle_wait_is_one_call() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        // Only where the exact call is refused is there a second one, once.
        assert!(wait(&mut selector, Duration::from_millis(50)).0 <= 2);
        assert_eq!(wait(&mut selector, Duration::from_millis(50)).0, 1);
    });
}

/// Classic bug: "timer rounded down to 0 ms".
#[test]
fn timer_rounded_down_to_0_ms() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        wait(&mut selector, Duration::ZERO);
        for timeout_us in [1, 300, 999, 1_001, 10_900] {
            assert_eq!(
                wait(&mut selector, Duration::from_micros(timeout_us)).0,
                1,
                "{timeout_us} µs"
            );
        }
    });
}

#[test]
fn a_deadline_is_not_rounded_up_to_milliseconds() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        if wait(&mut selector, Duration::ZERO).0 > 1 {
            eprintln!("skipped: the system lacks epoll_pwait2");
            return;
        }
        let tries = (0..1_000).map(|_| wait(&mut selector, Duration::from_micros(50)).1);
        // The best of many, because any of them may be disturbed.
        assert!(tries.min().unwrap() < Duration::from_millis(1));
    });
}

#[test]
fn a_wait_for_what_has_come_is_one_call() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        wait(&mut selector, Duration::ZERO);
        let before = selector.calls();
        selector.wait(Until::Now, &mut Vec::new()).unwrap();
        selector.notifier().notify();
        selector.wait(Until::Event, &mut Vec::new()).unwrap();
        assert_eq!(selector.calls() - before, 2);
    });
}

#[test]
fn a_deadline_beyond_all_time_is_waited_for() {
    within_a_minute(|| {
        let mut selector = Epoll::new().unwrap();
        selector.notifier().notify();
        let far = Instant::now() + Duration::from_secs(u64::from(u32::MAX) * 10);
        selector
            .wait(Until::Deadline(far), &mut Vec::new())
            .unwrap();
    });
}
