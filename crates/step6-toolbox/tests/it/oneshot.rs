//! Does a value arrive, from any thread, and is it an error, and not a hang, when none comes?

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use step5_executor::{Executor, hold_clock, now, sleep, timeout};
use step6_toolbox::oneshot::{self, Receiver, RecvError, Sender};
use testing::foreign;
use testing::watchdog::within_a_minute;

use crate::by_hand::ByHand;

#[test]
fn the_result_arrives() {
    let (sender, receiver) = oneshot::channel();
    let mut receiver = ByHand::waiting(receiver);
    assert_eq!(sender.send(7), Ok(()));
    assert_eq!(receiver.wakes(), 1);
    assert_eq!(receiver.ready(), Ok(7));
}

#[test]
fn a_result_that_is_there_is_ready_at_once() {
    let (sender, receiver) = oneshot::channel();
    sender.send(7).unwrap();
    assert_eq!(foreign::block_on(receiver), Ok(7));
}

/// Promise (toolbox): A sender that is dropped without a value is an error for its receiver.
#[test]
fn a_dropped_sender_is_an_error() {
    let (sender, receiver) = oneshot::channel::<i32>();
    let mut receiver = ByHand::waiting(receiver);
    drop(sender);
    assert_eq!(receiver.wakes(), 1);
    assert_eq!(receiver.ready(), Err(RecvError));
    assert_eq!(
        RecvError.to_string(),
        "the sender was dropped without a value"
    );
}

#[test]
fn a_thread_that_panics_is_an_error() {
    let (sender, receiver) = oneshot::channel::<i32>();
    let thread = thread::spawn(move || {
        let _sender = sender;
        panic!("before it has a result");
    });
    assert_eq!(foreign::block_on(receiver), Err(RecvError));
    assert!(thread.join().is_err());
}

#[test]
fn another_thread_may_send() {
    for _ in 0..1_000 {
        let (sender, receiver) = oneshot::channel();
        let thread = thread::spawn(move || sender.send(String::from("done")).unwrap());
        assert_eq!(foreign::block_on(receiver).unwrap(), "done");
        thread.join().unwrap();
    }
}

/// At each point of the race, either the value arrives or it comes back, never both or neither.
#[test]
fn one_thread_sends_while_another_drops() {
    let token = std::sync::Arc::new(());
    for _ in 0..1_000 {
        let (sender, mut receiver) = oneshot::channel();
        let value = token.clone();
        let thread = thread::spawn(move || sender.send(value).is_ok());
        let taken = receiver.try_recv();
        drop(receiver);
        let is_kept = thread.join().unwrap();
        assert!(is_kept || taken.is_none());
    }
    assert_eq!(std::sync::Arc::strong_count(&token), 1);
}

#[test]
fn a_held_clock_waits_for_the_thread() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        let (sender, receiver) = oneshot::channel();
        let hold = hold_clock();
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            sender.send(7).unwrap();
            drop(hold);
        });
        // No time passes on the clock, so an hour is never over first.
        assert_eq!(
            timeout(Duration::from_secs(3600), receiver).await,
            Ok(Ok(7))
        );
        assert_eq!(now(), start);
        sleep(Duration::from_secs(1)).await;
        thread.join().unwrap();
    });
}

// --- Its state ---

#[test]
fn its_state_is_asked_before_and_after() {
    let (sender, mut receiver) = oneshot::channel();
    assert!(!receiver.is_finished() && !sender.is_closed());
    assert_eq!(receiver.try_recv(), None);
    sender.send(7).unwrap();
    assert!(receiver.is_finished());
    assert_eq!(receiver.try_recv(), Some(Ok(7)));
    assert!(receiver.is_finished());
    assert_eq!(receiver.try_recv(), None);

    let (sender, mut receiver) = step6_toolbox::oneshot::channel::<i32>();
    drop(sender);
    assert!(receiver.is_finished());
    assert_eq!(receiver.try_recv(), Some(Err(RecvError)));
}

#[test]
fn polled_after_its_end_it_panics() {
    let (sender, receiver) = oneshot::channel();
    let mut receiver = ByHand::new(receiver);
    sender.send(7).unwrap();
    assert_eq!(receiver.ready(), Ok(7));
    assert!(catch_unwind(AssertUnwindSafe(|| _ = receiver.poll())).is_err());
}

