//! Which task runs next? The one that has been ready for longest.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;
use std::thread;
use std::time::Duration;

use step8_fast_executor::{Executor, JoinHandle, block_on, sleep, spawn, yield_now};
use testing::log::Log;
use testing::watchdog;

use crate::support::recorded;

/// Runs a main future under virtual time, so that a wait without an end is a panic.
fn run<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

#[test]
fn tasks_run_in_the_order_of_spawning() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let tasks: Vec<_> = (0..100).map(|_| spawn(yield_now())).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    let twice: Vec<u64> = (1..=100).chain(1..=100).collect();
    let polled: Vec<u64> = recorder
        .order("resumed")
        .into_iter()
        .filter(|id| *id != 0)
        .collect();
    assert_eq!(polled, twice);
}

#[test]
fn children_queue_behind_those_who_are_ready() {
    let log = Log::default();
    run(async {
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
        for _ in 0..3 {
            yield_now().await;
        }
    });
    assert_eq!(log.take(), ["a", "b", "child of a", "a again", "b again"]);
}

#[test]
fn tasks_run_in_the_order_of_their_wakes() {
    let log = Log::default();
    run(async {
        let mut wakers: Vec<Waker> = Vec::new();
        for i in 0..5 {
            let (log, (send, receive)) = (log.clone(), std::sync::mpsc::channel());
            drop(spawn(async move {
                let mut send = Some(send);
                std::future::poll_fn(|cx| match send.take() {
                    Some(send) => {
                        send.send(cx.waker().clone()).unwrap();
                        std::task::Poll::Pending
                    }
                    None => std::task::Poll::Ready(()),
                })
                .await;
                log.add(i.to_string());
            }));
            yield_now().await;
            wakers.push(receive.try_recv().unwrap());
        }
        for i in [3, 0, 3, 4, 0, 2, 1] {
            wakers[i].wake_by_ref();
        }
        yield_now().await;
    });
    assert_eq!(log.take(), ["3", "0", "4", "2", "1"]);
}

/// Classic bug: "a LIFO ready queue starves".
#[test]
fn ready_queue_is_first_in_first_out() {
    let counts = [const { Cell::new(0) }; 2].map(Rc::new);
    run(async {
        let tasks = counts.clone().map(|count| {
            spawn(async move {
                for _ in 0..10_000 {
                    count.set(count.get() + 1);
                    yield_now().await;
                }
            })
        });
        for _ in 0..1_000 {
            yield_now().await;
            let [a, b] = [counts[0].get(), counts[1].get()];
            assert!(b <= a && a <= b + 1, "{a} and {b}");
        }
        tasks
            .iter()
            .for_each(|task: &step8_fast_executor::JoinHandle<()>| task.abort());
    });
    assert_eq!(counts.map(|count| count.get()), [1_000, 1_000]);
}

/// Classic bug: "a bounded run queue".
#[test]
fn ready_queue_has_no_bound() {
    let count = Rc::new(Cell::new(0));
    let seen = count.clone();
    run(async {
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
fn busy_task_starves_no_other_thread() {
    watchdog::within_a_minute(|| {
        block_on(async {
            let is_seen = Arc::new(AtomicBool::new(false));
            let seen = is_seen.clone();
            let mut is_first = true;
            let waits = spawn(std::future::poll_fn(move |cx| {
                if std::mem::take(&mut is_first) {
                    let waker = cx.waker().clone();
                    thread::spawn(move || waker.wake());
                    return std::task::Poll::Pending;
                }
                seen.store(true, Ordering::Relaxed);
                std::task::Poll::Ready(())
            }));
            while !is_seen.load(Ordering::Relaxed) {
                yield_now().await;
            }
            waits.await.unwrap();
        });
    });
}

#[test]
fn a_chain_of_spawns_is_no_recursion() {
    fn link(left: u32, done: Rc<Cell<bool>>) {
        if left == 0 {
            return done.set(true);
        }
        drop(spawn(async move { link(left - 1, done) }));
    }
    let done = Rc::new(Cell::new(false));
    run(async {
        link(100_000, done.clone());
        for _ in 0..=100_000 {
            yield_now().await;
        }
        assert!(done.get());
    });
}

#[test]
fn a_chain_of_joins_is_no_recursion() {
    let length = run(async {
        let mut last = spawn(async { 0 });
        for _ in 0..10_000 {
            last = spawn(async { last.await.unwrap() + 1 });
        }
        last.await.unwrap()
    });
    assert_eq!(length, 10_000);
}

#[test]
fn a_million_tasks_one_after_the_other() {
    let sum = run(async {
        let mut sum = 0_u64;
        for i in 0..1_000_000 {
            sum += spawn(async move { i }).await.unwrap();
        }
        sum
    });
    assert_eq!(sum, 499_999_500_000);
}

/// A task of one executor aborts one of another, whose guard aborts a thousand of the first. The
/// turn that is going on ends where it would have ended.
#[test]
fn foreign_abort_does_not_lengthen_the_round() {
    struct AbortAll(Rc<RefCell<Vec<JoinHandle<()>>>>);
    impl Drop for AbortAll {
        fn drop(&mut self) {
            self.0.take().iter().for_each(JoinHandle::abort);
        }
    }
    let (one, two) = (Executor::new().unwrap(), Executor::new().unwrap());
    let all = Rc::default();
    let guard = AbortAll(Rc::clone(&all));
    let guarded = two.spawn(async move {
        let _guard = guard;
        pending::<()>().await
    });
    drop(one.spawn(async move { guarded.abort() }));
    all.replace((0..1_000).map(|_| one.spawn(pending())).collect());
    let polls = Rc::new(Cell::new(0));
    drop(one.spawn({
        let polls = polls.clone();
        async move {
            loop {
                polls.set(polls.get() + 1);
                yield_now().await;
            }
        }
    }));
    // Two turns, because timers are looked at between them, and in each the yielder comes before
    // main.
    one.block_on(async { sleep(Duration::ZERO).await });
    assert_eq!(polls.get(), 2);
}
