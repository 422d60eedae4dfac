//! Which wake of which child reaches the task, and what is polled for it? Shown with `join_all` and
//! `as_completed`.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use step5_executor::{Executor, spawn, yield_now};
use step6_toolbox::{as_completed, join_all};
use testing::foreign;
use testing::foreign::{Counter, waker_of};
use testing::gate::Gate;
use testing::log::on_drop;
use testing::watchdog;

fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// Makes so many gates, and a future that waits for all of them.
fn gates(count: usize) -> (Vec<Gate>, Pin<Box<impl Future<Output = Vec<()>>>>) {
    let gates: Vec<Gate> = (0..count).map(|_| Gate::default()).collect();
    let all = Box::pin(join_all(gates.clone().into_iter().map(Gate::wait)));
    (gates, all)
}

// --- Wakes between polls ---

#[test]
fn many_child_wakes_are_one_task_wake() {
    let (gates, mut all) = gates(10);
    let (counter, waker) = Counter::new();
    assert!(poll(&mut all, &waker).is_pending());
    gates[..5].iter().for_each(Gate::open);
    assert_eq!(counter.wakes(), 1);
    assert!(poll(&mut all, &waker).is_pending());
    gates[5..].iter().for_each(Gate::open);
    assert_eq!(counter.wakes(), 2);
    assert!(poll(&mut all, &waker).is_ready());
}

/// Promise (toolbox): A child of `join_all` and its kin is polled only when it was woken.
#[test]
fn ten_wakes_of_a_child_are_one_poll() {
    let (gates, mut all) = gates(2);
    let (counter, waker) = Counter::new();
    assert!(poll(&mut all, &waker).is_pending());
    let child = gates[0].waker();
    (0..10).for_each(|_| child.wake_by_ref());
    assert!(poll(&mut all, &waker).is_pending());
    assert_eq!(
        (gates[0].polls(), gates[1].polls(), counter.wakes()),
        (2, 1, 1)
    );
    assert!(poll(&mut all, &waker).is_pending());
    assert_eq!(gates[0].polls(), 2);
}

#[test]
fn an_unrelated_poll_polls_no_child() {
    let (gates, mut all) = gates(3);
    for _ in 0..10 {
        assert!(poll(&mut all, Waker::noop()).is_pending());
    }
    assert!(gates.iter().all(|gate| gate.polls() == 1));
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let (gates, mut all) = gates(1);
    let ((old, old_waker), (new, new_waker)) = (Counter::new(), Counter::new());
    assert!(poll(&mut all, &old_waker).is_pending());
    assert!(poll(&mut all, &new_waker).is_pending());
    gates[0].open();
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
    drop(old_waker);
    assert_eq!(Arc::strong_count(&old), 1, "the old one is not kept");
}

/// Promise (toolbox): No wake of a child is lost, from whatever thread and at whatever moment it
/// comes.
#[test]
fn a_wake_before_the_task_waits_is_not_lost() {
    // The second child wakes the first, which was polled already, while the task is still being
    // polled.
    let gate = Gate::default();
    let opener = async {
        gate.open();
        std::future::pending().await
    };
    let children: [Pin<Box<dyn Future<Output = ()>>>; 2] =
        [Box::pin(gate.clone().wait()), Box::pin(opener)];
    let mut all = Box::pin(join_all(children));
    let (counter, waker) = Counter::new();
    assert!(poll(&mut all, &waker).is_pending());
    assert_eq!((counter.wakes(), gate.polls()), (1, 1));
    assert!(poll(&mut all, &waker).is_pending());
    assert_eq!(gate.polls(), 2);
}

// --- Wakes during a poll ---

#[test]
fn a_child_that_wakes_itself_is_polled_again() {
    foreign::block_on(join_all((0..10).map(async |i| {
        for _ in 0..i {
            yield_now().await;
        }
    })));
}

/// Even when others are ready meanwhile: for each of them, a new round begins.
#[test]
fn self_waking_children_do_not_keep_the_poll() {
    let polls = Cell::new(0);
    let restless = || {
        poll_fn(|cx| {
            polls.set(polls.get() + 1);
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        })
    };
    let children: [Pin<Box<dyn Future<Output = ()>>>; 4] = [
        Box::pin(restless()),
        Box::pin(async {}),
        Box::pin(restless()),
        Box::pin(async {}),
    ];
    let mut all = Box::pin(join_all(children));
    let (counter, waker) = Counter::new();
    for turn in 1..=10 {
        assert!(poll(&mut all, &waker).is_pending());
        // In the first poll of the task it is polled once more for each child that is ready.
        assert_eq!((polls.get(), counter.wakes()), (2 * turn + 2, turn));
    }
}

