//! How do outputs arrive in the order in which they are made?

use std::future::{Ready, pending, poll_fn, ready};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use step5_executor::{Elapsed, Executor, now, sleep, spawn, timeout};
use step6_toolbox::{FuturesUnordered, as_completed};
use testing::foreign;
use testing::foreign::Counter;
use testing::gate::Gate;
use testing::log::{Guard, Log, on_drop};
use testing::panic_message;

/// Makes so many gates, and an iterator that gives the number of each as it is opened.
fn gates(count: usize) -> (Vec<Gate>, FuturesUnordered<impl Future<Output = usize>>) {
    let gates: Vec<Gate> = (0..count).map(|_| Gate::default()).collect();
    let numbers = as_completed(
        gates
            .clone()
            .into_iter()
            .enumerate()
            .map(async |(i, gate)| {
                gate.wait().await;
                i
            }),
    );
    (gates, numbers)
}

async fn nap(seconds: u64) -> u64 {
    sleep(Duration::from_secs(seconds)).await;
    seconds
}

// --- Order ---

#[test]
fn outputs_are_in_the_order_of_the_wakes() {
    let (gates, mut numbers) = gates(5);
    let mut numbers = pin!(async move {
        let mut order = vec![];
        while let Some(number) = numbers.next().await {
            order.push(number);
        }
        order
    });
    let (_, waker) = Counter::new();
    assert!(
        numbers
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    for i in [3, 0, 4, 1, 2] {
        gates[i].open();
    }
    assert_eq!(
        numbers.as_mut().poll(&mut Context::from_waker(&waker)),
        Poll::Ready(vec![3, 0, 4, 1, 2])
    );
}

#[test]
fn ready_outputs_are_in_the_order_of_the_futures() {
    let mut numbers = as_completed((0..3).map(ready));
    foreign::block_on(async {
        for expected in [Some(0), Some(1), Some(2), None, None, None] {
            assert_eq!(numbers.next().await, expected);
        }
    });
}

#[test]
fn without_futures_it_is_at_its_end() {
    assert_eq!(
        foreign::block_on(as_completed(Vec::<Ready<i32>>::new()).next()),
        None
    );
}

#[test]
fn each_output_is_there_when_its_future_is() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        let mut naps = as_completed([30, 10, 20, 10].map(nap));
        for expected in [10, 10, 20, 30] {
            assert_eq!(naps.next().await, Some(expected));
            assert_eq!((now() - start).as_secs(), expected);
        }
        assert_eq!(naps.next().await, None);
    });
}

// --- Work ---

/// Two polls each: a first one, and one after the wake. So the work for a completion does not grow
/// with the number of futures.
#[test]
fn futures_that_wait_once_are_polled_twice() {
    const COUNT: usize = 100_000;
    let (gates, mut numbers) = gates(COUNT);
    // The step has no divisor in common with the count, so each is visited once.
    let order = (0..COUNT).map(|i| i * 77_773 % COUNT);
    foreign::block_on(async {
        assert!(poll_once(pin!(numbers.next())).await.is_pending());
        for i in order {
            gates[i].open();
            assert_eq!(poll_once(pin!(numbers.next())).await, Poll::Ready(Some(i)));
        }
        assert_eq!(numbers.next().await, None);
    });
    assert!(gates.iter().all(|gate| gate.polls() == 2));
}

#[test]
fn futures_that_end_at_once_are_polled_once() {
    const COUNT: usize = 100_000;
    let mut polls = 0;
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let mut numbers = as_completed((0..COUNT).map(ready));
    for i in 0..COUNT {
        polls += 1;
        assert_eq!(pin!(numbers.next()).poll(&mut cx), Poll::Ready(Some(i)));
    }
    assert_eq!((polls, counter.wakes()), (COUNT, 0));
}

/// A task that has its output, and waits for something else now, is left alone.
#[test]
fn a_wake_is_only_for_a_task_that_awaits_next() {
    let (gates, mut numbers) = gates(3);
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    assert!(pin!(numbers.next()).poll(&mut cx).is_pending());
    gates[0].open();
    assert_eq!(counter.wakes(), 1);
    assert!(pin!(numbers.next()).poll(&mut cx).is_ready());
    gates[1].open();
    gates[2].open();
    assert_eq!(counter.wakes(), 1);
    assert_eq!(pin!(numbers.next()).poll(&mut cx), Poll::Ready(Some(1)));
    assert_eq!(pin!(numbers.next()).poll(&mut cx), Poll::Ready(Some(2)));
}

// --- Cancelling ---

