use super::Timers;

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let mut timers = Timers::default();
    let keys = [50, 10, 30].map(|deadline| timers.push(deadline));
    assert_eq!(timers.next_deadline(), Some(10));
    timers.cancel(keys[1]);
    assert_eq!(
        timers.next_deadline(),
        Some(30),
        "the one at 10 is gone, so nobody wakes up for it"
    );
    assert_eq!(timers.pop_due(20), None);
    assert_eq!(timers.pop_due(60), Some(keys[2]));
    timers.cancel(keys[0]);
    assert_eq!(timers.next_deadline(), None);
    assert_eq!(timers.pop_due(60), None);

    let mut timers = Timers::default();
    let first = timers.push(2_000_000);
    for deadline in 0..10_000 {
        let limit = timers.push(1_000_000 + deadline);
        timers.cancel(limit);
        assert!(
            timers.entries() <= 2 + 100,
            "one waits, and {} are kept",
            timers.entries()
        );
    }
    assert_eq!(timers.next_deadline(), Some(2_000_000));
    assert_eq!(
        timers.pop_due(2_000_000),
        Some(first),
        "those that wait are still there"
    );
}
