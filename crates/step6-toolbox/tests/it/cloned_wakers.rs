//! What if cloning a waker, the last thing before a future waits, brings what it is about to wait
//! for?
//!
//! Then it would never be woken. So each future checks again after the clone.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use step6_toolbox::{
    Barrier, Closed, Condition, Event, Lock, PriorityQueue, Queue, Semaphore, promise,
};
use testing::clone_hook::{Hooked, at_next_clone};
use testing::foreign::poll_with;

use crate::by_hand::ByHand;

/// Polls once, with a waker that does this when it is cloned.
fn poll<T>(future: impl Future<Output = T>, on_clone: impl FnOnce() + 'static) -> Poll<T> {
    let (_, waker) = Hooked::new();
    at_next_clone(on_clone);
    poll_with(pin!(future), &waker)
}

#[test]
fn an_item_that_comes_is_got() {
    let queue = Queue::new(1);
    let other = queue.clone();
    assert_eq!(
        poll(queue.get(), move || other.try_put(7).unwrap()),
        Poll::Ready(Some(7))
    );

    let queue = PriorityQueue::new(1);
    let other = queue.clone();
    assert_eq!(
        poll(queue.get(), move || other.try_put(7).unwrap()),
        Poll::Ready(Some(7))
    );
}

#[test]
fn room_that_comes_is_filled() {
    let queue = Queue::new(1);
    queue.try_put(1).unwrap();
    let other = queue.clone();
    assert_eq!(
        poll(queue.put(2), move || assert_eq!(other.try_get(), Ok(1))),
        Poll::Ready(Ok(()))
    );
    assert_eq!(queue.try_get(), Ok(2));
}

#[test]
fn closing_ends_the_wait() {
    let queue = Queue::<u8>::new(1);
    let other = queue.clone();
    assert_eq!(poll(queue.get(), move || other.close()), Poll::Ready(None));

    let queue = Queue::new(1);
    queue.try_put(1).unwrap();
    let other = queue.clone();
    assert_eq!(
        poll(queue.put(2), move || other.close()),
        Poll::Ready(Err(Closed(2)))
    );
}

#[test]
fn a_permit_that_comes_is_taken() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.try_acquire();
    assert!(poll(semaphore.acquire(), move || drop(permit)).is_ready());
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn a_lock_that_is_unlocked_is_taken() {
    let lock: &'static Lock<i32> = Box::leak(Box::new(Lock::new(0)));
    let guard = lock.try_lock();
    assert!(poll(lock.lock(), move || drop(guard)).is_ready());
    assert!(!lock.is_locked());
}

#[test]
fn setting_an_event_ends_the_wait() {
    let event = Event::new();
    let other = event.clone();
    assert!(poll(event.wait(), move || other.set()).is_ready());
}

#[test]
fn an_arrival_at_a_barrier_counts() {
    let barrier = Barrier::new(2);
    let other = barrier.clone();
    let first = Rc::new(RefCell::new(None));
    let keep = first.clone();
    let polled = poll(barrier.wait(), move || {
        *keep.borrow_mut() = Some(ByHand::waiting(async move { other.wait().await }));
    });
    assert!(matches!(polled, Poll::Ready(arrival) if arrival.is_leader()));
    assert!(!first.take().unwrap().ready().is_leader());
}

/// It still holds the lock, and is not in line: this is before it waits.
#[test]
fn a_notification_before_the_unlock_is_missed() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let other = condition.clone();
    assert!(
        poll(condition.wait(lock.try_lock().unwrap()), move || other
            .notify_all())
        .is_pending()
    );
    assert!(!lock.is_locked());
}

#[test]
fn a_result_that_comes_is_given() {
    let (promise, promised) = promise();
    assert_eq!(
        poll(promised, move || promise.complete(7).unwrap()),
        Poll::Ready(Ok(7))
    );

    let (mut promise, promised) = step6_toolbox::promise::<i32>();
    assert!(poll(promise.cancelled(), move || drop(promised)).is_ready());
}

/// Replacing the waker clones the new one too, while the old one is the one that is woken.
#[test]
fn an_item_that_replaces_the_waker_is_got() {
    let queue = Queue::new(1);
    let mut get = pin!(queue.get());
    assert!(poll_with(get.as_mut(), Waker::noop()).is_pending());
    let other = queue.clone();
    let (_, waker) = Hooked::new();
    at_next_clone(move || other.try_put(7).unwrap());
    assert_eq!(poll_with(get.as_mut(), &waker), Poll::Ready(Some(7)));
}
