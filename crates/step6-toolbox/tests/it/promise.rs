//! Does a result given by hand arrive, from any thread, and is it an error, not a hang, when it
//! does not come?

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use step5_executor::{Executor, hold_clock, now, sleep, timeout};
use step6_toolbox::{BrokenPromise, Promise, Promised, promise};
use testing::foreign;
use testing::watchdog::within_a_minute;

use crate::by_hand::ByHand;

#[test]
fn the_result_arrives() {
    let (promise, promised) = promise();
    let mut promised = ByHand::waiting(promised);
    assert_eq!(promise.complete(7), Ok(()));
    assert_eq!(promised.wakes(), 1);
    assert_eq!(promised.ready(), Ok(7));
}

#[test]
fn a_result_that_is_there_is_ready_at_once() {
    let (promise, promised) = promise();
    promise.complete(7).unwrap();
    assert_eq!(foreign::block_on(promised), Ok(7));
}

#[test]
fn a_dropped_promise_is_an_error() {
    let (promise, promised) = promise::<i32>();
    let mut promised = ByHand::waiting(promised);
    drop(promise);
    assert_eq!(promised.wakes(), 1);
    assert_eq!(promised.ready(), Err(BrokenPromise));
    assert_eq!(
        BrokenPromise.to_string(),
        "the promise was dropped without a result"
    );
}

#[test]
fn a_thread_that_panics_breaks_its_promise() {
    let (promise, promised) = promise::<i32>();
    let thread = thread::spawn(move || {
        let _promise = promise;
        panic!("before it has a result");
    });
    assert_eq!(foreign::block_on(promised), Err(BrokenPromise));
    assert!(thread.join().is_err());
}

#[test]
fn it_may_be_kept_by_another_thread() {
    for _ in 0..1_000 {
        let (promise, promised) = promise();
        let thread = thread::spawn(move || promise.complete(String::from("done")).unwrap());
        assert_eq!(foreign::block_on(promised).unwrap(), "done");
        thread.join().unwrap();
    }
}

/// At each point of the race, either the result arrives or it comes back, never both or neither.
#[test]
fn while_one_thread_completes_another_cancels() {
    let token = std::sync::Arc::new(());
    for _ in 0..1_000 {
        let (promise, mut promised) = promise();
        let value = token.clone();
        let thread = thread::spawn(move || promise.complete(value).is_ok());
        let taken = promised.try_take();
        drop(promised);
        let is_kept = thread.join().unwrap();
        assert!(is_kept || taken.is_none());
    }
    assert_eq!(std::sync::Arc::strong_count(&token), 1);
}

#[test]
fn a_held_clock_waits_for_the_thread() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        let (promise, promised) = promise();
        let hold = hold_clock();
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            promise.complete(7).unwrap();
            drop(hold);
        });
        // On the clock no time passes, so an hour is never over first.
        assert_eq!(
            timeout(Duration::from_secs(3600), promised).await,
            Ok(Ok(7))
        );
        assert_eq!(now(), start);
        sleep(Duration::from_secs(1)).await;
        thread.join().unwrap();
    });
}

// --- Its state ---

#[test]
fn its_state_is_asked_before_and_after() {
    let (promise, mut promised) = promise();
    assert!(!promised.is_complete() && !promise.is_cancelled());
    assert_eq!(promised.try_take(), None);
    promise.complete(7).unwrap();
    assert!(promised.is_complete());
    assert_eq!(promised.try_take(), Some(Ok(7)));
    assert!(promised.is_complete());
    assert_eq!(promised.try_take(), None);

    let (promise, mut promised) = step6_toolbox::promise::<i32>();
    drop(promise);
    assert!(promised.is_complete());
    assert_eq!(promised.try_take(), Some(Err(BrokenPromise)));
}

#[test]
fn debug_shows_the_state_of_a_promise() {
    let (promise, promised) = promise::<&str>();
    assert_eq!(
        format!("{promise:?} {promised:?}"),
        "Promise(pending) Promised(pending)"
    );
    promise.complete("done").unwrap();
    assert_eq!(format!("{promised:?}"), r#"Promised(finished: "done")"#);
    // Showing it does not take it.
    let mut promised = promised;
    assert_eq!(foreign::block_on(&mut promised), Ok("done"));
    assert_eq!(format!("{promised:?}"), "Promised(finished)");

    let (promise, promised) = step6_toolbox::promise::<i32>();
    drop(promise);
    assert_eq!(format!("{promised:?}"), "Promised(broken)");

    let (promise, promised) = step6_toolbox::promise::<i32>();
    drop(promised);
    assert_eq!(format!("{promise:?}"), "Promise(cancelled)");
}

#[test]
fn a_result_may_panic_when_shown() {
    struct Shy;
    impl fmt::Debug for Shy {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("not to be shown");
        }
    }
    let (promise, mut promised) = promise();
    assert!(promise.complete(Shy).is_ok());
    assert!(catch_unwind(AssertUnwindSafe(|| format!("{promised:?}"))).is_err());
    assert!(matches!(promised.try_take(), Some(Ok(Shy))));
}

