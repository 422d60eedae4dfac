//! Is no waiter for a change forgotten, and does each have the lock again when it continues?

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::Context;

use step5_executor::{block_on, spawn, yield_now};
use step6_toolbox::{Condition, Lock, LockGuard, join};
use testing::foreign;

use crate::by_hand::ByHand;

/// A future that has the lock, and waits for a notification.
pub(crate) fn waiting<'a>(
    lock: &'a Lock<i32>,
    condition: &'a Condition,
) -> ByHand<'a, LockGuard<'a, i32>> {
    ByHand::waiting(condition.wait(lock.try_lock().expect("the lock is free")))
}

#[test]
fn waiting_unlocks_and_then_locks_again() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let mut wait = waiting(&lock, &condition);
    assert!(!lock.is_locked());
    condition.notify_one();
    assert_eq!(wait.wakes(), 1);
    let guard = wait.ready();
    assert!(lock.is_locked());
    drop(guard);
    assert!(!lock.is_locked());
}

#[test]
fn it_unlocks_at_the_first_poll_and_not_before() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let wait = condition.wait(lock.try_lock().unwrap());
    assert!(lock.is_locked());
    drop(wait);
    assert!(!lock.is_locked());
    condition.notify_all();
}

#[test]
fn one_is_notified_in_the_order_of_arrival() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let mut waits = [(); 3].map(|()| waiting(&lock, &condition));
    condition.notify_one();
    condition.notify_one();
    assert_eq!(waits.each_ref().map(ByHand::wakes), [1, 1, 0]);
    drop(waits[0].ready());
    drop(waits[1].ready());
    assert!(waits[2].poll().is_pending());
}

#[test]
fn all_notified_get_the_lock_in_turn() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let mut waits = [(); 3].map(|()| waiting(&lock, &condition));
    condition.notify_all();
    assert_eq!(waits.each_ref().map(ByHand::wakes), [1, 1, 1]);
    let first = waits[0].ready();
    assert!(waits[1].poll().is_pending() && waits[2].poll().is_pending());
    drop(first);
    assert_eq!((waits[1].wakes(), waits[2].wakes()), (1, 0));
    drop(waits[1].ready());
    drop(waits[2].ready());
}

#[test]
fn a_notification_without_waiters_is_not_kept() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    condition.notify_one();
    condition.notify_all();
    let wait = waiting(&lock, &condition);
    assert!(!wait.is_woken());
}

#[test]
fn a_dropped_waiter_passes_the_notification_on() {
    // Before it is polled again, and while it waits for the lock.
    for is_polled in [false, true] {
        let (lock, condition) = (Lock::new(0), Condition::new());
        let mut first = waiting(&lock, &condition);
        let mut second = waiting(&lock, &condition);
        condition.notify_one();
        let guard = lock.try_lock().unwrap();
        if is_polled {
            assert!(first.poll().is_pending());
        }
        drop(first);
        assert_eq!(second.wakes(), 1);
        drop(guard);
        drop(second.ready());
        assert!(!lock.is_locked());
    }
}

#[test]
fn notify_all_is_not_for_newcomers() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let mut first = waiting(&lock, &condition);
    condition.notify_all();
    let newcomer = waiting(&lock, &condition);
    drop(first.ready());
    drop(first);
    assert!(!newcomer.is_woken());
}

#[test]
fn wait_while_checks_at_each_notification() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let looks = RefCell::new(vec![]);
    let mut wait = ByHand::waiting(condition.wait_while(lock.try_lock().unwrap(), |value| {
        looks.borrow_mut().push(*value);
        *value < 2
    }));
    for value in [1, 2] {
        *lock.try_lock().unwrap() = value;
        assert!(!wait.is_woken());
        condition.notify_one();
        assert_eq!(wait.wakes(), 1);
        assert_eq!(wait.poll().is_ready(), value == 2);
    }
    assert_eq!(looks.take(), [0, 1, 2]);
    // And it does not wait at all when there is nothing to wait for.
    drop(wait);
    drop(ByHand::new(condition.wait_while(lock.try_lock().unwrap(), |_| false)).ready());
}

