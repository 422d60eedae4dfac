//! What is a handle good for? The output, once, or the reason why there is none; or nothing, if it
//! is dropped.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use testing::foreign::{Counter, poll_with, turns, waker_of};
use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::panic_message;
use testing::recorder::Recorder;

use crate::executor::{JoinError, JoinHandle, sleep, spawn, timeout, yield_now};
use crate::suites::support::{SECOND, virtually};

fn poll<T>(handle: &mut JoinHandle<T>, waker: &Waker) -> Poll<Result<T, JoinError>> {
    poll_with(Pin::new(handle), waker)
}

// --- The output ---

#[test]
fn the_output_comes_through() {
    virtually(async {
        let text = String::from("moved in, moved out");
        assert_eq!(spawn(async { text }).await.unwrap(), "moved in, moved out");
    });
}

#[test]
fn a_join_waits_for_the_output() {
    let log = Log::default();
    virtually(async {
        let seen = log.clone();
        let task = spawn(async move {
            sleep(SECOND).await;
            seen.add("task");
        });
        task.await.unwrap();
        log.add("joined");
    });
    assert_eq!(log.take(), ["task", "joined"]);
}

/// The Python tutorial's `Task.wait` has this bug.
///
/// Promise (tasks): A joiner is parked until the end of the task that it joins.
///
/// Classic bug: Join by busy polling
#[test]
fn a_join_parks() {
    let recorder = Recorder::new();
    virtually(async {
        let busy = spawn(turns(1_000));
        let joiner = spawn(busy);
        let id = joiner.id();
        joiner.await.unwrap().unwrap();
        assert_eq!(recorder.resumes(id), 2);
    });
    assert_eq!(recorder.resumes(crate::executor::TaskId(0)), 2);
}

#[test]
fn a_join_after_the_end_takes_no_turn() {
    let recorder = Recorder::new();
    virtually(async {
        let task = spawn(async { 7 });
        yield_now().await;
        let turns = recorder.all_resumes();
        assert_eq!(task.await.unwrap(), 7);
        assert_eq!(recorder.all_resumes(), turns);
    });
}

#[test]
fn an_output_waits_for_its_handle() {
    virtually(async {
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
    let outputs = virtually(async {
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
    virtually(async {
        let mut task = spawn(async {
            sleep(3 * SECOND).await;
            7
        });
        assert!(timeout(SECOND, &mut task).await.is_err());
        assert!(timeout(SECOND, &mut task).await.is_err());
        let output = timeout(2 * SECOND, &mut task).await.unwrap();
        assert_eq!(output.unwrap(), 7);
    });
}

#[test]
fn a_handle_gives_its_output_once() {
    virtually(async {
        let mut task = spawn(async { 7 });
        assert_eq!((&mut task).await.unwrap(), 7);
        let message = panic_message::of(|| poll(&mut task, Waker::noop()));
        assert!(message.contains("output"), "{message}");
        assert!(task.is_finished());
    });
}

#[test]
fn two_tasks_that_join_each_other_are_a_deadlock() {
    let message = panic_message::of(|| {
        virtually(async {
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
    let expected = "deadlock: nothing can wake main, task 1, task 2";
    assert_eq!(message, expected);
}

#[test]
fn a_task_that_joins_itself_can_be_aborted() {
    virtually(async {
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
        assert_eq!(Rc::strong_count(&slot), 1, "it was dropped");
    });
}

// --- is_finished ---

#[test]
fn a_task_is_finished_from_its_last_turn_on() {
    virtually(async {
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
fn a_task_is_finished_after_abort_and_panic() {
    virtually(async {
        let aborted = spawn(pending::<()>());
        aborted.abort();
        assert!(aborted.is_finished());
        let panicked = spawn(async { panic!("oh") });
        yield_now().await;
        assert!(panicked.is_finished());
    });
}

#[test]
fn a_task_is_not_finished_while_its_future_lives() {
    for is_aborted in [false, true] {
        virtually(async {
            let slot = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let seen = Rc::new(Cell::new(0));
            let (asked, count) = (slot.clone(), seen.clone());
            let ask = move || {
                let mut slot = asked.borrow_mut();
                let handle = slot.as_mut().unwrap();
                assert!(!handle.is_finished());
                // There is no output yet, but it can be asked for.
                assert!(poll(handle, Waker::noop()).is_pending());
                count.set(count.get() + 1);
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

#[test]
fn ids_count_the_spawns() {
    virtually(async {
        for number in 1..=10 {
            let task = spawn(async {});
            assert_eq!(task.id().0, number);
            task.await.unwrap();
        }
    });
}

// --- Detached ---

/// Promise (tasks): Dropping a join handle detaches its task.
#[test]
fn dropping_a_handle_detaches_the_task() {
    let log = Log::default();
    virtually(async {
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
fn a_dropped_handle_wakes_no_waker() {
    virtually(async {
        let mut task = spawn(yield_now());
        let (counter, waker) = Counter::new();
        assert!(poll(&mut task, &waker).is_pending());
        drop(waker);
        drop(task);
        assert_eq!(std::sync::Arc::strong_count(&counter), 1);
        turns(3).await;
        assert_eq!(counter.wakes(), 0);
    });
}

/// The old waker's drop runs user code: here it ends the very task that is joined.
#[test]
fn a_replaced_waker_may_end_the_task_in_its_drop() {
    virtually(async {
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
fn a_detached_tasks_output_is_dropped_at_its_end() {
    let log = Log::default();
    virtually(async {
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
fn an_output_not_taken_goes_with_its_handle() {
    let log = Log::default();
    virtually(async {
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
    let output = virtually(async {
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
fn the_future_is_dropped_before_the_join() {
    let log = Log::default();
    virtually(async {
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
    let error = virtually(async {
        let task = spawn(pending::<()>());
        task.abort();
        task.await.unwrap_err()
    });
    assert!(error.is_cancelled() && !error.is_panic());
    assert_eq!(error.to_string(), "the task was cancelled");
    let error = error.try_into_panic().unwrap_err();
    let message = panic_message::of(|| error.resume_unwind());
    assert!(message.contains("there is no panic to"), "{message}");
}

#[test]
fn a_panic_says_what_it_said() {
    let error = virtually(async { spawn(async { panic!("number {}", 7) }).await.unwrap_err() });
    assert!(error.is_panic() && !error.is_cancelled());
    assert_eq!(error.to_string(), "the task panicked: number 7");
    assert_eq!(panic_message::of(|| error.resume_unwind()), "number 7");
}

#[test]
fn a_panic_may_carry_anything() {
    let panics = async { std::panic::panic_any(7_u8) };
    let error = virtually(async { spawn(panics).await.unwrap_err() });
    assert_eq!(error.to_string(), "the task panicked");
    let payload = error.try_into_panic().unwrap();
    assert_eq!(*payload.downcast::<u8>().unwrap(), 7);
}

#[test]
fn errors_can_be_made_by_hand_and_passed_on() {
    assert!(JoinError::cancelled().is_cancelled());
    let error = JoinError::panicked(Box::new("made"));
    assert_eq!(error.to_string(), "the task panicked: made");
    let passed_on: Box<dyn std::error::Error + Send + Sync> = Box::new(error);
    assert!(passed_on.is::<JoinError>());
}
