//! When does the body of an async generator run, and what becomes of its items?

use std::future::{poll_fn, ready};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use step5_executor::{Elapsed, Executor, now, sleep, timeout, yield_now};
use step6_toolbox::{
    AsyncIterator, Yielder, as_completed, async_generator, join, map_bounded, map_bounded_ordered,
};
use testing::foreign;
use testing::foreign::Counter;
use testing::gate::Gate;
use testing::log::Log;
use testing::panic_message;
use testing::watchdog;

/// Polls a future once.
pub(crate) fn poll<F: Future>(future: F, waker: &Waker) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(waker))
}

/// Takes all items.
pub(crate) async fn collect<S: AsyncIterator>(mut items: S) -> Vec<S::Item> {
    let mut list = vec![];
    while let Some(item) = items.next().await {
        list.push(item);
    }
    list
}

// --- The body ---

#[test]
fn the_body_runs_only_while_an_item_is_awaited() {
    let log = Log::default();
    let mut items = async_generator(async |yielder| {
        log.add("started");
        yielder.yield_(1).await;
        log.add("resumed");
        yielder.yield_(2).await;
        log.add("ended");
    });
    assert_eq!(log.take(), [""; 0]);
    foreign::block_on(async {
        assert_eq!(items.next().await, Some(1));
        assert_eq!(log.take(), ["started"]);
        assert_eq!(items.next().await, Some(2));
        assert_eq!(log.take(), ["resumed"]);
        assert_eq!(items.next().await, None);
        assert_eq!(log.take(), ["ended"]);
    });
}

#[test]
fn after_its_end_it_gives_none_forever() {
    let mut items = async_generator(async |_: &mut Yielder<i32>| {});
    foreign::block_on(async {
        for _ in 0..3 {
            assert_eq!(items.next().await, None);
        }
    });
}

#[test]
fn the_body_may_be_endless() {
    let mut numbers = async_generator(async |yielder| {
        for number in 0.. {
            yielder.yield_(number).await;
        }
    });
    foreign::block_on(async {
        for expected in 0..1_000 {
            assert_eq!(numbers.next().await, Some(expected));
        }
    });
}

#[test]
fn the_body_may_yield_borrows() {
    let text = String::from("to be or not");
    let words = async_generator(async |yielder| {
        for word in text.split(' ') {
            yielder.yield_(word).await;
        }
    });
    assert_eq!(foreign::block_on(collect(words)), ["to", "be", "or", "not"]);
}

#[test]
fn the_body_may_pass_its_output_on() {
    async fn countdown(from: u32, yielder: &mut Yielder<u32>) {
        for number in (1..=from).rev() {
            yielder.yield_(number).await;
        }
    }
    let numbers = async_generator(async |yielder| {
        countdown(2, yielder).await;
        countdown(3, yielder).await;
    });
    assert_eq!(foreign::block_on(collect(numbers)), [2, 1, 3, 2, 1]);
}

#[test]
fn a_generator_may_loop_over_another() {
    let numbers = async_generator(async |yielder| {
        for number in 0..3 {
            yielder.yield_(number).await;
        }
    });
    let mut squares = async_generator(async move |yielder| {
        let mut numbers = numbers;
        while let Some(number) = numbers.next().await {
            yielder.yield_(number * number).await;
        }
    });
    assert_eq!(foreign::block_on(collect(&mut squares)), [0, 1, 4]);
}

// --- Waiting ---

#[test]
fn a_body_that_waits_passes_the_wait_on() {
    let gate = Gate::default();
    let mut items = async_generator(async |yielder| {
        yielder.yield_(1).await;
        gate.clone().wait().await;
        yielder.yield_(2).await;
    });
    let (counter, waker) = Counter::new();
    assert_eq!(poll(items.next(), &waker), Poll::Ready(Some(1)));
    assert_eq!(poll(items.next(), &waker), Poll::Pending);
    assert_eq!(counter.wakes(), 0, "an item wakes no other");
    gate.open();
    assert_eq!(counter.wakes(), 1);
    assert_eq!(poll(items.next(), &waker), Poll::Ready(Some(2)));
    assert_eq!(poll(items.next(), &waker), Poll::Ready(None));
    assert_eq!((counter.wakes(), gate.polls()), (1, 2));
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let gate = Gate::default();
    let mut items = async_generator(async |yielder| {
        gate.clone().wait().await;
        yielder.yield_(1).await;
    });
    let ((old, old_waker), (new, new_waker)) = (Counter::new(), Counter::new());
    assert_eq!(poll(items.next(), &old_waker), Poll::Pending);
    assert_eq!(poll(items.next(), &new_waker), Poll::Pending);
    gate.open();
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
}

