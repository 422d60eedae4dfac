//! What do the two clocks show, and how do they wait?

use std::time::{Duration, Instant};

use step3_sleeping_heap::Clock;

/// Promise (time): The virtual clock moves only when all tasks wait, and then exactly to the next
/// deadline; while it is held it stands still.
#[test]
fn a_virtual_clock_jumps_exactly_and_never_back() {
    let clock = Clock::virtual_time();
    let start = clock.now();
    let hour = Duration::from_secs(3_600);
    clock.wait_until(start + hour);
    assert_eq!(clock.now(), start + hour);
    clock.wait_until(start);
    assert_eq!(clock.now(), start + hour);
}

#[test]
fn clones_of_a_virtual_clock_are_the_same_clock() {
    let clock = Clock::virtual_time();
    let clone = clock.clone();
    clock.wait_until(clock.now() + Duration::from_secs(1));
    assert_eq!(clone.now(), clock.now());
    assert!(clone.is_virtual() && !Clock::real_time().is_virtual());
}

#[test]
fn a_virtual_clock_stands_still_by_itself() {
    let clock = Clock::virtual_time();
    let start = clock.now();
    std::thread::sleep(Duration::from_millis(1));
    assert_eq!(clock.now(), start);
}

#[test]
fn the_real_clock_never_ends_a_wait_early() {
    let clock = Clock::real_time();
    for micros in [0, 1, 100, 999, 1_500, 10_900] {
        let deadline = Instant::now() + Duration::from_micros(micros);
        clock.wait_until(deadline);
        assert!(clock.now() >= deadline);
        clock.wait_until(deadline);
    }
}
