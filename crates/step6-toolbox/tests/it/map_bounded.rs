//! How do at most N futures at once work through an input that may be endless?

use std::cell::{Cell, RefCell};
use std::future::{poll_fn, ready};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step5_executor::{Executor, now, sleep, yield_now};
use step6_toolbox::{AsyncIterator, map_bounded, map_bounded_ordered};
use testing::foreign;
use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::panic_message;

pub(crate) fn poll<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Takes all items.
pub(crate) async fn collect<S: AsyncIterator>(mut items: S) -> Vec<S::Item> {
    let mut list = vec![];
    while let Some(item) = items.next().await {
        list.push(item);
    }
    list
}

/// Counts how many of something there are at once.
#[derive(Clone, Default)]
pub(crate) struct Level(Rc<(Cell<usize>, Cell<usize>)>);

impl Level {
    /// Counts one more, until the returned guard is dropped.
    pub(crate) fn enter(&self) -> impl Sized + use<> {
        let (current, most) = &*self.0;
        current.set(current.get() + 1);
        most.set(most.get().max(current.get()));
        let level = self.clone();
        on_drop(move || level.0.0.set(level.0.0.get() - 1))
    }

    pub(crate) fn current(&self) -> usize {
        self.0.0.get()
    }

    pub(crate) fn most(&self) -> usize {
        self.0.1.get()
    }
}

/// Naps for a time that goes up and down from one number to the next.
pub(crate) async fn nap(number: usize) -> usize {
    sleep(Duration::from_secs((number * 7 % 5) as u64)).await;
    number
}

pub(crate) fn virtually<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

// --- The limit ---

/// Promise (toolbox): `map_bounded` runs as many futures as its limit allows, and no more.
#[test]
fn as_many_run_as_the_limit_allows() {
    for limit in [1, 2, 3, 7, 50, 1_000] {
        for is_ordered in [false, true] {
            let level = Level::default();
            // A future counts from when it is made, and so does an output that waits for an earlier
            // one.
            let work = |number| {
                let entered = level.enter();
                async move {
                    nap(number).await;
                    (number, entered)
                }
            };
            let numbers = virtually(async {
                let mut numbers = vec![];
                if is_ordered {
                    let mut outputs = map_bounded_ordered(limit, 0..50, work);
                    while let Some((number, _)) = outputs.next().await {
                        numbers.push(number);
                    }
                } else {
                    let mut outputs = map_bounded(limit, 0..50, work);
                    while let Some((number, _)) = outputs.next().await {
                        numbers.push(number);
                    }
                    numbers.sort();
                }
                numbers
            });
            assert_eq!(level.most(), limit.min(50), "ordered: {is_ordered}");
            assert_eq!(numbers, (0..50).collect::<Vec<_>>());
        }
    }
}

#[test]
fn ten_naps_by_three_take_four_seconds() {
    virtually(async {
        let start = now();
        let second = async |_| sleep(Duration::from_secs(1)).await;
        assert_eq!(collect(map_bounded(3, 0..10, second)).await.len(), 10);
        assert_eq!(now() - start, Duration::from_secs(4));
        assert_eq!(
            collect(map_bounded_ordered(3, 0..10, second)).await.len(),
            10
        );
        assert_eq!(now() - start, Duration::from_secs(8));
    });
}

#[test]
fn a_limit_of_zero_is_refused() {
    let message = "the limit of a bounded map is at least 1: with 0 nothing would ever run";
    assert_eq!(panic_message::of(|| map_bounded(0, 0..3, ready)), message);
    assert_eq!(
        panic_message::of(|| map_bounded_ordered(0, 0..3, ready)),
        message
    );
}

// --- Order ---

#[test]
fn outputs_are_in_the_order_of_their_making() {
    let outputs = virtually(collect(map_bounded(2, [5, 1, 2, 3], async |seconds| {
        sleep(Duration::from_secs(seconds)).await;
        seconds
    })));
    assert_eq!(outputs, [1, 2, 5, 3]);
}

