//! What works where another executor polls? Each leaf future does, or says plainly that it cannot.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use testing::foreign::{self, Counter, poll_with, turns};
use testing::gate::Gate;
use testing::recorder::Recorder;

use crate::executor::{Executor, block_on, sleep, spawn, yield_now};
use crate::suites::support::{MS, SECOND, run, sender, udp};

/// Promise (wakers): A leaf future wakes the waker of its last poll, and works on any executor.
///
/// Classic bug: A leaf future ignores its waker
#[test]
fn each_leaf_wakes_the_waker_it_was_polled_with() {
    run(async || {
        let (counter, waker) = Counter::new();

        let mut turn = pin!(yield_now());
        assert!(poll_with(turn.as_mut(), &waker).is_pending());
        assert_eq!(counter.wakes(), 1);
        assert!(poll_with(turn.as_mut(), &waker).is_ready());

        let mut task = spawn(async { 7 });
        assert!(poll_with(Pin::new(&mut task), &waker).is_pending());
        yield_now().await;
        assert_eq!(counter.wakes(), 2);
        assert!(poll_with(Pin::new(&mut task), &waker).is_ready());

        let mut nap = sleep(MS);
        assert!(poll_with(Pin::new(&mut nap), &waker).is_pending());
        sleep(2 * MS).await;
        assert_eq!(counter.wakes(), 3);
        assert!(poll_with(Pin::new(&mut nap), &waker).is_ready());

        let (socket, mut buffer) = (udp(), [0]);
        let mut receive = pin!(socket.recv(&mut buffer));
        assert!(poll_with(receive.as_mut(), &waker).is_pending());
        sender(&socket).send(b"x").unwrap();
        yield_now().await;
        assert_eq!(counter.wakes(), 4);
        assert!(poll_with(receive.as_mut(), &waker).is_ready());
        // Ctrl-C has a test of its own.
    });
}

// --- Handles ---

#[test]
fn a_handle_of_a_finished_task_is_ready_anywhere() {
    let executor = Executor::new().unwrap();
    let task = executor.spawn(async { 7 });
    executor.block_on(yield_now());
    assert_eq!(foreign::block_on(task).unwrap(), 7);
}

/// Handles stay on their thread, so something must run the executor there: here it is the foreign
/// future itself.
#[test]
fn a_handle_is_awaited_by_a_foreign_block_on() {
    let executor = Executor::with_virtual_time().unwrap();
    let mut task = executor.spawn(async {
        yield_now().await;
        7
    });
    let mut count = 0;
    let output = foreign::block_on(poll_fn(|cx| {
        let polled = Pin::new(&mut task).poll(cx);
        if polled.is_pending() {
            count += 1;
            executor.block_on(turns(2));
        }
        polled
    }));
    assert_eq!((output.unwrap(), count), (7, 1));
}

#[test]
fn a_sleep_is_awaited_by_a_foreign_block_on() {
    let executor = Executor::with_virtual_time().unwrap();
    let mut nap = executor.block_on(poll_fn(|_| Poll::Ready(sleep(SECOND))));
    let mut count = 0;
    foreign::block_on(poll_fn(|cx| {
        let polled = Pin::new(&mut nap).poll(cx);
        if polled.is_pending() {
            count += 1;
            executor.block_on(async { sleep(2 * SECOND).await });
        }
        polled
    }));
    assert_eq!(count, 1);
}

#[test]
fn a_handle_is_awaited_in_another_executor() {
    let executor = Executor::with_virtual_time().unwrap();
    let other = Executor::with_virtual_time().unwrap();
    let gate = Gate::default();
    let task = other.spawn(gate.clone().wait());
    other.block_on(yield_now());
    let recorder = Recorder::new();
    let joiner = executor.spawn(task);
    let id = joiner.id();
    executor.block_on(yield_now());
    assert_eq!((joiner.is_finished(), recorder.resumes(id)), (false, 1));
    drop(recorder);

    // The task ends in its own executor, while the joiner's does not run.
    gate.open();
    other.block_on(turns(2));
    let recorder = Recorder::new();
    executor.block_on(joiner).unwrap().unwrap();
    assert_eq!(recorder.resumes(id), 1);
}

#[test]
fn an_executor_may_spawn_inside_of_another() {
    let executor = Executor::with_virtual_time().unwrap();
    let other = Executor::with_virtual_time().unwrap();
    let task = executor.block_on(async {
        let task = other.spawn(async { spawn(async { 7 }).await.unwrap() });
        turns(3).await;
        assert!(!task.is_finished(), "it runs in its own");
        Some(task)
    });
    assert_eq!(other.block_on(task.unwrap()).unwrap(), 7);
}

// --- Our futures on theirs, and theirs on ours ---

/// A foreign `block_on` parks its thread, and another thread's executor wakes it.
#[test]
fn our_wakers_and_theirs_meet_across_threads() {
    struct Ping {
        turns: u32,
        waiting: Option<Waker>,
    }
    run(async || {
        let ping = Arc::new(Mutex::new(Ping {
            turns: 0,
            waiting: None,
        }));
        // One moves at the even turns, one at the odd ones.
        let play = |ping: Arc<Mutex<Ping>>, parity: u32| {
            poll_fn(move |cx| {
                let mut state = ping.lock().unwrap();
                loop {
                    if state.turns >= 2_000 {
                        return Poll::Ready(());
                    }
                    if state.turns % 2 != parity {
                        state.waiting = Some(cx.waker().clone());
                        return Poll::Pending;
                    }
                    state.turns += 1;
                    if let Some(other) = state.waiting.take() {
                        other.wake();
                    }
                }
            })
        };
        let theirs = play(ping.clone(), 0);
        let thread = thread::spawn(move || foreign::block_on(theirs));
        play(ping, 1).await;
        thread.join().unwrap();
    });
}

#[test]
fn a_foreign_block_on_may_run_inside_of_ours() {
    assert_eq!(block_on(async { foreign::block_on(async { 7 }) }), 7);
}

#[test]
fn yield_now_needs_no_executor() {
    foreign::block_on(yield_now());
}
