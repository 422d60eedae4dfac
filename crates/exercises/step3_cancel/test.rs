use super::Timers;

#[test]
fn no_wake_up_is_for_a_cancelled_timer() {
    let mut timers = Timers::default();
    let keys = [50, 10, 30].map(|deadline| timers.push(deadline));
    assert_eq!(
        timers.next_deadline(),
        Some(10),
        "the earliest of 50, 10 and 30"
    );
    timers.cancel(keys[1]);
    assert_eq!(timers.next_deadline(), Some(30), "the one at 10 is gone");
    assert_eq!(
        timers.pop_due(20),
        None,
        "nothing is due at 20: the one at 10 is gone"
    );
    assert_eq!(
        timers.pop_due(60),
        Some(keys[2]),
        "the one at 30 is due first"
    );
    timers.cancel(keys[0]);
    assert_eq!(timers.next_deadline(), None, "no timer waits any more");
    assert_eq!(timers.pop_due(60), None, "the one at 50 was cancelled");
}

#[test]
fn cancelled_timers_do_not_pile_up() {
    let mut timers = Timers::default();
    let first = timers.push(2_000_000);
    for deadline in 0..10_000 {
        let limit = timers.push(1_000_000 + deadline);
        timers.cancel(limit);
        let kept = timers.entries();
        assert!(
            kept <= 2 + 100,
            "one timer waits, so at most 102 may be kept, and {kept} are"
        );
    }
    let deadline = timers.next_deadline();
    assert_eq!(
        deadline,
        Some(2_000_000),
        "all timers before that are cancelled"
    );
    assert_eq!(timers.pop_due(2_000_000), Some(first), "it still waits");
}

#[test]
fn timers_that_wait_are_never_swept() {
    let mut timers = Timers::default();
    let keys: Vec<u64> = (0..1_000).map(|deadline| timers.push(deadline)).collect();
    let (cancelled, kept) = keys.split_at(900);
    for &key in cancelled {
        timers.cancel(key);
    }
    let due: Vec<u64> = std::iter::from_fn(|| timers.pop_due(1_000)).collect();
    assert_eq!(
        due, kept,
        "a timer that was not cancelled is due in its time"
    );
}
