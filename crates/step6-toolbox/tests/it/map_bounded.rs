//! How does a pool of at most N futures work through an input that may be endless?

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn, ready};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step5_executor::{Elapsed, Executor, now, sleep, timeout, yield_now};
use step6_toolbox::{AsyncIterator, map_bounded, map_bounded_ordered};
use testing::foreign;
use testing::gate::Gate;
use testing::log::{Guard, Log, on_drop};
use testing::panic_message;

fn poll<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Takes all items there are.
async fn collect<S: AsyncIterator>(mut items: S) -> Vec<S::Item> {
    let mut list = vec![];
    while let Some(item) = items.next().await {
        list.push(item);
    }
    list
}

/// Counts how many of something there are at once.
#[derive(Clone, Default)]
struct Level(Rc<(Cell<usize>, Cell<usize>)>);

impl Level {
    /// One more, until what is returned is dropped.
    fn enter(&self) -> impl Sized + use<> {
        let (current, most) = &*self.0;
        current.set(current.get() + 1);
        most.set(most.get().max(current.get()));
        let level = self.clone();
        on_drop(move || level.0.0.set(level.0.0.get() - 1))
    }

    fn current(&self) -> usize {
        self.0.0.get()
    }

    fn most(&self) -> usize {
        self.0.1.get()
    }
}

/// Naps for a time that jumps up and down from one number to the next.
async fn nap(number: usize) -> usize {
    sleep(Duration::from_secs((number * 7 % 5) as u64)).await;
    number
}

fn virtually<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

// --- The limit ---

#[test]
fn as_many_run_as_the_limit_allows() {
    for limit in [1, 2, 3, 7, 50, 1_000] {
        for is_ordered in [false, true] {
            let level = Level::default();
            // What is made counts from the start, and an output that waits for an earlier one
            // counts too.
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

/// A place is used again. A wake of the future that had it before is not a wake of the one that has
/// it now.
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
            // All those before are woken, and this one too, even as it is ready.
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

/// Those that are ready at once do not keep those that wait from their turn.
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
