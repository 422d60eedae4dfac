//! What works where another executor polls? Each leaf future does, or says plainly that it cannot.
#![expect(
    clippy::async_yields_async,
    reason = "what is awaited later goes out of an executor here"
)]

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use step8_fast_executor::{Executor, block_on, ctrl_c, sleep, spawn, yield_now};
use testing::foreign::Counter;
use testing::gate::Gate;
use testing::{foreign, watchdog};

use crate::support::recorded;

/// Classic bug: "a leaf future ignores its waker". Each either wakes the waker that it was given,
/// whosever it is, to, or needs an executor of ours and says so. (See `outside.rs` for those:
/// sleeps and sockets.)
#[test]
fn leaf_futures_wake_the_waker_they_were_given() {
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);

    assert!(Pin::new(&mut yield_now()).poll(&mut cx).is_pending());
    assert_eq!(counter.wakes(), 1);

    let executor = Executor::with_virtual_time().unwrap();
    let mut task = executor.spawn(async { 7 });
    assert!(Pin::new(&mut task).poll(&mut cx).is_pending());
    executor.block_on(yield_now());
    assert_eq!(counter.wakes(), 2);
    assert!(Pin::new(&mut task).poll(&mut cx).is_ready());

    let mut nap = executor.block_on(async { sleep(Duration::from_secs(1)) });
    assert!(Pin::new(&mut nap).poll(&mut cx).is_pending());
    executor.block_on(sleep_for(Duration::from_secs(2)));
    assert_eq!(counter.wakes(), 3);
    assert!(Pin::new(&mut nap).poll(&mut cx).is_ready());

    let mut interrupt = ctrl_c().unwrap();
    assert!(Pin::new(&mut interrupt).poll(&mut cx).is_pending());
    // The signal itself has its own test file.
}

async fn sleep_for(duration: Duration) {
    sleep(duration).await;
}

// --- Handles ---

#[test]
fn a_handle_of_a_finished_task_is_ready_anywhere() {
    let executor = Executor::new().unwrap();
    let task = executor.spawn(async { 7 });
    executor.block_on(yield_now());
    assert!(task.is_finished());
    assert_eq!(foreign::block_on(task).unwrap(), 7);
}

#[test]
fn handle_that_outlives_its_executor_is_ready() {
    let task = block_on(async { spawn(pending::<()>()) });
    assert!(task.is_finished());
    assert!(foreign::block_on(task).unwrap_err().is_cancelled());
}

/// Handles stay on their thread, so a task must run the executor there: here it is a neighbour of
/// the joiner.
#[test]
fn a_handle_is_awaited_by_a_foreign_block_on() {
    watchdog::within_a_minute(|| {
        let executor = Executor::new().unwrap();
        let mut task = executor.spawn(async {
            yield_now().await;
            7
        });
        let mut turns = 0;
        let output = foreign::block_on(poll_fn(|cx| {
            let polled = Pin::new(&mut task).poll(cx);
            if polled.is_pending() {
                turns += 1;
                // It ends in the second turn, and then wakes this one.
                executor.block_on(yield_now());
            }
            polled
        }));
        assert_eq!(output.unwrap(), 7);
        assert_eq!(turns, 1);
    });
}

#[test]
fn handle_can_be_awaited_in_another_executor() {
    let (executor, recorder) = recorded();
    let other = Executor::with_virtual_time().unwrap();
    let gate = Gate::default();
    let task = other.spawn({
        let gate = gate.clone();
        async move {
            gate.wait().await;
            7
        }
    });
    other.block_on(yield_now());
    // So that the joiner's id is its own: the recorder hears both executors.
    drop(executor.spawn(async {}));
    let joiner = executor.spawn(task);
    let id = joiner.id();
    executor.block_on(yield_now());
    assert!(!joiner.is_finished());

    // The task ends in its own executor, while the joiner's is not entered.
    gate.open();
    other.block_on(yield_now());
    other.block_on(yield_now());
    assert_eq!(executor.block_on(joiner).unwrap().unwrap(), 7);
    assert_eq!(recorder.resumes(id), 2);
}

#[test]
fn abort_of_a_foreign_task_wakes_its_joiner_here() {
    let (executor, other) = (
        Executor::with_virtual_time().unwrap(),
        Executor::with_virtual_time().unwrap(),
    );
    let task = Rc::new(RefCell::new(other.spawn(pending::<()>())));
    executor.block_on(async {
        let joined = task.clone();
        let joiner = spawn(poll_fn(move |cx| {
            Pin::new(&mut *joined.borrow_mut()).poll(cx)
        }));
        yield_now().await;
        task.borrow().abort();
        assert!(joiner.await.unwrap().unwrap_err().is_cancelled());
    });
}

#[test]
fn an_executor_may_spawn_from_inside_of_another() {
    let (executor, other) = (
        Executor::with_virtual_time().unwrap(),
        Executor::with_virtual_time().unwrap(),
    );
    let task = executor.block_on(async {
        let task = other.spawn(async { spawn(async { 7 }) });
        yield_now().await;
        assert!(!task.is_finished(), "it runs in its own");
        task
    });
    assert_eq!(
        other.block_on(async { task.await.unwrap().await.unwrap() }),
        7
    );
}

// --- Our futures on theirs, and theirs on ours ---

/// Their `block_on` parks the thread, and another thread's executor wakes it.
#[test]
fn our_wakers_and_theirs_meet_across_threads() {
    watchdog::within_a_minute(|| {
        struct Ping {
            turns: u32,
            waiting: Option<Waker>,
        }
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
        block_on(play(ping, 1));
        thread.join().unwrap();
    });
}