#[test]
fn mutually_waking_children_do_not_keep_the_poll() {
    let wakers = [Cell::new(None), Cell::new(None)];
    let polls = Cell::new(0);
    let mut all = Box::pin(join_all([0, 1].map(|i: usize| {
        let (wakers, polls) = (&wakers, &polls);
        poll_fn(move |cx| {
            polls.set(polls.get() + 1);
            wakers[i].set(Some(cx.waker().clone()));
            let other: Option<Waker> = wakers[1 - i].take();
            other.iter().for_each(Waker::wake_by_ref);
            wakers[1 - i].set(other);
            Poll::<()>::Pending
        })
    })));
    let (counter, waker) = Counter::new();
    assert!(poll(&mut all, &waker).is_pending());
    // The second has woken the first.
    assert_eq!((polls.get(), counter.wakes()), (2, 1));
    assert!(poll(&mut all, &waker).is_pending());
    assert_eq!((polls.get(), counter.wakes()), (3, 2));
}

/// Promise (toolbox): A child that wakes itself over and over starves no other.
#[test]
fn a_restless_child_starves_no_other() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let turns = Cell::new(0);
        let restless = poll_fn(|cx| {
            turns.set(turns.get() + 1);
            cx.waker().wake_by_ref();
            if turns.get() < 100 {
                Poll::Pending
            } else {
                Poll::Ready(0)
            }
        });
        let neighbour = spawn(async {
            for _ in 0..20 {
                yield_now().await;
            }
        });
        let sibling = async {
            neighbour.await.unwrap();
            turns.get()
        };
        let children: [Pin<Box<dyn Future<Output = i32>>>; 2] =
            [Box::pin(restless), Box::pin(sibling)];
        let turns = join_all(children).await[1];
        assert!((20..30).contains(&turns), "{turns} turns");
    });
}

// --- Wakes after the end ---

#[test]
fn a_wake_after_completion_does_nothing() {
    let (gates, mut all) = gates(2);
    let (counter, waker) = Counter::new();
    assert!(poll(&mut all, &waker).is_pending());
    let child = gates[0].waker();
    gates[0].open();
    assert!(poll(&mut all, &waker).is_pending());
    child.wake_by_ref();
    child.wake();
    assert_eq!(counter.wakes(), 1);
    assert!(poll(&mut all, &waker).is_pending());
    assert_eq!((gates[0].polls(), gates[1].polls()), (2, 1));
}

#[test]
fn a_ready_child_is_not_polled_again() {
    let polls = Cell::new(0);
    let child = || {
        poll_fn(|cx| {
            cx.waker().wake_by_ref();
            polls.set(polls.get() + 1);
            Poll::Ready(polls.get())
        })
    };
    let mut outputs = as_completed([child(), child()]);
    foreign::block_on(async {
        for expected in [Some(1), Some(2), None, None] {
            assert_eq!(outputs.next().await, expected);
        }
    });
}

#[test]
fn a_wake_after_the_drop_does_nothing() {
    let (gates, mut all) = gates(2);
    let (counter, waker) = Counter::new();
    assert!(poll(&mut all, &waker).is_pending());
    let child = gates[0].waker();
    drop(all);
    child.wake();
    drop(waker);
    assert_eq!(
        (counter.wakes(), Arc::strong_count(&counter)),
        (0, 1),
        "nor is the task's waker kept"
    );
}

#[test]
fn children_may_wake_each_other_when_dropped() {
    let gate = Gate::default();
    let guard = on_drop({
        let gate = gate.clone();
        move || gate.open()
    });
    let guarded = async move {
        let _guard = guard;
        std::future::pending::<()>().await;
    };
    let children: [Pin<Box<dyn Future<Output = ()>>>; 2] =
        [Box::pin(guarded), Box::pin(gate.wait())];
    let mut all = Box::pin(join_all(children));
    let (counter, waker) = Counter::new();
    assert!(poll(&mut all, &waker).is_pending());
    drop(all);
    assert_eq!(counter.wakes(), 0);
}

// --- Wakers of others ---