// --- Cancelling ---

#[test]
fn a_value_that_is_not_awaited_comes_back() {
    let (sender, receiver) = oneshot::channel();
    drop(ByHand::waiting(receiver));
    assert!(sender.is_closed());
    assert_eq!(sender.send(String::from("mine")), Err(String::from("mine")));
}

#[test]
fn a_sender_can_wait_for_the_drop() {
    let (mut sender, receiver) = oneshot::channel::<i32>();
    // Dropping that wait changes nothing.
    drop(ByHand::waiting(sender.closed()));
    let mut cancelled = ByHand::waiting(sender.closed());
    assert!(cancelled.poll_with_another_waker().is_pending());
    drop(receiver);
    assert_eq!(cancelled.wakes(), 1);
    cancelled.ready();
    drop(cancelled);
    ByHand::new(sender.closed()).ready();
}

#[test]
fn a_timeout_around_a_reference_loses_nothing() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let (sender, mut receiver) = oneshot::channel();
        assert!(
            timeout(Duration::from_secs(1), &mut receiver)
                .await
                .is_err()
        );
        assert!(!sender.is_closed());
        sender.send(7).unwrap();
        assert_eq!(receiver.await, Ok(7));
    });
}

#[test]
fn a_result_left_is_dropped_once() {
    let token = Rc::new(());
    let (sender, receiver) = oneshot::channel();
    sender.send(token.clone()).unwrap();
    assert_eq!(Rc::strong_count(&token), 2);
    drop(receiver);
    assert_eq!(Rc::strong_count(&token), 1);
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let (sender, receiver) = oneshot::channel();
    let mut receiver = ByHand::waiting(receiver);
    assert!(receiver.poll_with_another_waker().is_pending());
    sender.send(7).unwrap();
    assert_eq!(receiver.wakes(), 1);
}

// --- User code ---

#[test]
fn both_ends_are_send_if_the_value_is() {
    fn is_send<T: Send>() {}
    is_send::<Sender<i32>>();
    is_send::<Receiver<i32>>();
}

/// Under a lock this would hang: both ends are asked when a waker is woken, replaced and dropped.
#[test]
fn a_waker_may_use_the_channel() {
    thread_local!(static SENDER: RefCell<Option<Sender<i32>>> = RefCell::default());
    thread_local!(static RECEIVER: RefCell<Option<Receiver<i32>>> = RefCell::default());
    thread_local!(static ASKED: Cell<usize> = const { Cell::new(0) });
    fn ask() {
        ASKED.set(ASKED.get() + 1);
        // While an end is used, it is not in its place.
        SENDER.with_borrow(|sender| sender.as_ref().map(Sender::is_closed));
        RECEIVER.with_borrow(|receiver| receiver.as_ref().map(Receiver::is_finished));
    }
    fn poll() -> Poll<Result<i32, RecvError>> {
        let mut receiver = RECEIVER.take().unwrap();
        let waker = foreign::waker_of(ask, ask);
        let polled = Pin::new(&mut receiver).poll(&mut Context::from_waker(&waker));
        RECEIVER.set(Some(receiver));
        polled
    }
    fn both() {
        let (sender, receiver) = oneshot::channel();
        SENDER.set(Some(sender));
        RECEIVER.set(Some(receiver));
        assert_eq!((poll(), poll()), (Poll::Pending, Poll::Pending));
    }
    within_a_minute(|| {
        both();
        assert_eq!(ASKED.get(), 1, "the first waker was replaced");
        SENDER.take().unwrap().send(7).unwrap();
        assert_eq!(ASKED.get(), 3, "the second was woken and dropped");
        assert_eq!(poll(), Poll::Ready(Ok(7)));

        ASKED.set(0);
        both();
        drop(RECEIVER.take());
        assert_eq!(ASKED.get(), 2, "the second was dropped");
    });
}

#[test]
fn a_value_may_drop_another_sender() {
    /// A chain: each one that is dropped breaks the next.
    struct Link(#[expect(dead_code, reason = "held to be dropped")] Option<Sender<Link>>);
    let (first, receiver) = oneshot::channel::<Link>();
    let (second, mut end) = oneshot::channel::<Link>();
    assert!(first.send(Link(Some(second))).is_ok());
    drop(receiver);
    assert!(matches!(end.try_recv(), Some(Err(RecvError))));
}
