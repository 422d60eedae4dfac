//! What becomes of the futures of a bounded map when it is dropped, or one panics?

use std::future::{pending, poll_fn, ready};
use std::task::Poll;
use std::time::Duration;
use step5_executor::{Elapsed, timeout};
use step6_toolbox::{AsyncIterator, map_bounded, map_bounded_ordered};
use testing::gate::Gate;
use testing::log::{Guard, Log, on_drop};
use testing::panic_message;

use crate::map_bounded::*;

// --- Cancelling ---

#[test]
fn dropping_next_anywhere_loses_nothing() {
    async fn patiently<S: AsyncIterator>(mut items: S) -> (Vec<S::Item>, usize) {
        let (mut list, mut drops) = (vec![], 0);
        loop {
            match timeout(Duration::from_millis(300), items.next()).await {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return (list, drops),
                Err(Elapsed) => drops += 1,
            }
        }
    }
    let (mut numbers, drops) = virtually(patiently(map_bounded(3, 0..20, nap)));
    numbers.sort();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert!(drops > 10, "{drops} drops");
    let (numbers, drops) = virtually(patiently(map_bounded_ordered(3, 0..20, nap)));
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert!(drops > 10, "{drops} drops");
}

#[test]
fn dropping_it_drops_what_runs_and_what_waits() {
    let level = Level::default();
    let work = |number| {
        let entered = level.enter();
        async move {
            if number == 0 {
                pending::<()>().await;
            }
            entered
        }
    };
    let mut outputs = map_bounded(3, [0, 0, 0, 0], work);
    assert!(poll(outputs.next()).is_pending());
    assert_eq!(level.current(), 3);
    drop(outputs);
    assert_eq!(level.current(), 0);

    let mut outputs = map_bounded_ordered(3, 0.., work);
    assert!(poll(outputs.next()).is_pending());
    assert_eq!(level.current(), 3);
    drop(outputs);
    assert_eq!(level.current(), 0);
}

#[test]
fn a_future_is_dropped_before_its_output_comes() {
    let log = Log::default();
    let mut outputs = map_bounded(1, 0..2, |i| {
        let guard: Guard = log.guard(format!("future {i}"));
        poll_fn(move |_| {
            let _ = &guard;
            Poll::Ready(i)
        })
    });
    for i in 0..2 {
        assert_eq!(poll(outputs.next()), Poll::Ready(Some(i)));
        assert_eq!(log.take(), [format!("future {i} dropped")]);
    }
}

// --- Panics ---

/// Panics at 1, in one place or another.
fn at_one(number: u32) -> u32 {
    assert!(number != 1, "oh");
    number
}

/// Promise (toolbox): A panic in a closure or a body loses nothing but its own output.
#[test]
fn a_panic_leaves_the_other_futures() {
    let mut in_input = map_bounded(1, (0..3).map(at_one), ready);
    let mut in_work = map_bounded(1, 0..3, |number| ready(at_one(number)));
    let mut in_future = map_bounded(1, 0..3, async |number| at_one(number));
    for i in 0..4 {
        let mut outcomes = [None; 3];
        let mut next = || {
            outcomes = [
                Some(poll(in_input.next())),
                Some(poll(in_work.next())),
                Some(poll(in_future.next())),
            ];
        };
        if i == 1 {
            assert_eq!(panic_message::of(|| poll(in_input.next())), "oh");
            assert_eq!(panic_message::of(|| poll(in_work.next())), "oh");
            assert_eq!(panic_message::of(|| poll(in_future.next())), "oh");
            continue;
        }
        next();
        assert_eq!(outcomes, [Some(Poll::Ready((i < 3).then_some(i))); 3]);
    }
}

#[test]
fn a_lost_input_or_output_does_not_hang() {
    let mut in_input = map_bounded_ordered(1, (0..3).map(at_one), ready);
    let mut in_work = map_bounded_ordered(1, 0..3, |number| ready(at_one(number)));
    assert_eq!(
        (poll(in_input.next()), poll(in_work.next())),
        (Poll::Ready(Some(0)), Poll::Ready(Some(0)))
    );
    assert_eq!(panic_message::of(|| poll(in_input.next())), "oh");
    assert_eq!(panic_message::of(|| poll(in_work.next())), "oh");
    assert_eq!(
        (poll(in_input.next()), poll(in_work.next())),
        (Poll::Ready(Some(2)), Poll::Ready(Some(2)))
    );

    let mut in_future = map_bounded_ordered(2, 0..3, async |number| at_one(number));
    assert_eq!(panic_message::of(|| poll(in_future.next())), "oh");
    // It loses its own output, and no other.
    assert_eq!(poll(in_future.next()), Poll::Ready(Some(0)));
    let message = "one of the futures had panicked before, so its output is missing";
    assert_eq!(panic_message::of(|| poll(in_future.next())), message);
    assert_eq!(panic_message::of(|| poll(in_future.next())), message);
}

#[test]
fn a_lost_last_output_is_no_normal_end() {
    let mut outputs = map_bounded_ordered(2, 0..2, async |number| at_one(number));
    assert_eq!(panic_message::of(|| poll(outputs.next())), "oh");
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(0)));
    for _ in 0..2 {
        let message = "one of the futures had panicked before, so its output is missing";
        assert_eq!(panic_message::of(|| poll(outputs.next())), message);
    }
}

#[test]
fn the_woken_come_before_newcomers() {
    let gate = Gate::default();
    let mut outputs = map_bounded(2, 0.., |number: u32| {
        let gate = gate.clone();
        async move {
            if number == 0 {
                gate.wait().await;
            }
            number
        }
    });
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(1)));
    gate.open();
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(0)));
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(2)));
}

#[test]
fn after_a_panic_in_a_drop_each_call_panics() {
    let mut outputs = map_bounded_ordered(2, 0..3, |number| {
        let guard = on_drop(move || assert!(number > 0, "the drop failed"));
        poll_fn(move |_| {
            _ = &guard;
            Poll::Ready(number)
        })
    });
    assert_eq!(
        panic_message::of(|| poll(outputs.next())),
        "the drop failed"
    );
    for _ in 0..3 {
        panic_message::of(|| poll(outputs.next()));
    }
}
