//! How do many futures run at once in one task, and are their outputs in order?

use std::cell::Cell;
use std::future::{Ready, pending, poll_fn, ready};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step5_executor::{Executor, now, sleep, spawn, timeout, yield_now};
use step6_toolbox::{join_all, try_join_all};
use testing::foreign;
use testing::gate::Gate;
use testing::log::{Guard, Log};
use testing::panic_message;

/// A future of any kind.
type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Makes a future that logs when it is dropped, and never ends.
fn endless<T>(log: &Log, name: &str) -> impl Future<Output = T> + use<T> {
    let guard = log.guard(name);
    async move {
        let _guard = guard;
        pending().await
    }
}

// --- Outputs ---

#[test]
fn outputs_are_in_the_order_of_the_futures() {
    let gates: Vec<Gate> = (0..5).map(|_| Gate::default()).collect();
    let mut all = Box::pin(join_all(gates.iter().cloned().enumerate().map(
        async |(i, gate)| {
            gate.wait().await;
            i
        },
    )));
    for i in [3, 0, 4, 2] {
        assert!(poll(&mut all).is_pending());
        gates[i].open();
    }
    assert!(poll(&mut all).is_pending());
    gates[1].open();
    assert_eq!(poll(&mut all), Poll::Ready(vec![0, 1, 2, 3, 4]));
}

#[test]
fn without_futures_it_is_ready_at_once() {
    assert_eq!(
        poll(&mut Box::pin(join_all(Vec::<Ready<i32>>::new()))),
        Poll::Ready(vec![])
    );
    assert_eq!(
        poll(&mut Box::pin(try_join_all(
            Vec::<Ready<Result<i32, ()>>>::new()
        ))),
        Poll::Ready(Ok(vec![]))
    );
}

#[test]
fn the_futures_are_made_in_the_call() {
    let made = Cell::new(0);
    let all = join_all((0..3).map(|_| {
        made.set(made.get() + 1);
        ready(())
    }));
    assert_eq!(made.get(), 3);
    drop(all);
}

#[test]
fn naps_of_three_seconds_take_three_seconds() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        join_all((0..=3).map(|seconds| sleep(Duration::from_secs(seconds)))).await;
        assert_eq!(now() - start, Duration::from_secs(3));
    });
}

#[test]
fn it_nests() {
    let inner = |i: u32| {
        join_all((0..3).map(move |k| async move {
            yield_now().await;
            10 * i + k
        }))
    };
    assert_eq!(
        foreign::block_on(join_all((0..2).map(inner))),
        [[0, 1, 2], [10, 11, 12]]
    );
}

#[test]
fn futures_may_borrow_what_the_task_owns() {
    let words = ["one".to_string(), "three".to_string()];
    let lengths = foreign::block_on(join_all(words.iter().map(async |word| word.len())));
    assert_eq!(lengths, [3, 5]);
}

// --- Polls ---

/// Promise (toolbox): A child of `join_all` and its kin is polled only when it was woken.
#[test]
fn one_wake_of_a_thousand_is_one_poll() {
    let gates: Vec<Gate> = (0..1_000).map(|_| Gate::default()).collect();
    let mut all = Box::pin(join_all(gates.iter().cloned().map(Gate::wait)));
    assert!(poll(&mut all).is_pending());
    gates[500].open();
    assert!(poll(&mut all).is_pending());
    let polls: usize = gates.iter().map(Gate::polls).sum();
    assert_eq!((polls, gates[500].polls()), (1_001, 2));

    gates.iter().for_each(Gate::open);
    assert!(poll(&mut all).is_ready());
    assert!(gates.iter().all(|gate| gate.polls() == 2));
}

#[test]
fn each_is_dropped_before_the_next_is_polled() {
    let log = Log::default();
    let children = ["a", "b"].map(|name| {
        let (guard, log) = (log.guard(name), log.clone());
        poll_fn(move |_| {
            let _ = &guard;
            log.add(format!("{name} polled"));
            Poll::Ready(())
        })
    });
    assert!(poll(&mut Box::pin(join_all(children))).is_ready());
    assert_eq!(
        log.take(),
        ["a polled", "a dropped", "b polled", "b dropped"]
    );
}

// --- Cancelling ---

#[test]
fn dropping_it_drops_futures_then_outputs() {
    let log = Log::default();
    let children: [Boxed<Guard>; 4] = [
        Box::pin(endless(&log, "0")),
        Box::pin(ready(log.guard("output 1"))),
        Box::pin(endless(&log, "2")),
        Box::pin(ready(log.guard("output 3"))),
    ];
    let mut all = Box::pin(join_all(children));
    assert!(poll(&mut all).is_pending());
    assert_eq!(log.take(), [""; 0]);
    drop(all);
    assert_eq!(
        log.take(),
        [
            "0 dropped",
            "2 dropped",
            "output 1 dropped",
            "output 3 dropped"
        ]
    );
}