#[test]
fn outputs_are_in_the_order_of_the_inputs() {
    for limit in [1, 2, 3, 7, 100] {
        assert_eq!(
            virtually(collect(map_bounded_ordered(limit, 0..100, nap))),
            (0..100).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_slow_one_holds_up_only_limit_many_in_order() {
    let (gate, started) = (Gate::default(), Cell::new(0));
    let mut outputs = map_bounded_ordered(4, 0.., |number| {
        started.set(started.get() + 1);
        let gate = (number == 0).then(|| gate.clone());
        async move {
            if let Some(gate) = gate {
                gate.wait().await;
            }
            number
        }
    });
    for _ in 0..10 {
        assert!(poll(outputs.next()).is_pending());
    }
    assert_eq!(started.get(), 4);
    gate.open();
    for expected in 0..10 {
        assert_eq!(poll(outputs.next()), Poll::Ready(Some(expected)));
    }
}

// --- Laziness ---

#[test]
fn inputs_are_taken_only_on_demand() {
    let taken = Cell::new(0);
    let gates: RefCell<Vec<Gate>> = RefCell::default();
    let inputs = || (0..).inspect(|number| taken.set(number + 1));
    let work = |number: usize| {
        let gate = Gate::default();
        gates.borrow_mut().push(gate.clone());
        async move {
            gate.wait().await;
            number
        }
    };
    let open = |i: usize| gates.borrow()[i].open();

    let mut outputs = map_bounded(3, inputs(), work);
    assert_eq!(taken.get(), 0);
    assert!(poll(outputs.next()).is_pending());
    assert!(poll(outputs.next()).is_pending());
    assert_eq!(taken.get(), 3);
    open(1);
    open(2);
    assert_eq!(taken.get(), 3);
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(1)));
    assert_eq!(taken.get(), 3);
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(2)));
    assert_eq!(taken.get(), 4);
    assert!(poll(outputs.next()).is_pending());
    assert_eq!(taken.get(), 5);
    drop(outputs);

    gates.borrow_mut().clear();
    let mut outputs = map_bounded_ordered(3, inputs(), work);
    taken.set(0);
    assert!(poll(outputs.next()).is_pending());
    assert_eq!(taken.get(), 3);
    open(1);
    assert!(poll(outputs.next()).is_pending());
    assert_eq!(taken.get(), 3, "the output that waits counts");
    open(0);
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(0)));
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(1)));
    assert_eq!(taken.get(), 4);
}

#[test]
fn an_endless_input_works() {
    let mut evens = map_bounded(5, (0_u64..).step_by(2), ready);
    let mut odds = map_bounded_ordered(5, (1_u64..).step_by(2), ready);
    foreign::block_on(async {
        for i in 0..10_000 {
            assert_eq!(evens.next().await, Some(2 * i));
            assert_eq!(odds.next().await, Some(2 * i + 1));
        }
    });
}

#[test]
fn the_input_is_dropped_at_its_end() {
    let log = Log::default();
    let guard = log.guard("inputs");
    let mut left = 2;
    let inputs = std::iter::from_fn(move || {
        let _ = &guard;
        left -= 1;
        (left >= 0).then_some(left)
    });
    let mut outputs = map_bounded(10, inputs, ready);
    assert_eq!(poll(outputs.next()), Poll::Ready(Some(1)));
    assert_eq!(log.take(), ["inputs dropped"]);
    foreign::block_on(async {
        for expected in [Some(0), None, None] {
            assert_eq!(outputs.next().await, expected);
        }
    });
}

#[test]
fn without_inputs_it_is_at_its_end() {
    assert_eq!(
        foreign::block_on(collect(map_bounded(3, [0; 0], ready))),
        []
    );
    assert_eq!(
        foreign::block_on(collect(map_bounded_ordered(3, [0; 0], ready))),
        []
    );
}

// --- Polls ---

#[test]
fn each_future_is_polled_only_when_it_was_woken() {
    for is_ordered in [false, true] {
        let polls = Cell::new(0);
        let work = async |number: usize| {
            let mut nap = pin!(nap(number));
            poll_fn(|cx| {
                polls.set(polls.get() + 1);
                nap.as_mut().poll(cx)
            })
            .await
        };
        virtually(async {
            if is_ordered {
                collect(map_bounded_ordered(30, 0..300, work)).await;
            } else {
                collect(map_bounded(30, 0..300, work)).await;
            }
        });
        assert_eq!(polls.get(), 600, "ordered: {is_ordered}");
    }
}

/// A wake of a future that has ended is not a wake of the one that came after it.
#[test]
fn a_stale_wake_does_not_reach_a_later_future() {
    let (wakers, polls) = (RefCell::new(Vec::<Waker>::new()), Cell::new(0));
    let work = |number: usize| {
        let mut is_first = true;
        let (wakers, polls) = (&wakers, &polls);
        poll_fn(move |cx| {
            polls.set(polls.get() + 1);
            if std::mem::take(&mut is_first) {
                wakers.borrow_mut().push(cx.waker().clone());
                return Poll::Pending;
            }
            // All earlier ones are woken, and this one as well, even as it is ready.
            wakers.borrow().iter().for_each(Waker::wake_by_ref);
            Poll::Ready(number)
        })
    };
    let mut outputs = map_bounded(1, 0..100, work);
    for number in 0..100 {
        assert!(poll(outputs.next()).is_pending());
        wakers.borrow().iter().for_each(Waker::wake_by_ref);
        assert!(poll(outputs.next()).is_ready());
        assert_eq!(polls.get(), 2 * number + 2);
    }
    assert_eq!(poll(outputs.next()), Poll::Ready(None));
}

/// Futures that are ready at once do not keep the waiting ones from being polled.
#[test]
fn ready_newcomers_starve_no_other() {
    let mut outputs = map_bounded(2, 0.., async |number: u64| {
        if number == 0 {
            yield_now().await;
        }
        number
    });
    foreign::block_on(async {
        let mut before = 0;
        while outputs.next().await != Some(0) {
            before += 1;
        }
        assert!(before <= 2, "{before} before it");
    });
}
