//! How often is a task polled? Once for each time that it was woken while it was not ready, and
//! never otherwise.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;

use testing::foreign::turns;
use testing::recorder::Recorder;

use crate::executor::{Executor, JoinHandle, spawn};
use crate::suites::support::{spawn_waiting, virtually};

/// Spawns a task that does this in its first poll, and never ends.
fn spawn_first(first: impl FnOnce(&Waker) + 'static) -> JoinHandle<()> {
    let mut first = Some(first);
    spawn(poll_fn(move |cx| {
        if let Some(first) = first.take() {
            first(cx.waker());
        }
        Poll::Pending
    }))
}

/// Lets all tasks run, and returns how often the task was polled.
async fn polls(task: &JoinHandle<()>, recorder: &Recorder) -> usize {
    turns(5).await;
    recorder.resumes(task.id())
}

#[test]
fn without_a_wake_there_is_one_poll() {
    let recorder = Recorder::new();
    virtually(async {
        let task = spawn(pending::<()>());
        assert_eq!(polls(&task, &recorder).await, 1);
        let expected = "spawned woken resumed suspended";
        assert_eq!(recorder.story(task.id()), expected);
    });
}

/// Promise (wakers): One wake is one poll, and so are a hundred wakes before that poll.
#[test]
fn a_wake_is_one_poll() {
    let recorder = Recorder::new();
    virtually(async {
        let (task, gate) = spawn_waiting().await;
        for expected in 2..10 {
            gate.waker().wake();
            assert_eq!(polls(&task, &recorder).await, expected);
        }
    });
}

/// Promise (wakers): One wake is one poll, and so are a hundred wakes before that poll.
#[test]
fn a_hundred_wakes_before_one_poll_are_one_poll() {
    let recorder = Recorder::new();
    virtually(async {
        let (task, gate) = spawn_waiting().await;
        for _ in 0..50 {
            gate.waker().wake();
            gate.waker().wake_by_ref();
        }
        turns(5).await;
        let expected = "spawned woken resumed suspended woken resumed suspended";
        assert_eq!(recorder.story(task.id()), expected);
    });
}

/// Promise (wakers): However often other threads wake a task, the queue of their wakes stays short.
#[test]
fn a_hundred_wakes_from_a_thread_are_one_poll() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time().unwrap();
    let (task, gate) = executor.block_on(spawn_waiting());
    let waker = gate.waker();
    let wake = move || (0..100).for_each(|_| waker.wake_by_ref());
    thread::spawn(wake).join().unwrap();
    gate.waker().wake();
    assert_eq!(executor.block_on(polls(&task, &recorder)), 2);
}

/// Promise (wakers): A wake during a poll is one more poll.
#[test]
fn a_wake_during_a_poll_is_one_more_poll() {
    let recorder = Recorder::new();
    virtually(async {
        let task = spawn_first(Waker::wake_by_ref);
        assert_eq!(polls(&task, &recorder).await, 2);
        let expected = "spawned woken resumed woken suspended resumed suspended";
        assert_eq!(recorder.story(task.id()), expected);
    });
}

#[test]
fn a_hundred_wakes_in_a_poll_are_one_more_poll() {
    let recorder = Recorder::new();
    virtually(async {
        let task = spawn_first(|waker| (0..100).for_each(|_| waker.wake_by_ref()));
        assert_eq!(polls(&task, &recorder).await, 2);
    });
}

/// The task is in the ready queue already when its poll ends.
#[test]
fn wakes_in_and_after_a_poll_are_one_more_poll() {
    let recorder = Recorder::new();
    virtually(async {
        let kept = Rc::new(RefCell::new(None::<Waker>));
        let keep = kept.clone();
        let task = spawn_first(move |waker| {
            waker.wake_by_ref();
            keep.replace(Some(waker.clone()));
        });
        // Polled after it, and before it is polled again.
        drop(spawn(async move { kept.take().unwrap().wake() }));
        assert_eq!(polls(&task, &recorder).await, 2);
    });
}

#[test]
fn a_threads_wake_during_a_poll_is_one_more_poll() {
    let recorder = Recorder::new();
    virtually(async {
        let task = spawn_first(|waker| {
            let waker = waker.clone();
            thread::spawn(move || waker.wake()).join().unwrap();
        });
        assert_eq!(polls(&task, &recorder).await, 2);
    });
}

#[test]
fn a_wake_in_the_last_poll_is_no_more_poll() {
    let recorder = Recorder::new();
    virtually(async {
        let task = spawn(poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::Ready(())
        }));
        assert_eq!(polls(&task, &recorder).await, 1);
        let expected = "spawned woken resumed woken finished";
        assert_eq!(recorder.story(task.id()), expected);
    });
}

/// Promise (wakers): Waking one task polls no other, and tasks are polled in the order of their
/// wakes.
#[test]
fn waking_one_task_polls_no_other() {
    let recorder = Recorder::new();
    virtually(async {
        let mut tasks = Vec::new();
        for _ in 0..100 {
            tasks.push(spawn_waiting().await);
        }
        tasks[41].1.waker().wake();
        turns(3).await;
        for (i, (task, _)) in tasks.iter().enumerate() {
            let expected = if i == 41 { 2 } else { 1 };
            assert_eq!(recorder.resumes(task.id()), expected);
        }
    });
}