#[test]
fn dropping_next_anywhere_loses_nothing() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        let mut naps = as_completed([5, 3, 8].map(nap));
        let mut events = vec![];
        loop {
            match timeout(Duration::from_secs(1), naps.next()).await {
                Ok(Some(seconds)) => {
                    events.push(format!("nap {seconds} at {}", (now() - start).as_secs()))
                }
                Ok(None) => break,
                Err(Elapsed) => events.push(format!("{}", (now() - start).as_secs())),
            }
        }
        assert_eq!(
            events,
            [
                "1",
                "2",
                "nap 3 at 3",
                "4",
                "nap 5 at 5",
                "6",
                "7",
                "nap 8 at 8"
            ]
        );
        assert_eq!(naps.next().await, None);
    });
}

#[test]
fn a_wake_between_two_nexts_is_kept() {
    let (gates, mut numbers) = gates(2);
    foreign::block_on(async {
        assert!(poll_once(pin!(numbers.next())).await.is_pending());
        gates[1].open();
        assert_eq!(numbers.next().await, Some(1));
    });
}

#[test]
fn futures_are_dropped_before_their_outputs_come() {
    let log = Log::default();
    let endless = |name: &str| {
        let guard = log.guard(name);
        async move {
            let _guard = guard;
            pending().await
        }
    };
    let guard = log.guard("by hand");
    let by_hand = poll_fn(move |_| {
        let _ = &guard;
        Poll::Ready(())
    });
    let futures: [Pin<Box<dyn Future<Output = ()>>>; 3] = [
        Box::pin(endless("first")),
        Box::pin(by_hand),
        Box::pin(endless("last")),
    ];
    let mut outputs = as_completed(futures);
    foreign::block_on(outputs.next());
    assert_eq!(log.take(), ["by hand dropped"]);
    drop(outputs);
    assert_eq!(log.take(), ["first dropped", "last dropped"]);
}

#[test]
fn borrowed_handles_outlive_it() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let mut tasks = [3, 1, 2].map(|seconds| spawn(nap(seconds)));
        {
            let mut outputs = as_completed(&mut tasks);
            assert_eq!(outputs.next().await.unwrap().unwrap(), 1);
        }
        let [three, _, two] = tasks;
        assert_eq!((three.await.unwrap(), two.await.unwrap()), (3, 2));
    });
}

// --- Panics and tricks ---

#[test]
fn a_panic_leaves_the_other_futures() {
    let futures: [Pin<Box<dyn Future<Output = i32>>>; 3] = [
        Box::pin(ready(1)),
        Box::pin(async { panic!("oh") }),
        Box::pin(ready(3)),
    ];
    let mut outputs = as_completed(futures);
    assert_eq!(foreign::block_on(outputs.next()), Some(1));
    assert_eq!(
        panic_message::of(|| foreign::block_on(outputs.next())),
        "oh"
    );
    assert_eq!(foreign::block_on(outputs.next()), Some(3));
    assert_eq!(foreign::block_on(outputs.next()), None);
}

#[test]
fn a_panic_in_a_drop_leaves_the_others() {
    let guard = on_drop(|| panic!("oh"));
    let first = poll_fn(move |_| {
        let _ = &guard;
        Poll::Ready(1)
    });
    let futures: [Pin<Box<dyn Future<Output = i32>>>; 2] = [Box::pin(first), Box::pin(ready(2))];
    let mut outputs = as_completed(futures);
    assert_eq!(
        panic_message::of(|| foreign::block_on(outputs.next())),
        "oh"
    );
    assert_eq!(foreign::block_on(outputs.next()), Some(2));
    assert_eq!(foreign::block_on(outputs.next()), None);
}

/// Dropping one future may end another.
#[test]
fn a_future_whose_drop_wakes_another_does_so() {
    let gate = Gate::default();
    let guard = on_drop({
        let gate = gate.clone();
        move || gate.open()
    });
    let first = poll_fn(move |_| {
        let _ = &guard;
        Poll::Ready("first")
    });
    let waiting = async {
        gate.clone().wait().await;
        "second"
    };
    let futures: [Pin<Box<dyn Future<Output = &str>>>; 2] = [Box::pin(waiting), Box::pin(first)];
    let mut outputs = as_completed(futures);
    foreign::block_on(async {
        assert_eq!(outputs.next().await, Some("first"));
        assert_eq!(outputs.next().await, Some("second"));
    });
    assert_eq!(gate.polls(), 2);
}

#[test]
fn outputs_are_dropped_by_their_receiver() {
    let log = Log::default();
    let mut outputs = as_completed([ready(log.guard("output"))]);
    let output: Option<Guard> = foreign::block_on(outputs.next());
    drop(outputs);
    assert_eq!(log.take(), [""; 0]);
    drop(output);
    assert_eq!(log.take(), ["output dropped"]);
}

async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}