#[test]
fn polled_after_its_end_it_panics() {
    let (promise, promised) = promise();
    let mut promised = ByHand::new(promised);
    promise.complete(7).unwrap();
    assert_eq!(promised.ready(), Ok(7));
    assert!(catch_unwind(AssertUnwindSafe(|| _ = promised.poll())).is_err());
}

// --- Cancelling ---

#[test]
fn completing_a_cancelled_promise_returns_it() {
    let (promise, promised) = promise();
    drop(ByHand::waiting(promised));
    assert!(promise.is_cancelled());
    assert_eq!(
        promise.complete(String::from("mine")),
        Err(String::from("mine"))
    );
}

#[test]
fn a_promise_can_wait_for_cancellation() {
    let (mut promise, promised) = promise::<i32>();
    // Dropping that wait changes nothing.
    drop(ByHand::waiting(promise.cancelled()));
    let mut cancelled = ByHand::waiting(promise.cancelled());
    assert!(cancelled.poll_with_another_waker().is_pending());
    drop(promised);
    assert_eq!(cancelled.wakes(), 1);
    cancelled.ready();
    drop(cancelled);
    ByHand::new(promise.cancelled()).ready();
}

#[test]
fn a_timeout_around_a_reference_loses_nothing() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let (promise, mut promised) = promise();
        assert!(
            timeout(Duration::from_secs(1), &mut promised)
                .await
                .is_err()
        );
        assert!(!promise.is_cancelled());
        promise.complete(7).unwrap();
        assert_eq!(promised.await, Ok(7));
    });
}

#[test]
fn a_result_left_is_dropped_once() {
    let token = Rc::new(());
    let (promise, promised) = promise();
    promise.complete(token.clone()).unwrap();
    assert_eq!(Rc::strong_count(&token), 2);
    drop(promised);
    assert_eq!(Rc::strong_count(&token), 1);
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let (promise, promised) = promise();
    let mut promised = ByHand::waiting(promised);
    assert!(promised.poll_with_another_waker().is_pending());
    promise.complete(7).unwrap();
    assert_eq!(promised.wakes(), 1);
}

// --- User code ---

#[test]
fn both_ends_are_send_if_the_value_is() {
    fn is_send<T: Send>() {}
    is_send::<Promise<i32>>();
    is_send::<Promised<i32>>();
}

/// Under the lock this would hang: both ends are asked when a waker is woken, replaced and dropped.
#[test]
fn a_waker_may_use_the_promise() {
    thread_local!(static PROMISE: RefCell<Option<Promise<i32>>> = RefCell::default());
    thread_local!(static PROMISED: RefCell<Option<Promised<i32>>> = RefCell::default());
    thread_local!(static ASKED: Cell<usize> = const { Cell::new(0) });
    fn ask() {
        ASKED.set(ASKED.get() + 1);
        // While one is used it is not in its place.
        PROMISE.with_borrow(|promise| promise.as_ref().map(Promise::is_cancelled));
        PROMISED.with_borrow(|promised| promised.as_ref().map(Promised::is_complete));
    }
    fn poll() -> Poll<Result<i32, BrokenPromise>> {
        let mut promised = PROMISED.take().unwrap();
        let waker = foreign::waker_of(ask, ask);
        let polled = Pin::new(&mut promised).poll(&mut Context::from_waker(&waker));
        PROMISED.set(Some(promised));
        polled
    }
    fn both() {
        let (promise, promised) = promise();
        PROMISE.set(Some(promise));
        PROMISED.set(Some(promised));
        assert_eq!((poll(), poll()), (Poll::Pending, Poll::Pending));
    }
    within_a_minute(|| {
        both();
        assert_eq!(ASKED.get(), 1, "the first waker was replaced");
        PROMISE.take().unwrap().complete(7).unwrap();
        assert_eq!(ASKED.get(), 3, "the second was woken and dropped");
        assert_eq!(poll(), Poll::Ready(Ok(7)));

        ASKED.set(0);
        both();
        drop(PROMISED.take());
        assert_eq!(ASKED.get(), 2, "the second was dropped");

        // And who waits for that.
        let (mut promise, promised) = promise();
        PROMISED.set(Some(promised));
        ASKED.set(0);
        for waker in [foreign::waker_of(ask, ask), foreign::waker_of(ask, ask)] {
            assert!(
                pin!(promise.cancelled())
                    .poll(&mut Context::from_waker(&waker))
                    .is_pending()
            );
        }
        assert_eq!(ASKED.get(), 2, "both were dropped");
    });
}

#[test]
fn a_value_may_drop_another_promise() {
    /// A chain: each one's drop breaks the next.
    struct Link(#[expect(dead_code, reason = "held to be dropped")] Option<Promise<Link>>);
    let (first, promised) = promise::<Link>();
    let (second, mut end) = promise::<Link>();
    assert!(first.complete(Link(Some(second))).is_ok());
    drop(promised);
    assert!(matches!(end.try_take(), Some(Err(BrokenPromise))));
}
