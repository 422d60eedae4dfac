//! What does it do to tasks that step 5 does differently? An abort on its own thread takes effect
//! at once, wherever it comes from.
#![expect(
    clippy::async_yields_async,
    reason = "what is awaited later leaves the executor here"
)]

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use step8_fast_executor::{Executor, JoinError, JoinHandle, sleep, spawn, yield_now};
use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::{foreign, panic_message};

use crate::support::MAIN;

/// Adds a guard to a future.
async fn guarded<F: Future>(log: Log, name: &'static str, future: F) -> F::Output {
    let _guard = log.guard(name);
    future.await
}

fn assert_cancelled<T>(task: JoinHandle<T>) {
    assert!(task.is_finished());
    assert!(foreign::block_on(task).is_err_and(|error| error.is_cancelled()));
}

#[test]
fn between_two_block_ons_by_its_handle_at_once() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let guard = log.guard("task");
    let task = executor.spawn(async move { drop(guard) });
    task.abort();
    assert_eq!(log.take(), ["task dropped"]);
    assert!(executor.block_on(task).unwrap_err().is_cancelled());
}

#[test]
fn from_another_executors_task() {
    let log = Log::default();
    let (executor, other) = (
        Executor::with_virtual_time().unwrap(),
        Executor::with_virtual_time().unwrap(),
    );
    let (a, b) = (log.guard("a"), log.guard("b"));
    let by_handle = executor.spawn(async move {
        let _guard = a;
        pending::<()>().await;
    });
    let by_abort_handle = executor.spawn(async move {
        let _guard = b;
        pending::<()>().await;
    });
    // They have the same numbers, except for the executor's.
    let neighbours = [other.spawn(pending::<()>()), other.spawn(pending::<()>())];
    other.block_on(async {
        by_handle.abort();
        by_abort_handle.abort_handle().abort();
        assert_eq!(log.take(), ["a dropped"]);
        yield_now().await;
    });
    assert!(neighbours.iter().all(|neighbour| !neighbour.is_finished()));
    assert!(
        executor
            .block_on(by_abort_handle)
            .unwrap_err()
            .is_cancelled()
    );
    assert_eq!(log.take(), ["b dropped"]);
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

/// A task of one executor aborts one of another, whose guard aborts a thousand of the first. The
/// round that is running ends where it would have ended.
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
    // Two rounds, because timers are looked at between them, and in each the yielder comes before
    // main.
    one.block_on(async { sleep(Duration::ZERO).await });
    assert_eq!(polls.get(), 2);
}

#[test]
fn handles_are_equal_if_they_are_of_one_task() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let (a, b) = (spawn(async {}), spawn(async {}));
        assert_eq!(a.abort_handle(), a.abort_handle());
        assert_ne!(a.abort_handle(), b.abort_handle());
        assert_eq!((a.id().0, b.id().0), (1, 2));
        assert_ne!(a.id(), MAIN);
    });
}

/// The earlier main is over, so its waker may bring a spurious wake-up and no more.
#[test]
fn a_waker_of_an_earlier_main_harms_no_later_one() {
    let executor = Executor::with_virtual_time().unwrap();
    let stale = executor.block_on(poll_fn(|cx| Poll::Ready(cx.waker().clone())));
    let gate = Gate::default();
    executor.block_on(async {
        let opener = gate.clone();
        drop(spawn(async move {
            for _ in 0..10 {
                stale.wake_by_ref();
                yield_now().await;
            }
            opener.open();
        }));
        gate.clone().wait().await;
    });
    assert!((2..=12).contains(&gate.polls()), "{} polls", gate.polls());
}

// --- When the executor is dropped ---

#[test]
fn task_spawned_meanwhile_is_cancelled_at_once() {
    let log = Log::default();
    let executor = Executor::with_virtual_time().unwrap();
    let late = Rc::new(RefCell::new(None));
    let (seen, handle) = (log.clone(), late.clone());
    let guard = on_drop(move || {
        let guard = seen.guard("future spawned late");
        let task = spawn(async move { drop(guard) });
        seen.add("spawned");
        task.abort();
        task.abort_handle().abort();
        handle.replace(Some(task));
    });
    drop(executor.spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    }));
    let neighbour = log.guard("neighbour");
    drop(executor.spawn(async move { drop(neighbour) }));
    executor.block_on(async {});
    log.add("---");
    drop(executor);
    // The neighbour ran, and the late one did not.
    assert_eq!(
        log.take(),
        [
            "neighbour dropped",
            "---",
            "future spawned late dropped",
            "spawned"
        ]
    );
    assert_cancelled(late.take().unwrap());
}

