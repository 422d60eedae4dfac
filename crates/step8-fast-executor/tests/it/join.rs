//! What is a handle good for? The output, once, or the reason why there is none; or nothing, if it
//! is dropped.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step8_fast_executor::{Executor, JoinError, JoinHandle, sleep, spawn, timeout, yield_now};
use testing::foreign::{Counter, waker_of};
use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::panic_message;

use crate::support::recorded;

fn poll<T>(handle: &mut JoinHandle<T>, waker: &Waker) -> Poll<Result<T, JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(waker))
}

/// Runs a main future under virtual time, so that a wait without an end is a panic.
fn run<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

// --- The output ---

#[test]
fn the_output_comes_through() {
    run(async {
        let text = String::from("moved in, moved out");
        assert_eq!(spawn(async { text }).await.unwrap(), "moved in, moved out");
    });
}

#[test]
fn it_waits_for_the_output() {
    let log = Log::default();
    run(async {
        let seen = log.clone();
        let task = spawn(async move {
            sleep(Duration::from_secs(1)).await;
            seen.add("task");
        });
        task.await.unwrap();
        log.add("joined");
    });
    assert_eq!(log.take(), ["task", "joined"]);
}

#[test]
fn output_of_a_finished_task_needs_no_wait() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(async { 7 });
        yield_now().await;
        let polls = recorder.order("resumed").len();
        assert_eq!(task.await.unwrap(), 7);
        assert_eq!(recorder.order("resumed").len(), polls);
    });
}

#[test]
fn output_waits_for_its_handle() {
    run(async {
        let owned = |text: &'static str| async move { text.to_owned() };
        let first = spawn(owned("first"));
        yield_now().await;
        assert!(first.is_finished());
        for _ in 0..3 {
            assert_eq!(spawn(owned("another")).await.unwrap(), "another");
        }
        assert_eq!(first.await.unwrap(), "first");
    });
}

#[test]
fn handles_may_be_awaited_in_any_order() {
    let outputs = run(async {
        let mut tasks: Vec<_> = (0..10).map(|i| spawn(async move { i })).collect();
        tasks.swap(2, 7);
        let mut outputs = vec![];
        for task in tasks.into_iter().rev() {
            outputs.push(task.await.unwrap());
        }
        outputs
    });
    assert_eq!(outputs, [9, 8, 2, 6, 5, 4, 3, 7, 1, 0]);
}

#[test]
fn a_timeout_of_a_borrowed_handle_loses_nothing() {
    run(async {
        let mut task = spawn(async {
            sleep(Duration::from_secs(3)).await;
            7
        });
        assert!(timeout(Duration::from_secs(1), &mut task).await.is_err());
        assert!(timeout(Duration::from_secs(1), &mut task).await.is_err());
        assert_eq!(
            timeout(Duration::from_secs(2), &mut task)
                .await
                .unwrap()
                .unwrap(),
            7
        );
    });
}

#[test]
fn a_handle_polled_after_its_output_panics() {
    run(async {
        let mut task = spawn(async { 7 });
        assert_eq!((&mut task).await.unwrap(), 7);
        let message = panic_message::of(|| poll(&mut task, Waker::noop()));
        assert_eq!(
            message,
            "a join handle was polled after it had given its output"
        );
        assert!(task.is_finished());
    });
}

#[test]
fn who_polled_last_is_woken_alone() {
    run(async {
        let gate = Gate::default();
        let mut task = spawn(gate.clone().wait());
        let ((first, a), (second, b)) = (Counter::new(), Counter::new());
        assert!(poll(&mut task, &a).is_pending());
        assert!(poll(&mut task, &a).is_pending());
        assert!(poll(&mut task, &b).is_pending());
        yield_now().await;
        gate.open();
        yield_now().await;
        assert_eq!((first.wakes(), second.wakes()), (0, 1));
        assert!(poll(&mut task, &a).is_ready());
    });
}

