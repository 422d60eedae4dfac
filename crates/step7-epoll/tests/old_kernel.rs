//! What if the kernel is older than `epoll_pwait2`, or a container forbids it? Then `epoll_wait` serves for good, and
//! keeps the same promises.

#[path = "../../step4-select/tests/support/conformance.rs"]
mod conformance;
#[path = "support/unsafe_old_kernel.rs"]
mod old_kernel;

use std::thread;
use std::time::{Duration, Instant};

use old_kernel::{ENOSYS, EPERM, refuse_epoll_pwait2};
use step4_select::{Selector, Until};
use step7_epoll::Epoll;

/// Makes a selector on an old kernel. Each test calls this on its own thread.
fn make() -> Box<dyn Selector> {
    if !refuse_epoll_pwait2(ENOSYS) {
        eprintln!("the system allows no filter, so this runs on the kernel as it is");
    }
    Box::new(Epoll::new().unwrap())
}

conformance::tests!(make);

/// Waits for a deadline, and returns how many calls that took.
fn calls_for(selector: &mut Epoll, timeout: Duration) -> u64 {
    let before = selector.calls();
    let deadline = Instant::now() + timeout;
    selector
        .wait(Until::Deadline(deadline), &mut Vec::new())
        .unwrap();
    assert!(Instant::now() >= deadline);
    selector.calls() - before
}

/// Runs `body` with a fresh selector where that call is refused with this error.
fn on_old_kernel(error: u32, body: fn(Epoll)) {
    let test = move || match refuse_epoll_pwait2(error) {
        true => body(Epoll::new().unwrap()),
        false => eprintln!("skipped: the system allows no filter"),
    };
    thread::spawn(test).join().unwrap();
}

fn is_asked_once_and_never_again(mut selector: Epoll) {
    // The exact call is tried, and refused.
    assert_eq!(calls_for(&mut selector, Duration::from_millis(5)), 2);
    assert_eq!(calls_for(&mut selector, Duration::from_millis(5)), 1);
}

#[test]
fn a_kernel_without_the_exact_call_is_asked_once_and_never_again() {
    on_old_kernel(ENOSYS, is_asked_once_and_never_again);
}

#[test]
fn a_filter_that_forbids_the_exact_call_is_asked_once_and_never_again() {
    on_old_kernel(EPERM, is_asked_once_and_never_again);
}

/// Classic bug: "timer rounded down to 0 ms".
#[test]
fn timer_rounded_down_to_0_ms() {
    on_old_kernel(ENOSYS, |mut selector| {
        calls_for(&mut selector, Duration::ZERO);
        for timeout_us in [1, 300, 999, 1_001, 10_900] {
            assert_eq!(
                calls_for(&mut selector, Duration::from_micros(timeout_us)),
                1,
                "{timeout_us} µs"
            );
        }
    });
}