#[test]
fn a_body_is_woken_from_another_thread() {
    watchdog::within_a_minute(|| {
        let items = async_generator(async |yielder| {
            for i in 0..100 {
                let answer = Arc::new(Mutex::new((None, None::<Waker>)));
                let thread = thread::spawn({
                    let answer = answer.clone();
                    move || {
                        let waker = {
                            let mut answer = answer.lock().unwrap();
                            answer.0 = Some(i);
                            answer.1.take()
                        };
                        waker.into_iter().for_each(Waker::wake);
                    }
                });
                let item = poll_fn(|cx| {
                    let mut answer = answer.lock().unwrap();
                    answer.1 = Some(cx.waker().clone());
                    answer.0.take().map_or(Poll::Pending, Poll::Ready)
                });
                yielder.yield_(item.await).await;
                thread.join().unwrap();
            }
        });
        assert_eq!(
            foreign::block_on(collect(items)),
            (0..100).collect::<Vec<_>>()
        );
    });
}

#[test]
fn generators_run_side_by_side() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        let ticks = |period: u64| {
            async_generator(async move |yielder| {
                for _ in 0..3 {
                    sleep(Duration::from_secs(period)).await;
                    yielder.yield_((now() - start).as_secs()).await;
                }
            })
        };
        let (twos, threes) = join(collect(ticks(2)), collect(ticks(3))).await;
        assert_eq!((twos, threes), (vec![2, 4, 6], vec![3, 6, 9]));
    });
}

// --- Cancelling ---

#[test]
fn dropping_next_anywhere_loses_nothing() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let mut items = async_generator(async |yielder| {
            for item in 0..3 {
                sleep(Duration::from_millis(2_500)).await;
                yielder.yield_(item).await;
                yield_now().await;
            }
        });
        let mut events = vec![];
        loop {
            match timeout(Duration::from_secs(1), items.next()).await {
                Ok(Some(item)) => events.push(item.to_string()),
                Ok(None) => break,
                Err(Elapsed) => events.push("-".to_string()),
            }
        }
        assert_eq!(events.concat(), "--0--1--2");
    });
}

#[test]
fn a_dropped_body_runs_its_guards() {
    let expected: [&[&str]; 4] = [
        &[],
        &["inner dropped", "outer dropped"],
        &["second dropped", "outer dropped"],
        &["outer dropped"],
    ];
    for (count, expected) in expected.into_iter().enumerate() {
        let log = Log::default();
        let mut items = async_generator(async |yielder| {
            let _outer = log.guard("outer");
            {
                let _inner = log.guard("inner");
                yielder.yield_(1).await;
            }
            log.take();
            let second = log.guard("second");
            yielder.yield_(2).await;
            drop(second);
            log.take();
            yielder.yield_(3).await;
        });
        for item in 1..=count {
            assert_eq!(foreign::block_on(items.next()), Some(item));
        }
        drop(items);
        assert_eq!(log.take(), expected);
    }
}

#[test]
fn the_body_is_dropped_at_its_end() {
    let log = Log::default();
    let guard = log.guard("captured");
    let mut items = async_generator(async move |_: &mut Yielder<i32>| {
        let _guard = guard;
    });
    assert_eq!(foreign::block_on(items.next()), None);
    assert_eq!(log.take(), ["captured dropped"]);
    drop(items);
}

#[test]
fn a_panic_in_the_body_comes_out_and_ends_it() {
    let log = Log::default();
    let mut items = async_generator(async |yielder| {
        let _guard = log.guard("local");
        yielder.yield_(1).await;
        panic!("oh");
    });
    assert_eq!(foreign::block_on(items.next()), Some(1));
    assert_eq!(panic_message::of(|| foreign::block_on(items.next())), "oh");
    assert_eq!(log.take(), ["local dropped"]);
    assert_eq!(foreign::block_on(items.next()), None);
}

// --- The trait ---

#[test]
fn any_type_may_be_an_async_iterator() {
    let square = async |number| number * number;
    foreign::block_on(async {
        assert_eq!(
            collect(as_completed([1, 2, 3].map(square))).await,
            [1, 4, 9]
        );
        assert_eq!(collect(map_bounded(2, [1, 2, 3], square)).await, [1, 4, 9]);
        assert_eq!(
            collect(map_bounded_ordered(2, [1, 2, 3], square)).await,
            [1, 4, 9]
        );
    });
}

#[test]
fn a_borrowed_generator_can_be_continued() {
    let mut numbers = as_completed((0..3).map(ready));
    foreign::block_on(async {
        async fn first(mut items: impl AsyncIterator<Item = i32>) -> Option<i32> {
            items.next().await
        }
        assert_eq!(first(&mut numbers).await, Some(0));
        assert_eq!(collect(&mut numbers).await, [1, 2]);
    });
}