/// In the destructor of a thread-local, when other thread-locals are gone.
#[test]
fn executor_and_handles_may_go_with_their_thread() {
    thread_local!(static KEPT: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(vec![]) });
    for is_executor_first in [true, false] {
        let dropped = Arc::new(AtomicBool::new(false));
        let seen = dropped.clone();
        let program = move || {
            // What is used first goes last.
            KEPT.set(vec![]);
            let executor = Executor::with_virtual_time().unwrap();
            let guard = on_drop(move || {
                drop(spawn(pending::<()>()));
                seen.store(true, Ordering::Relaxed);
            });
            let handle = executor.spawn(async {
                let _guard = guard;
                sleep(Duration::from_secs(9)).await;
            });
            executor.block_on(yield_now());
            let mut kept: Vec<Box<dyn Any>> = vec![Box::new(executor), Box::new(handle)];
            if !is_executor_first {
                kept.reverse();
            }
            KEPT.set(kept);
        };
        thread::spawn(program).join().unwrap();
        assert!(dropped.load(Ordering::Relaxed));
    }
}

/// Its last owner is one of its own tasks, which is aborted.
#[test]
fn dropped_by_its_own_task_it_drops_the_others() {
    let log = Log::default();
    let executor = Rc::new(Executor::with_virtual_time().unwrap());
    let owner = executor.clone();
    let task = executor.spawn(guarded(log.clone(), "owner", async move {
        pending::<()>().await;
        drop(owner);
    }));
    let neighbour = executor.spawn(guarded(log.clone(), "neighbour", pending::<()>()));
    executor.block_on(yield_now());
    drop(executor);
    assert!(log.take().is_empty());
    task.abort();
    assert_eq!(log.take(), ["neighbour dropped", "owner dropped"]);
    assert_cancelled(task);
    assert_cancelled(neighbour);
}

#[test]
fn sleep_that_was_over_stays_over() {
    let executor = Executor::with_virtual_time().unwrap();
    let (over, still) = executor.block_on(async {
        let mut sleeps = [1, 3].map(|seconds| Box::pin(sleep(Duration::from_secs(seconds))));
        for sleep in &mut sleeps {
            assert!(
                sleep
                    .as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()))
                    .is_pending()
            );
        }
        sleep(Duration::from_secs(2)).await;
        sleeps.into()
    });
    drop(executor);
    foreign::block_on(over);
    assert_eq!(
        panic_message::of(|| foreign::block_on(still)),
        "the executor of a sleep was dropped, so nothing would ever end it"
    );
}

#[test]
fn foreign_sleep_says_its_executor_is_gone() {
    let gone = Executor::new().unwrap();
    let sleep = gone.block_on(async { step8_fast_executor::sleep(std::time::Duration::MAX) });
    let error = step8_fast_executor::block_on(async move {
        let waiting = step8_fast_executor::spawn(sleep);
        yield_now().await;
        drop(gone);
        waiting.await.unwrap_err()
    });
    let expected =
        "the task panicked: the executor of a sleep was dropped, so nothing would ever end it";
    assert_eq!(error.to_string(), expected);
}

/// The body of a block begins where its alignment asks for, and its handle knows where that is.
#[test]
fn futures_and_outputs_of_any_alignment() {
    #[repr(align(128))]
    struct Aligned([u8; 3]);
    fn is_aligned(value: &Aligned) -> bool {
        std::ptr::from_ref(value).addr().is_multiple_of(128)
    }
    Executor::with_virtual_time().unwrap().block_on(async {
        for i in 0..100 {
            let kept = spawn(async move {
                let local = Aligned([i; 3]);
                yield_now().await;
                assert!(is_aligned(&local));
                i
            });
            let given = spawn(async move {
                yield_now().await;
                Aligned([i; 3])
            });
            let refused = spawn(async move {
                let _local = Aligned([i; 3]);
                yield_now().await;
                std::panic::panic_any(i)
            });
            assert_eq!(kept.await.unwrap(), i);
            assert_eq!(given.await.unwrap().0, [i; 3]);
            let refused: Result<(), JoinError> = refused.await;
            let payload = refused.unwrap_err().try_into_panic().unwrap();
            assert_eq!(payload.downcast_ref(), Some(&i));
        }
    });
}
