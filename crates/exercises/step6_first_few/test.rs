use std::cell::Cell;
use std::time::Duration;

use step5_executor::{Executor, now, sleep};

use super::first_few;

/// Counts the naps that are dropped before their end.
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

/// Passes when the exercise is solved.
pub(crate) fn check() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let (start, given_up) = (now(), Cell::new(0));
        let seconds = || (now() - start).as_secs();
        let naps = |all: &[u64]| {
            all.iter()
                .map(|seconds| nap(*seconds, &given_up))
                .collect::<Vec<_>>()
        };

        assert_eq!(
            first_few(3, naps(&[5, 1, 4, 2, 3])).await,
            [1, 2, 3],
            "the first three, as they came"
        );
        assert_eq!(seconds(), 3, "it does not wait for the others");
        assert_eq!(given_up.get(), 2, "which are dropped");

        assert_eq!(
            first_few(3, naps(&[2, 1])).await,
            [1, 2],
            "there are no more"
        );
        assert_eq!((seconds(), given_up.get()), (5, 2));

        assert!(first_few(0, naps(&[1])).await.is_empty());
        assert_eq!(
            seconds(),
            5,
            "none is enough, so there is nothing to wait for"
        );
    });
}
