//! Which task runs next? The one that has been ready for longest.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use testing::foreign::turns;
use testing::log::Log;
use testing::recorder::Recorder;

use crate::executor::{spawn, yield_now};
use crate::suites::support::virtually;

#[test]
fn tasks_run_in_the_order_of_spawning() {
    let recorder = Recorder::new();
    virtually(async {
        let tasks: Vec<_> = (0..100).map(|_| spawn(yield_now())).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    let mut resumed = recorder.order("resumed");
    resumed.retain(|task| *task != 0);
    let twice: Vec<u64> = (1..=100).chain(1..=100).collect();
    assert_eq!(resumed, twice);
}

/// Promise (order): The ready queue is first in, first out, and a new task goes to its back.
#[test]
fn children_queue_behind_ready_tasks() {
    let log = Log::default();
    virtually(async {
        let (a, b) = (log.clone(), log.clone());
        drop(spawn(async move {
            a.add("a");
            let child = a.clone();
            drop(spawn(async move { child.add("child of a") }));
            yield_now().await;
            a.add("a again");
        }));
        drop(spawn(async move {
            b.add("b");
            yield_now().await;
            b.add("b again");
        }));
        turns(3).await;
    });
    let expected = ["a", "b", "child of a", "a again", "b again"];
    assert_eq!(log.take(), expected);
}

/// Promise (wakers): Waking one task polls no other, and tasks are polled in the order of their
/// wakes.
#[test]
fn tasks_run_in_the_order_of_their_wakes() {
    let log = Log::default();
    virtually(async {
        let wakers = Rc::new(Cell::new(Vec::<Waker>::new()));
        for i in 0..5 {
            let (log, wakers, mut is_first) = (log.clone(), wakers.clone(), true);
            drop(spawn(poll_fn(move |cx| {
                if std::mem::take(&mut is_first) {
                    let mut all = wakers.take();
                    all.push(cx.waker().clone());
                    wakers.set(all);
                    return Poll::Pending;
                }
                log.add(i);
                Poll::Ready(())
            })));
        }
        yield_now().await;
        let wakers = wakers.take();
        for i in [3, 0, 3, 4, 0, 2, 1] {
            wakers[i].wake_by_ref();
        }
        yield_now().await;
    });
    assert_eq!(log.take(), ["3", "0", "4", "2", "1"]);
}

/// Promise (order): Tasks that are always ready have equally many turns, give or take one.
///
/// Classic bug: A LIFO ready queue starves
#[test]
fn two_yielders_stay_within_one_turn() {
    let counts = [const { Cell::new(0) }; 2].map(Rc::new);
    virtually(async {
        for count in counts.clone() {
            drop(spawn(async move {
                loop {
                    count.set(count.get() + 1);
                    yield_now().await;
                }
            }));
        }
        for _ in 0..1_000 {
            yield_now().await;
            let [a, b] = [counts[0].get(), counts[1].get()];
            assert!(b <= a && a <= b + 1, "{a} and {b}");
        }
    });
    assert_eq!(counts.map(|count| count.get()), [1_000, 1_000]);
}

/// Classic bug: A bounded run queue
#[test]
fn one_task_may_spawn_100_000() {
    let count = Rc::new(Cell::new(0));
    let seen = count.clone();
    virtually(async {
        let parent = spawn(async move {
            for _ in 0..100_000 {
                let count = seen.clone();
                drop(spawn(async move { count.set(count.get() + 1) }));
            }
        });
        parent.await.unwrap();
        yield_now().await;
    });
    assert_eq!(count.get(), 100_000);
}

#[test]
fn a_chain_of_spawns_is_not_recursive() {
    fn link(left: u32, done: Rc<Cell<bool>>) {
        if left == 0 {
            return done.set(true);
        }
        drop(spawn(async move { link(left - 1, done) }));
    }
    let done = Rc::new(Cell::new(false));
    virtually(async {
        link(100_000, done.clone());
        turns(100_001).await;
        assert!(done.get());
    });
}

#[test]
fn a_chain_of_joins_is_not_recursive() {
    let length = virtually(async {
        let mut last = spawn(async { 0 });
        for _ in 0..10_000 {
            last = spawn(async { last.await.unwrap() + 1 });
        }
        last.await.unwrap()
    });
    assert_eq!(length, 10_000);
}

#[test]
fn a_hundred_thousand_tasks_one_after_the_other() {
    let sum = virtually(async {
        let mut sum = 0_u64;
        for i in 0..100_000 {
            sum += spawn(async move { i }).await.unwrap();
        }
        sum
    });
    assert_eq!(sum, 4_999_950_000);
}