/// The task's waker wakes the children when it is woken, and when it is dropped. Under a lock that
/// would hang.
#[test]
fn a_task_waker_may_wake_the_children() {
    watchdog::within_a_minute(|| {
        let children: Arc<Mutex<Vec<Waker>>> = Arc::default();
        let wake_children = {
            let children = children.clone();
            move || {
                let wakers = children.lock().unwrap().clone();
                wakers.iter().for_each(Waker::wake_by_ref);
            }
        };
        let polls = AtomicUsize::new(0);
        let mut all = Box::pin(join_all([0, 1].map(|_| {
            let (children, polls) = (&children, &polls);
            poll_fn(move |cx| {
                polls.fetch_add(1, SeqCst);
                children.lock().unwrap().push(cx.waker().clone());
                Poll::<()>::Pending
            })
        })));
        for turn in 1..=5 {
            let waker = waker_of(wake_children.clone(), wake_children.clone());
            assert!(poll(&mut all, &waker).is_pending());
            assert_eq!(polls.load(SeqCst), 2 * turn);
            drop(waker);
            if turn % 2 == 0 {
                // The first child wakes the task, whose waker wakes the second. Otherwise the next
                // poll drops that waker.
                let first = children.lock().unwrap()[0].clone();
                first.wake();
            } else {
                // The old waker is dropped, and the children that it wakes are polled in the next
                // round.
                assert!(poll(&mut all, Waker::noop()).is_pending());
                assert_eq!(polls.load(SeqCst), 2 * turn);
            }
        }
    });
}

// --- Other threads ---

/// Each child needs many wakes from another thread, which come before, during and after its polls.
///
/// Promise (toolbox): No wake of a child is lost, from whatever thread and at whatever moment it
/// comes.
#[test]
fn no_wake_from_another_thread_is_lost() {
    const CHILDREN: usize = 50;
    const WAKES: usize = 200;
    #[derive(Default)]
    struct Seat {
        served: AtomicUsize,
        seen: AtomicUsize,
        waker: Mutex<Option<Waker>>,
    }
    watchdog::within_a_minute(|| {
        let seats: Arc<Vec<Seat>> = Arc::new((0..CHILDREN).map(|_| Seat::default()).collect());
        let children = (0..CHILDREN).map(|i| {
            let seats = seats.clone();
            poll_fn(move |cx| {
                let seat = &seats[i];
                *seat.waker.lock().unwrap() = Some(cx.waker().clone());
                let served = seat.served.load(SeqCst);
                seat.seen.store(served, SeqCst);
                if served < WAKES {
                    Poll::Pending
                } else {
                    Poll::Ready(i)
                }
            })
        });
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let seats = seats.clone();
                thread::spawn(move || {
                    let mine: Vec<&Seat> = seats.iter().skip(thread).step_by(4).collect();
                    for _ in 0..WAKES {
                        for seat in &mine {
                            // Only when the last wake was seen, so that a lost one stops
                            // everything.
                            while seat.seen.load(SeqCst) < seat.served.load(SeqCst) {
                                thread::yield_now();
                            }
                            seat.served.fetch_add(1, SeqCst);
                            let waker = seat.waker.lock().unwrap().clone();
                            waker.iter().for_each(Waker::wake_by_ref);
                        }
                    }
                })
            })
            .collect();
        assert_eq!(
            foreign::block_on(join_all(children)),
            (0..CHILDREN).collect::<Vec<_>>()
        );
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn it_may_move_between_threads() {
    watchdog::within_a_minute(|| {
        let waiting: Arc<Mutex<Vec<Waker>>> = Arc::default();
        let mut outputs = as_completed((0..3).map(|i| {
            let (waiting, mut is_woken) = (waiting.clone(), false);
            poll_fn(move |cx| {
                if std::mem::replace(&mut is_woken, true) {
                    return Poll::Ready(i);
                }
                waiting.lock().unwrap().push(cx.waker().clone());
                Poll::Pending
            })
        }));
        assert!(
            pin!(outputs.next())
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
        let thread = thread::spawn(move || {
            foreign::block_on(async {
                let mut order = vec![];
                while let Some(i) = outputs.next().await {
                    order.push(i);
                }
                order
            })
        });
        let wakers = std::mem::take(&mut *waiting.lock().unwrap());
        wakers.into_iter().rev().for_each(Waker::wake);
        assert_eq!(thread.join().unwrap(), [2, 1, 0]);
    });
}
