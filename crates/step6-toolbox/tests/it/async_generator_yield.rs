//! When does a `yield_` end, and what becomes of its item if it is dropped?

use std::cell::Cell;
use std::future::{poll_fn, ready};
use std::pin::pin;
use std::task::{Poll, Waker};

use step6_toolbox::{async_generator, join_all, race};
use testing::foreign;
use testing::log::Log;
use testing::watchdog;

use crate::async_generator::*;

/// `yield_` is not polled with the body's own waker here.
#[test]
fn a_yield_inside_of_join_all_is_woken() {
    watchdog::within_a_minute(|| {
        let items = async_generator(async |yielder| {
            let both = async {
                yielder.yield_(1).await;
                yielder.yield_(2).await;
            };
            join_all([both]).await;
        });
        assert_eq!(foreign::block_on(collect(items)), [1, 2]);
    });
}

/// Even if the `yield_` is polled again before its item was taken.
#[test]
fn a_yield_ends_when_the_next_is_awaited() {
    let resumed = Cell::new(false);
    let mut items = async_generator(async |yielder| {
        {
            let mut first = pin!(yielder.yield_(1));
            poll_fn(|cx| match first.as_mut().poll(cx) {
                Poll::Pending => first.as_mut().poll(cx),
                ready => ready,
            })
            .await;
        }
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
fn an_item_in_line_is_dropped_with_its_yield() {
    let log = Log::default();
    let items = async_generator(async |yielder| {
        race(yielder.yield_(Some(log.guard("first"))), ready(())).await;
        race(yielder.yield_(Some(log.guard("second"))), ready(())).await;
        assert_eq!(log.take(), ["second dropped"]);
        yielder.yield_(None).await;
    });
    let items = foreign::block_on(collect(items));
    assert_eq!(
        items.iter().map(Option::is_some).collect::<Vec<_>>(),
        [true, false]
    );
    drop(items);
    assert_eq!(log.take(), ["first dropped"]);
}
