//! What may the body of a generator do, and what makes it panic?

use std::cell::Cell;
use std::future::{pending, poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::Poll;

use step2_round_robin::GeneratorState::{Complete, Yielded};
use step2_round_robin::{Generated, Generator};

/// Promise (generators): A generator runs only inside of `resume`, and dropping it drops its
/// locals.
#[test]
fn nothing_runs_before_the_first_resume() {
    let started = Rc::new(Cell::new(false));
    let start = started.clone();
    let mut generator = Generated::<(), _>::new(async move |_| start.set(true));
    assert!(!started.get());
    assert_eq!(generator.resume(), Complete(()));
    assert!(started.get());
}

#[test]
fn a_body_yields_from_functions_that_it_awaits() {
    let mut generator = Generated::new(async |yielder| {
        let twice = async |n| {
            yielder.yield_(n).await;
            yielder.yield_(n + 1).await;
            n + 2
        };
        let next = twice(1).await;
        twice(next).await
    });
    let yielded: Vec<_> = (0..4).map(|_| generator.resume()).collect();
    assert_eq!(yielded, [1, 2, 3, 4].map(Yielded));
    assert_eq!(generator.resume(), Complete(5));
}

#[test]
fn a_body_may_await_what_is_ready() {
    let mut generator = Generated::<(), _>::new(async |_| ready(7).await);
    assert_eq!(generator.resume(), Complete(7));
}

/// Promise (generators): A generator runs only inside of `resume`, and dropping it drops its
/// locals.
#[test]
fn dropping_a_generator_drops_its_locals() {
    let guard = Rc::new(());
    let held = guard.clone();
    let mut generator = Generated::new(async move |yielder| {
        let _held = held;
        yielder.yield_(()).await;
    });
    assert_eq!(generator.resume(), Yielded(()));
    assert_eq!(Rc::strong_count(&guard), 2);
    drop(generator);
    assert_eq!(Rc::strong_count(&guard), 1);
}

#[test]
#[should_panic(expected = "a body awaits only what yields")]
fn awaiting_what_does_not_yield_panics() {
    let mut generator = Generated::<(), _>::new(async |_| pending::<()>().await);
    generator.resume();
}

#[test]
#[should_panic(expected = "a body yields one value at a time")]
fn yielding_twice_at_once_panics() {
    let mut generator = Generated::new(async |yielder| {
        let mut first = Box::pin(yielder.yield_(1));
        let mut second = Box::pin(yielder.yield_(2));
        poll_fn(|context| {
            assert!(first.as_mut().poll(context).is_pending());
            second.as_mut().poll(context)
        })
        .await;
    });
    generator.resume();
}

#[test]
#[should_panic(expected = "a body yields one value at a time")]
fn yielding_after_a_dropped_yield_panics() {
    let mut generator = Generated::new(async |yielder| {
        let mut dropped = Box::pin(yielder.yield_(1));
        poll_fn(|context| {
            assert!(dropped.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        yielder.yield_(2).await;
    });
    generator.resume();
}

#[test]
#[should_panic(expected = "resumed after completion")]
fn resuming_after_the_end_panics() {
    let mut generator = Generated::<(), _>::new(async |_| ());
    assert_eq!(generator.resume(), Complete(()));
    generator.resume();
}

#[test]
fn a_panic_in_the_body_passes_through_resume() {
    let mut generator = Generated::<(), ()>::new(async |_| panic!("the body fails"));
    let resume = AssertUnwindSafe(|| generator.resume());
    let payload = catch_unwind(resume).unwrap_err();
    assert_eq!(*payload.downcast::<&str>().unwrap(), "the body fails");
}