/// The classic use: a bounded buffer made of a lock and two conditions.
#[test]
fn a_bounded_buffer_of_a_lock_and_two_conditions() {
    let got = Rc::new(RefCell::new(vec![]));
    block_on(async {
        let buffer = Rc::new(Lock::new(VecDeque::new()));
        let (has_room, has_items) = (Condition::new(), Condition::new());
        let producers: Vec<_> = (0..4)
            .map(|producer| {
                let (buffer, has_room, has_items) =
                    (buffer.clone(), has_room.clone(), has_items.clone());
                spawn(async move {
                    for i in 0..50 {
                        let mut items = has_room
                            .wait_while(buffer.lock().await, |items| items.len() == 3)
                            .await;
                        items.push_back(producer * 50 + i);
                        has_items.notify_one();
                        yield_now().await;
                    }
                })
            })
            .collect();
        let consumers: Vec<_> = (0..4)
            .map(|_| {
                let (buffer, has_room, has_items) =
                    (buffer.clone(), has_room.clone(), has_items.clone());
                let got = got.clone();
                spawn(async move {
                    for _ in 0..50 {
                        let mut items = has_items
                            .wait_while(buffer.lock().await, |items| items.is_empty())
                            .await;
                        got.borrow_mut().push(items.pop_front().unwrap());
                        has_room.notify_one();
                    }
                })
            })
            .collect();
        for task in producers.into_iter().chain(consumers) {
            task.await.unwrap();
        }
    });
    let mut got = got.take();
    got.sort_unstable();
    assert_eq!(got, (0..200).collect::<Vec<_>>());
}

// --- Others ---

/// Unlocking wakes a waiter for the lock. If that one notifies from inside of `wake`, the
/// notification is not missed.
#[test]
fn a_notification_while_it_unlocks_is_not_missed() {
    thread_local!(static CONDITION: Condition = Condition::new());
    let condition = CONDITION.with(Condition::clone);
    let lock = Lock::new(0);
    let mut wait = ByHand::new(condition.wait(lock.try_lock().unwrap()));
    let mut locking = Box::pin(lock.lock());
    let waker = foreign::waker_of(|| CONDITION.with(Condition::notify_one), || {});
    assert!(
        locking
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    assert!(wait.poll().is_pending());
    // It was notified, and now waits for the lock.
    drop(locking);
    assert!(wait.is_woken());
    drop(wait.ready());
}

#[test]
fn polled_after_its_end_it_panics() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let mut wait = waiting(&lock, &condition);
    condition.notify_one();
    drop(wait.ready());
    assert!(catch_unwind(AssertUnwindSafe(|| _ = wait.poll())).is_err());
}

#[test]
fn it_works_on_a_foreign_executor() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    foreign::block_on(join(
        async {
            assert_eq!(
                *condition
                    .wait_while(lock.lock().await, |value| *value == 0)
                    .await,
                1
            )
        },
        async {
            *lock.lock().await = 1;
            condition.notify_one();
        },
    ));
}

#[test]
fn so_many_as_are_wanted_are_notified() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let waits = [(); 3].map(|()| waiting(&lock, &condition));
    condition.notify(2);
    assert_eq!(waits.each_ref().map(ByHand::wakes), [1, 1, 0]);
    condition.notify(2);
    assert_eq!(waits.each_ref().map(ByHand::wakes), [1, 1, 1]);
}

#[test]
fn a_guard_that_owns_its_lock_can_wait() {
    let (lock, condition) = (Rc::new(Lock::new(0)), Condition::new());
    let guard = ByHand::new(lock.clone().lock_owned()).ready();
    let mut wait = ByHand::waiting(condition.wait(guard));
    *lock.try_lock().unwrap() = 7;
    condition.notify_one();
    assert_eq!(*wait.ready(), 7);
}
