//! Which future is first, and what becomes of the loser?

use std::future::{pending, poll_fn, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step5_executor::{Executor, now, sleep};
use step6_toolbox::{Either, race};
use testing::foreign;
use testing::gate::Gate;
use testing::log::Log;
use testing::panic_message;

#[test]
fn the_first_that_is_ready_wins() {
    assert_eq!(
        foreign::block_on(race(ready(1), pending::<()>())),
        Either::First(1)
    );
    assert_eq!(
        foreign::block_on(race(pending::<()>(), ready(2))),
        Either::Second(2)
    );
}

#[test]
fn of_two_that_are_ready_the_first_wins() {
    assert_eq!(
        foreign::block_on(race(ready(1), ready(2))),
        Either::First(1)
    );

    let (one, two) = (Gate::default(), Gate::default());
    let mut raced = pin!(race(one.clone().wait(), two.clone().wait()));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(raced.as_mut().poll(&mut cx).is_pending());
    two.open();
    one.open();
    assert_eq!(raced.as_mut().poll(&mut cx), Poll::Ready(Either::First(())));
}

#[test]
fn a_loser_that_is_not_needed_is_not_polled() {
    let polled = race(
        ready(1),
        poll_fn::<(), _>(|_| panic!("the second was polled")),
    );
    assert_eq!(foreign::block_on(polled), Either::First(1));
}

/// Even while the race, which is decided, is still there.
///
/// Promise (toolbox): `race` and `try_join_all` drop the futures that they no longer need at once.
#[test]
fn both_are_dropped_before_the_output_comes() {
    let log = Log::default();
    for order in [["winner", "loser"], ["loser", "winner"]] {
        let [first, second] = order.map(|name| {
            let guard = log.guard(name);
            poll_fn(move |_| {
                let _ = &guard;
                if name == "winner" {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            })
        });
        let mut raced = pin!(race(first, second));
        assert!(
            raced
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_ready()
        );
        let mut dropped = log.take();
        dropped.sort();
        assert_eq!(dropped, ["loser dropped", "winner dropped"]);
    }
}

#[test]
fn dropping_it_drops_both_at_each_of_its_stops() {
    let log = Log::default();
    let guarded = |name: &str| {
        let guard = log.guard(name);
        async move {
            let _guard = guard;
            pending::<()>().await;
        }
    };
    let mut raced = Box::pin(race(guarded("first"), guarded("second")));
    assert!(
        raced
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    assert_eq!(log.take(), [""; 0]);
    drop(raced);
    assert_eq!(log.take(), ["first dropped", "second dropped"]);
    drop(race(guarded("first"), guarded("second")));
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
    let raced = race(first, async { panic!("oh") });
    assert_eq!(panic_message::of(|| foreign::block_on(raced)), "oh");
    assert_eq!(log.take(), ["first dropped"]);
}

#[test]
fn a_borrowed_loser_can_be_continued() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        let mut slow = pin!(async {
            sleep(Duration::from_secs(3)).await;
            "slow"
        });
        let outcome = race(&mut slow, sleep(Duration::from_secs(1))).await;
        assert_eq!(outcome, Either::Second(()));
        assert_eq!(
            race(slow, sleep(Duration::from_secs(5))).await,
            Either::First("slow")
        );
        assert_eq!(now() - start, Duration::from_secs(3));
    });
}
