//! How do two futures run at once in one task?

use std::future::{pending, poll_fn, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use step5_executor::yield_now;
use step6_toolbox::join;
use testing::foreign;
use testing::gate::Gate;
use testing::log::Log;
use testing::panic_message;

#[test]
fn both_outputs_are_returned() {
    assert_eq!(foreign::block_on(join(ready(1), ready("two"))), (1, "two"));
    assert_eq!(
        foreign::block_on(join(async { yield_now().await }, ready("two"))),
        ((), "two")
    );
}

#[test]
fn the_first_is_polled_first() {
    let log = Log::default();
    let step = async |name: &str| {
        for i in 1..=2 {
            log.add(format!("{name}{i}"));
            yield_now().await;
        }
    };
    foreign::block_on(join(step("a"), step("b")));
    assert_eq!(log.take(), ["a1", "b1", "a2", "b2"]);
}

#[test]
fn each_is_dropped_as_soon_as_it_is_ready() {
    let (log, gate) = (Log::default(), Gate::default());
    let (guard, other) = (log.guard("first"), log.guard("second"));
    let first = async move {
        let _guard = guard;
    };
    let second = async {
        let _guard = other;
        log.add("second polled");
        gate.clone().wait().await;
    };
    let mut joined = pin!(join(first, second));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(joined.as_mut().poll(&mut cx).is_pending());
    assert_eq!(log.take(), ["first dropped", "second polled"]);
    gate.open();
    assert!(joined.as_mut().poll(&mut cx).is_ready());
    assert_eq!(log.take(), ["second dropped"]);
}

/// A future by hand keeps what it has until it is dropped itself. That happens at once, too.
#[test]
fn a_ready_future_is_dropped_at_once() {
    let log = Log::default();
    let guard = log.guard("first");
    let first = poll_fn(move |_| {
        let _ = &guard;
        Poll::Ready(())
    });
    let second = poll_fn(|_| {
        log.add("second polled");
        Poll::Ready(())
    });
    foreign::block_on(join(first, second));
    assert_eq!(log.take(), ["first dropped", "second polled"]);
}

#[test]
fn dropping_it_drops_futures_and_outputs() {
    let log = Log::default();
    let guarded = |name: &str| {
        let guard = log.guard(name);
        async move {
            let _guard = guard;
            pending::<()>().await;
        }
    };
    let mut cx = Context::from_waker(Waker::noop());
    let mut joined = Box::pin(join(guarded("first"), guarded("second")));
    assert!(joined.as_mut().poll(&mut cx).is_pending());
    drop(joined);
    assert_eq!(log.take(), ["first dropped", "second dropped"]);

    let output = log.guard("output");
    let mut joined = Box::pin(join(async { output }, guarded("second")));
    assert!(joined.as_mut().poll(&mut cx).is_pending());
    drop(joined);
    assert_eq!(log.take(), ["second dropped", "output dropped"]);

    drop(join(guarded("first"), guarded("second")));
    assert_eq!(log.take().len(), 2, "not polled at all");
}

#[test]
fn a_panic_comes_out_and_the_other_is_dropped() {
    let log = Log::default();
    let guard = log.guard("first");
    let first = async move {
        let _guard = guard;
        pending::<()>().await;
    };
    let joined = join(first, async { panic!("oh") });
    assert_eq!(panic_message::of(|| foreign::block_on(joined)), "oh");
    assert_eq!(log.take(), ["first dropped"]);
}
