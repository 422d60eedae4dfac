use std::cell::Cell;
use std::future::{pending, ready};
use std::rc::Rc;
use std::time::Duration;

use step5_executor::{Executor, now, sleep};

use super::{First, first_of};

/// Returns its name after some seconds. Counts how often it is dropped before that.
async fn nap(seconds: u64, given_up: &Rc<Cell<u32>>) -> u64 {
    struct Guard(Rc<Cell<u32>>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let guard = Guard(given_up.clone());
    sleep(Duration::from_secs(seconds)).await;
    std::mem::forget(guard);
    seconds
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let (start, given_up) = (now(), Rc::default());
        let seconds = || (now() - start).as_secs();

        assert_eq!(
            first_of(nap(3, &given_up), nap(1, &given_up)).await,
            First::Other(1)
        );
        assert_eq!(seconds(), 1, "it does not wait for the slower one");
        assert_eq!(given_up.get(), 1, "which is dropped");

        assert_eq!(
            first_of(nap(1, &given_up), nap(3, &given_up)).await,
            First::One(1)
        );
        assert_eq!((seconds(), given_up.get()), (2, 2));

        assert_eq!(
            first_of(ready(7), ready(8)).await,
            First::One(7),
            "both are ready: it is the first one"
        );
        assert_eq!(
            first_of(pending::<()>(), nap(1, &given_up)).await,
            First::Other(1)
        );
        assert_eq!((seconds(), given_up.get()), (3, 2));

        // It is a future itself, so it composes.
        let nested = first_of(
            first_of(nap(9, &given_up), nap(8, &given_up)),
            nap(7, &given_up),
        );
        assert_eq!(nested.await, First::Other(7));
        assert_eq!((seconds(), given_up.get()), (10, 4));
    });
}