#[test]
fn handle_may_move_to_another_task() {
    run(async {
        let gate = Gate::default();
        let mut task = spawn(gate.clone().wait());
        assert!(poll(&mut task, Waker::noop()).is_pending());
        let joiner = spawn(task);
        yield_now().await;
        gate.open();
        joiner.await.unwrap().unwrap();
    });
}

/// The old waker's drop runs user code: here it ends the very task that is joined.
#[test]
fn replaced_waker_may_end_the_task_in_its_drop() {
    run(async {
        let mut task = spawn(pending::<()>());
        let abort_handle = task.abort_handle();
        let ends_it = waker_of(|| (), move || abort_handle.abort());
        assert!(poll(&mut task, &ends_it).is_pending());
        drop(ends_it);
        // The handle has the last clone, which is dropped when the waker of main replaces it.
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn two_that_join_each_other_are_a_deadlock() {
    let message = panic_message::of(|| {
        run(async {
            let other = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let others = other.clone();
            let a = spawn(async move {
                let other = others.take().unwrap();
                other.await.unwrap();
            });
            let b = spawn(async { a.await.unwrap() });
            other.replace(Some(b));
            pending::<()>().await;
        })
    });
    assert!(
        message.starts_with("deadlock: nothing can wake main, task 1, task 2"),
        "{message}"
    );
}

#[test]
fn task_that_joins_itself_can_be_aborted() {
    run(async {
        let slot = Rc::new(RefCell::new(None::<JoinHandle<()>>));
        let own = slot.clone();
        let task = spawn(async move {
            let own = own.take().unwrap();
            own.await.unwrap();
        });
        let abort_handle = task.abort_handle();
        slot.replace(Some(task));
        yield_now().await;
        assert!(slot.take().is_none());
        abort_handle.abort();
    });
}

// --- is_finished ---

#[test]
fn is_finished_once_the_future_is_gone() {
    run(async {
        let gate = Gate::default();
        let mut task = spawn(gate.clone().wait());
        assert!(!task.is_finished(), "not started");
        yield_now().await;
        assert!(!task.is_finished(), "waiting");
        gate.open();
        assert!(!task.is_finished(), "ready to be polled");
        yield_now().await;
        assert!(task.is_finished(), "finished");
        assert!(poll(&mut task, Waker::noop()).is_ready());
        assert!(task.is_finished(), "joined");
    });
}

#[test]
fn is_finished_after_an_abort_and_after_a_panic() {
    run(async {
        let aborted = spawn(pending::<()>());
        aborted.abort();
        assert!(aborted.is_finished());
        let panicked = spawn(async { panic!("oh") });
        yield_now().await;
        assert!(panicked.is_finished());
    });
}

#[test]
fn is_not_finished_while_it_is_polled_or_dropped() {
    for is_aborted in [false, true] {
        run(async {
            let slot = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let seen = Rc::new(Cell::new(0));
            let ask = {
                let (slot, seen) = (slot.clone(), seen.clone());
                move || {
                    let mut slot = slot.borrow_mut();
                    let handle = slot.as_mut().unwrap();
                    assert!(!handle.is_finished());
                    // So there is no output yet, but it can be asked for.
                    assert!(poll(handle, Waker::noop()).is_pending());
                    seen.set(seen.get() + 1);
                }
            };
            let at_the_end = on_drop(ask.clone());
            let task = spawn(poll_fn(move |_| {
                _ = &at_the_end;
                ask();
                if is_aborted {
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            }));
            let abort_handle = task.abort_handle();
            slot.replace(Some(task));
            yield_now().await;
            abort_handle.abort();
            assert_eq!(seen.get(), 2);
            let outcome = slot.take().unwrap().await;
            assert_eq!(outcome.is_err_and(|error| error.is_cancelled()), is_aborted);
        });
    }
}

// --- Detached ---

#[test]
fn dropping_a_handle_detaches_the_task() {
    let log = Log::default();
    run(async {
        for name in ["a", "b"] {
            let log = log.clone();
            drop(spawn(async move {
                yield_now().await;
                log.add(name);
            }));
        }
        yield_now().await;
        log.add("main");
        yield_now().await;
    });
    assert_eq!(log.take(), ["main", "a", "b"]);
}

#[test]
fn dropped_handle_drops_its_waker_and_wakes_none() {
    run(async {
        let mut task = spawn(yield_now());
        let (counter, waker) = Counter::new();
        assert!(poll(&mut task, &waker).is_pending());
        drop(waker);
        drop(task);
        assert_eq!(std::sync::Arc::strong_count(&counter), 1);
        yield_now().await;
        yield_now().await;
        assert_eq!(counter.wakes(), 0);
    });
}

#[test]
fn detached_tasks_output_is_dropped_at_its_end() {
    let log = Log::default();
    run(async {
        let seen = log.clone();
        drop(spawn(async move {
            yield_now().await;
            seen.guard("output")
        }));
        yield_now().await;
        log.add("main");
        yield_now().await;
        log.add("later");
    });
    assert_eq!(log.take(), ["main", "output dropped", "later"]);
}

#[test]
fn untaken_output_is_dropped_with_the_handle() {
    let log = Log::default();
    run(async {
        let seen = log.clone();
        let task = spawn(async move { seen.guard("output") });
        yield_now().await;
        log.add("finished");
        drop(task);
        log.add("the end");
    });
    assert_eq!(log.take(), ["finished", "output dropped", "the end"]);
}

#[test]
fn an_output_that_was_taken_is_its_takers() {
    let log = Log::default();
    let output = run(async {
        let seen = log.clone();
        let mut task = spawn(async move { seen.guard("output") });
        let output = (&mut task).await.unwrap();
        drop(task);
        output
    });
    log.add("after the executor");
    drop(output);
    assert_eq!(log.take(), ["after the executor", "output dropped"]);
}

#[test]
fn the_future_is_gone_before_the_output_is_seen() {
    let log = Log::default();
    run(async {
        let guard = log.guard("future");
        let task = spawn(poll_fn(move |_| {
            _ = &guard;
            Poll::Ready(())
        }));
        task.await.unwrap();
        log.add("joined");
    });
    assert_eq!(log.take(), ["future dropped", "joined"]);
}

// --- JoinError ---

#[test]
fn a_cancellation_says_so() {
    let error = run(async {
        let task = spawn(pending::<()>());
        task.abort();
        task.await.unwrap_err()
    });
    assert!(error.is_cancelled() && !error.is_panic());
    assert_eq!(error.to_string(), "the task was cancelled");
    let error = error.try_into_panic().unwrap_err();
    assert!(error.is_cancelled());
    assert_eq!(
        panic_message::of(|| error.resume_unwind()),
        "the task was cancelled, so there is no panic to resume"
    );
}

#[test]
fn a_panic_says_what_it_said() {
    let error = run(async { spawn(async { panic!("number {}", 7) }).await.unwrap_err() });
    assert!(error.is_panic() && !error.is_cancelled());
    assert_eq!(error.to_string(), "the task panicked: number 7");
    assert_eq!(panic_message::of(|| error.resume_unwind()), "number 7");
}

#[test]
fn a_panic_may_carry_anything() {
    let error = run(async {
        spawn(async { std::panic::panic_any(7_u8) })
            .await
            .unwrap_err()
    });
    assert_eq!(error.to_string(), "the task panicked");
    assert_eq!(
        *error.try_into_panic().unwrap().downcast::<u8>().unwrap(),
        7
    );
}

#[test]
fn errors_can_be_made_by_hand() {
    assert!(JoinError::cancelled().is_cancelled());
    assert_eq!(
        JoinError::panicked(Box::new("made")).to_string(),
        "the task panicked: made"
    );
}
