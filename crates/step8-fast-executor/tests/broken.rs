//! Do the bugs of the example `broken` show? And does the right code next to them do without?

#[path = "../examples/broken/bugs.rs"]
mod bugs;

use bugs::{BUGS, Bug, Build};

/// Runs a bug's program in both builds, and returns the same figure of each.
fn both(name: &str, what: &str) -> [u64; 2] {
    let bug: &Bug = BUGS.iter().find(|bug| bug.name == name).unwrap();
    [Build::Broken, Build::Right].map(|build| {
        let figures = (bug.run)(build);
        figures
            .iter()
            .find(|figure| figure.1 == what)
            .unwrap_or_else(|| panic!("{name} has no {what:?}"))
            .0
    })
}

/// The right code makes do with at most this many, and the broken one needs a hundred times as many.
fn assert_many(name: &str, what: &str, few: u64) {
    let [broken, right] = both(name, what);
    assert!(
        right <= few && broken > 100 * few,
        "{name}: {broken} {what}, and without the bug {right}"
    );
}

#[test]
fn what_spins_is_polled_over_and_over() {
    assert_many("spins-while-idle", "polls", 3);
    assert_many("busy-join", "polls", 5);
}

#[test]
fn what_comes_back_too_soon_waits_over_and_over() {
    let [broken, right] = both("rounded-down", "waits");
    assert!(
        right <= 60 && broken > 10 * right,
        "{broken} and {right} waits"
    );
    assert_many("held-write-interest", "waits", 3);
}

#[test]
fn what_wakes_everyone_polls_everyone() {
    assert_many("wakes-everyone", "polls", 3_002);
}

#[test]
fn what_keeps_timers_keeps_all_of_them() {
    assert_eq!(both("pushed-again", "entries in the heap"), [10_000, 10]);
    assert_many("cancelled-timers", "entries in the heap", 300);
}

#[test]
fn what_serves_the_last_first_starves_the_first() {
    assert_eq!(
        both("lifo-ready-queue", "turns of the first task"),
        [0, 50_000]
    );
    assert_eq!(both("lifo-waiters", "items for the first task"), [0, 100]);
}

#[test]
fn what_looks_at_the_time_only_when_idle_is_late() {
    let [broken, right] = both("starved-timers", "ms until the sleeper of 10 ms goes on");
    assert!(broken >= 200 && right >= 10, "{broken} and {right} ms");
}

#[test]
fn what_returns_early_has_not_waited() {
    let [broken, right] = both("returns-early", "µs until block_on returns");
    assert!(broken < right && right >= 50_000, "{broken} and {right} µs");
}

#[test]
fn what_wakes_the_wrong_one_or_nobody_goes_on_nowhere() {
    assert_eq!(
        both("ignored-waker", "of 1 tasks went on after the bell"),
        [0, 1]
    );
    let [broken, right] = both("unseen-wake", "ms until the message is seen");
    assert!(broken >= 200 && right < 200, "{broken} and {right} ms");
    assert_eq!(
        both(
            "lost-datagram",
            "requests before it gave up and said so; 0 if it never did"
        ),
        [0, 2]
    );
}

#[test]
fn what_stops_at_a_panic_or_at_a_full_queue_loses_the_others() {
    assert_eq!(both("panic-kills-loop", "of 9 others finished"), [1, 9]);
    assert_eq!(both("panic-kills-loop", "joiners were told"), [0, 1]);
    assert_eq!(both("bounded-queue", "tasks ran"), [100, 1_000]);
}

#[test]
fn each_one_has_a_name_of_its_own_and_figures_of_one_kind() {
    for bug in BUGS {
        assert_eq!(
            BUGS.iter().filter(|other| other.name == bug.name).count(),
            1
        );
        assert!(!bug.scene.is_empty());
    }
}
