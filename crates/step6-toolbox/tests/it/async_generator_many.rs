//! What does a generator do that yields several items at once?

use std::cell::Cell;
use std::future::{pending, poll_fn, ready};
use std::pin::pin;
use std::task::{Poll, Waker};
use step6_toolbox::{Yielder, async_generator, join, join_all, race};
use testing::foreign;
use testing::log::Log;
use testing::panic_message;
use testing::watchdog;

use crate::async_generator::*;

#[test]
fn concurrent_yields_come_one_by_one() {
    watchdog::within_a_minute(|| {
        let items = async_generator(async |yielder| {
            join(yielder.yield_(1), yielder.yield_(2)).await;
            yielder.yield_(3).await;
            join_all((4..8).map(|item| yielder.yield_(item))).await;
            // Both polled with the body's own waker.
            let eight = async {
                yielder.yield_(8).await;
                pending::<()>().await;
            };
            race(eight, yielder.yield_(9)).await;
        });
        assert_eq!(
            foreign::block_on(collect(items)),
            [1, 2, 3, 4, 5, 6, 7, 8, 9]
        );
    });
}

/// Even one that is polled again before its item was taken.
#[test]
fn a_yield_ends_when_the_next_is_awaited() {
    let resumed = Cell::new(false);
    let mut items = async_generator(async |yielder| {
        let mut first = pin!(yielder.yield_(1));
        let polled_twice = poll_fn(|cx| {
            let polled = first.as_mut().poll(cx);
            if polled.is_pending() {
                first.as_mut().poll(cx)
            } else {
                polled
            }
        });
        polled_twice.await;
        resumed.set(true);
        yielder.yield_(2).await;
    });
    assert_eq!(poll(items.next(), Waker::noop()), Poll::Ready(Some(1)));
    assert!(!resumed.get());
    assert_eq!(poll(items.next(), Waker::noop()), Poll::Ready(Some(2)));
    assert_eq!(poll(items.next(), Waker::noop()), Poll::Ready(None));
}

#[test]
fn an_item_taken_outlives_its_yield() {
    let items = async_generator(async |yielder| {
        race(yielder.yield_(1), ready(())).await;
        yielder.yield_(2).await;
        race(yielder.yield_(3), ready(())).await;
    });
    assert_eq!(foreign::block_on(collect(items)), [1, 2, 3]);
}

#[test]
fn an_item_in_line_outlives_its_yield() {
    let log = Log::default();
    let items = async_generator(async |yielder| {
        race(yielder.yield_(Some(log.guard("first"))), ready(())).await;
        race(yielder.yield_(Some(log.guard("second"))), ready(())).await;
        yielder.yield_(None).await;
    });
    let items = foreign::block_on(collect(items));
    assert_eq!(
        items.iter().map(Option::is_some).collect::<Vec<_>>(),
        [true, true, false]
    );
    drop(items);
    assert_eq!(log.take(), ["first dropped", "second dropped"]);
}

#[test]
fn concurrent_yields_take_turns() {
    let count = async |yielder: &Yielder<_>, name| {
        for number in 0..3 {
            yielder.yield_((name, number)).await;
        }
    };
    let items = async_generator(async |yielder| {
        join(count(yielder, 'a'), count(yielder, 'b')).await;
    });
    let expected = [('a', 0), ('b', 0), ('a', 1), ('b', 1), ('a', 2), ('b', 2)];
    assert_eq!(foreign::block_on(collect(items)), expected);
}

#[test]
fn each_item_wakes_one_of_many_yields() {
    let polls = Cell::new(0);
    let items = async_generator(async |yielder| {
        let counted = |number| {
            let mut yields = Box::pin(yielder.yield_(number));
            let polls = &polls;
            poll_fn(move |cx| {
                polls.set(polls.get() + 1);
                yields.as_mut().poll(cx)
            })
        };
        join_all((0..1_000).map(counted)).await;
    });
    assert_eq!(foreign::block_on(collect(items)), Vec::from_iter(0..1_000));
    assert_eq!(polls.get(), 2_000);
}

#[test]
fn a_waker_that_panics_loses_no_other_item() {
    watchdog::within_a_minute(|| {
        let bad = foreign::waker_of(|| panic!("the waker failed"), || ());
        let mut items = async_generator(async |yielder| {
            join_all((0..4).map(|number| yielder.yield_(number))).await;
        });
        assert_eq!(poll(items.next(), &bad), Poll::Ready(Some(0)));
        assert_eq!(
            panic_message::of(|| poll(items.next(), Waker::noop())),
            "the waker failed"
        );
        assert_eq!(foreign::block_on(collect(items)), [1, 2, 3]);
    });
}