/// Borrowed futures stay where they were, whenever the join was dropped.
#[test]
fn dropping_it_leaves_borrowed_tasks_alone() {
    for limit in 0..5 {
        Executor::with_virtual_time().unwrap().block_on(async {
            let mut tasks: Vec<_> = (1..=4)
                .map(|i| spawn(sleep(Duration::from_secs(i))))
                .collect();
            let limit = Duration::from_millis(1_000 * limit + 500);
            let all = timeout(
                limit,
                join_all(tasks.iter_mut().map(async |task| task.await.is_ok())),
            )
            .await;
            assert_eq!(all.is_ok(), limit > Duration::from_secs(4));
            let ended = tasks.iter().filter(|task| task.is_finished()).count();
            assert_eq!(ended as u64, limit.as_secs());
            for task in tasks.into_iter().skip(ended) {
                task.await.unwrap();
            }
        });
    }
}

// --- Errors ---

#[test]
fn the_first_error_in_time_is_returned() {
    let gates: Vec<Gate> = (0..3).map(|_| Gate::default()).collect();
    let mut all = Box::pin(try_join_all(gates.iter().cloned().enumerate().map(
        async |(i, gate)| {
            gate.wait().await;
            if i == 1 { Ok(()) } else { Err(i) }
        },
    )));
    assert!(poll(&mut all).is_pending());
    for i in [1, 2, 0] {
        gates[i].open();
    }
    assert_eq!(poll(&mut all), Poll::Ready(Err(2)));
    assert_eq!(gates[0].polls(), 1, "dropped, though it was woken");
}

#[test]
fn without_an_error_all_values_are_returned() {
    let halves = [4, 2, 6].map(async |number: u32| {
        yield_now().await;
        number.is_multiple_of(2).then_some(number / 2).ok_or(number)
    });
    assert_eq!(foreign::block_on(try_join_all(halves)), Ok(vec![2, 1, 3]));
}

/// Even while the future that has given the error is still there.
///
/// Promise (toolbox): `race` and `try_join_all` drop the futures that they no longer need at once.
#[test]
fn an_error_drops_the_rest_at_once() {
    let log = Log::default();
    let children: [Boxed<Result<Guard, &str>>; 5] = [
        Box::pin(ready(Ok(log.guard("value")))),
        Box::pin(endless(&log, "endless")),
        Box::pin(ready(Err("oh"))),
        Box::pin(endless(&log, "not polled")),
        Box::pin(poll_fn(|_| panic!("polled after the error"))),
    ];
    let mut all = Box::pin(try_join_all(children));
    assert!(matches!(poll(&mut all), Poll::Ready(Err("oh"))));
    assert_eq!(
        log.take(),
        ["endless dropped", "not polled dropped", "value dropped"]
    );
    drop(all);
    assert_eq!(log.take(), [""; 0]);
}

// --- Panics ---

#[test]
fn a_panic_drops_the_rest_once() {
    let log = Log::default();
    let children: [Boxed<()>; 3] = [
        Box::pin(endless(&log, "before")),
        Box::pin(async { panic!("oh") }),
        Box::pin(endless(&log, "after")),
    ];
    assert_eq!(
        panic_message::of(|| foreign::block_on(join_all(children))),
        "oh"
    );
    assert_eq!(log.take(), ["before dropped", "after dropped"]);
}

#[test]
fn polled_after_a_panic_it_panics_again() {
    let children: [Boxed<()>; 2] = [Box::pin(async { panic!("oh") }), Box::pin(pending())];
    let mut all = Box::pin(join_all(children));
    assert_eq!(panic_message::of(|| poll(&mut all)), "oh");
    assert_eq!(
        panic_message::of(|| poll(&mut all)),
        "`async fn` resumed after panicking"
    );
}

#[test]
fn polled_after_its_end_it_panics() {
    let mut all = Box::pin(join_all([ready(1)]));
    assert_eq!(poll(&mut all), Poll::Ready(vec![1]));
    assert_eq!(
        panic_message::of(|| poll(&mut all)),
        "`async fn` resumed after completion"
    );

    let mut all = Box::pin(try_join_all([ready(Err::<(), _>(1))]));
    assert_eq!(poll(&mut all), Poll::Ready(Err(1)));
    assert_eq!(
        panic_message::of(|| poll(&mut all)),
        "`async fn` resumed after completion"
    );
}
