//! How often is a task polled? Once for each time that it was woken while it was not ready, and
//! never otherwise.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use step8_fast_executor::{JoinHandle, sleep, spawn, yield_now};
use testing::gate::Gate;

use crate::support::{MAIN, recorded};

async fn spawn_waiting() -> (JoinHandle<()>, Gate) {
    let gate = Gate::default();
    let task = spawn(gate.clone().wait());
    yield_now().await;
    (task, gate)
}

async fn turns(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

#[test]
fn task_that_is_never_woken_is_polled_once() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(pending::<()>());
        turns(10).await;
        assert_eq!(recorder.story(task.id()), "spawned woken resumed suspended");
    });
}

#[test]
fn a_wake_is_one_poll() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let (task, gate) = spawn_waiting().await;
        for polls in 2..10 {
            gate.waker().wake();
            turns(3).await;
            assert_eq!(recorder.resumes(task.id()), polls);
        }
    });
}

#[test]
fn a_hundred_wakes_before_one_poll_are_one_poll() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let (task, gate) = spawn_waiting().await;
        for _ in 0..50 {
            gate.waker().wake();
            gate.waker().wake_by_ref();
        }
        turns(3).await;
        assert_eq!(
            recorder.story(task.id()),
            "spawned woken resumed suspended woken resumed suspended"
        );
    });
}

#[test]
fn hundred_wakes_from_a_thread_are_one_poll() {
    let (executor, recorder) = recorded();
    let (task, gate) = executor.block_on(spawn_waiting());
    let waker = gate.waker();
    thread::spawn(move || (0..100).for_each(|_| waker.wake_by_ref()))
        .join()
        .unwrap();
    executor.block_on(turns(5));
    assert_eq!(recorder.resumes(task.id()), 2);
}

#[test]
fn hundred_wakes_from_everywhere_are_one_poll() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let (task, gate) = spawn_waiting().await;
        let waker = gate.waker();
        thread::spawn(move || (0..100).for_each(|_| waker.wake_by_ref()))
            .join()
            .unwrap();
        // The inbox is read at the end of this turn, and by then the task is ready already.
        gate.waker().wake();
        turns(5).await;
        assert_eq!(recorder.resumes(task.id()), 2);
    });
}

#[test]
fn a_wake_during_a_poll_is_one_more_poll() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let mut is_first = true;
        let task = spawn(poll_fn(move |cx| -> Poll<()> {
            if std::mem::take(&mut is_first) {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        }));
        turns(5).await;
        assert_eq!(
            recorder.story(task.id()),
            "spawned woken resumed woken suspended resumed suspended"
        );
    });
}

#[test]
fn hundred_wakes_in_a_poll_are_one_more_poll() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let mut is_first = true;
        let task = spawn(poll_fn(move |cx| -> Poll<()> {
            if std::mem::take(&mut is_first) {
                (0..100).for_each(|_| cx.waker().wake_by_ref());
            }
            Poll::Pending
        }));
        turns(5).await;
        assert_eq!(recorder.resumes(task.id()), 2);
    });
}

/// The task is in the ready queue already when its poll ends.
#[test]
fn wakes_in_and_after_a_poll_are_one_more_poll() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let waker = Rc::new(RefCell::new(None::<Waker>));
        let seen = waker.clone();
        let task = spawn(poll_fn(move |cx| -> Poll<()> {
            if seen.replace(Some(cx.waker().clone())).is_none() {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        }));
        // Polled after it, and before it is polled again.
        drop(spawn(async move {
            waker.borrow().as_ref().unwrap().wake_by_ref()
        }));
        turns(5).await;
        assert_eq!(
            recorder.story(task.id()),
            "spawned woken resumed woken suspended resumed suspended"
        );
    });
}

#[test]
fn threads_wake_in_a_poll_is_one_more_poll() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let mut is_first = true;
        let task = spawn(poll_fn(move |cx| -> Poll<()> {
            if std::mem::take(&mut is_first) {
                let waker = cx.waker().clone();
                thread::spawn(move || waker.wake()).join().unwrap();
            }
            Poll::Pending
        }));
        turns(5).await;
        assert_eq!(recorder.resumes(task.id()), 2);
    });
}

#[test]
fn a_wake_in_the_last_poll_is_no_more_poll() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::Ready(7)
        }));
        turns(5).await;
        assert_eq!(
            recorder.story(task.id()),
            "spawned woken resumed woken finished"
        );
        assert_eq!(task.await.unwrap(), 7);
    });
}

#[test]
fn waking_one_polls_no_other() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..100 {
            tasks.push(spawn_waiting().await);
        }
        tasks[41].1.waker().wake();
        turns(3).await;
        let woken: Vec<_> = tasks
            .iter()
            .filter(|(task, _)| recorder.resumes(task.id()) == 2)
            .collect();
        assert_eq!(woken.len(), 1);
        assert_eq!(woken[0].0.id(), tasks[41].0.id());
    });
}

/// Classic bug: "one event wakes every task".
#[test]
fn each_timer_wakes_one_task() {
    let (executor, recorder) = recorded();
    let tasks: Vec<_> = (0..1_000).map(|i| executor.spawn(sleep_for(i))).collect();
    let ids: Vec<_> = tasks.iter().map(JoinHandle::id).collect();
    executor.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
    for id in ids {
        assert_eq!(recorder.resumes(id), 2, "task {id:?}");
    }
}

async fn sleep_for(milliseconds: u64) {
    sleep(Duration::from_millis(milliseconds)).await;
}

/// Classic bug: "join by busy polling". The tutorial's own `Task.wait` does this.
#[test]
fn joiner_is_polled_twice() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let busy = spawn(turns(1_000));
        let joiner = spawn(busy);
        let id = joiner.id();
        joiner.await.unwrap().unwrap();
        assert_eq!(
            recorder.story(id),
            "spawned woken resumed suspended woken resumed finished"
        );
    });
    assert_eq!(recorder.resumes(MAIN), 2);
}
