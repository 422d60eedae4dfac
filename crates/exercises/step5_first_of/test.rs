use std::cell::Cell;
use std::future::{pending, ready};
use std::time::Duration;

use step5_executor::{Executor, now, sleep};

use super::{First, first_of};

/// Counts when it is dropped.
struct Guard<'a>(&'a Cell<u32>);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// Returns its number after as many seconds. Counts in `given_up` if it is dropped before that.
async fn nap(seconds: u64, given_up: &Cell<u32>) -> u64 {
    let guard = Guard(given_up);
    sleep(Duration::from_secs(seconds)).await;
    std::mem::forget(guard);
    seconds
}

/// Runs a test on the virtual clock, and returns how many seconds it took.
fn seconds(test: impl AsyncFnOnce()) -> u64 {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        test().await;
        (now() - start).as_secs()
    })
}

#[test]
fn it_does_not_wait_for_the_slower_one() {
    let given_up = Cell::new(0);
    let took = seconds(async || {
        let first = first_of(nap(3, &given_up), nap(1, &given_up)).await;
        assert_eq!(
            first,
            First::Other(1),
            "of three seconds and one, the second nap is the shorter"
        );
    });
    assert_eq!(took, 1, "it ends with the shorter nap, after a second");
    assert_eq!(given_up.get(), 1, "the longer nap is dropped, not awaited");
}

#[test]
fn the_first_one_may_be_the_first() {
    let given_up = Cell::new(0);
    let took = seconds(async || {
        let first = first_of(nap(1, &given_up), nap(3, &given_up)).await;
        assert_eq!(
            first,
            First::One(1),
            "of one second and three, the first nap is the shorter"
        );
    });
    assert_eq!(took, 1, "it ends with the shorter nap, after a second");
    assert_eq!(given_up.get(), 1, "the longer nap is dropped, not awaited");
}

#[test]
fn of_two_that_are_ready_it_is_the_first() {
    seconds(async || {
        let first = first_of(ready(7), ready(8)).await;
        assert_eq!(
            first,
            First::One(7),
            "both are ready at the first poll: the first one counts"
        );
    });
}

#[test]
fn one_may_never_be_ready() {
    let given_up = Cell::new(0);
    seconds(async || {
        let first = first_of(pending::<()>(), nap(1, &given_up)).await;
        assert_eq!(
            first,
            First::Other(1),
            "the first one is never ready, and must not be waited for"
        );
    });
}

#[test]
fn it_is_a_future_so_it_composes() {
    let given_up = Cell::new(0);
    let took = seconds(async || {
        let inner = first_of(nap(9, &given_up), nap(8, &given_up));
        let first = first_of(inner, nap(7, &given_up)).await;
        assert_eq!(
            first,
            First::Other(7),
            "the nap of 7 seconds ends before those of 8 and 9"
        );
    });
    assert_eq!(
        took, 7,
        "it ends with the shortest nap, after seven seconds"
    );
    assert_eq!(given_up.get(), 2, "both longer naps are dropped");
}
