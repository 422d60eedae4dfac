use std::cell::Cell;
use std::time::Duration;

use step5_executor::{Executor, now, sleep};

use super::first_few;

/// Counts a nap that is dropped before its end.
struct GivenUp<'a>(&'a Cell<u32>, bool);

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + u32::from(!self.1));
    }
}

async fn nap(seconds: u64, given_up: &Cell<u32>) -> u64 {
    let mut guard = GivenUp(given_up, false);
    sleep(Duration::from_secs(seconds)).await;
    guard.1 = true;
    seconds
}

/// Returns the first few of some naps, how many seconds that took, and how many were given up.
fn first_naps(count: usize, naps: &[u64]) -> (Vec<u64>, u64, u32) {
    Executor::with_virtual_time().unwrap().block_on(async {
        let (start, given_up) = (now(), Cell::new(0));
        let naps = naps.iter().map(|seconds| nap(*seconds, &given_up));
        let outputs = first_few(count, naps.collect()).await;
        (outputs, (now() - start).as_secs(), given_up.get())
    })
}

#[test]
fn the_first_come_as_they_are_ready() {
    let (outputs, ..) = first_naps(3, &[5, 1, 4, 2, 3]);
    assert_eq!(
        outputs,
        [1, 2, 3],
        "the three shortest of five naps, in the order of their ends"
    );
}

#[test]
fn the_others_are_dropped_and_not_waited_for() {
    let (_, seconds, given_up) = first_naps(3, &[5, 1, 4, 2, 3]);
    assert_eq!(
        seconds, 3,
        "the third nap ends after three seconds, and no other is waited for"
    );
    assert_eq!(given_up, 2, "the two longest naps are dropped");
}

#[test]
fn if_there_are_fewer_it_is_all() {
    let (outputs, seconds, given_up) = first_naps(3, &[2, 1]);
    assert_eq!(outputs, [1, 2], "of two naps the first three are both");
    assert_eq!((seconds, given_up), (2, 0), "seconds, and dropped naps");
}

#[test]
fn for_none_there_is_no_wait() {
    let (outputs, seconds, _) = first_naps(0, &[1]);
    assert_eq!(outputs, [0; 0], "none was asked for");
    assert_eq!(seconds, 0, "there is nothing to wait for");
}
