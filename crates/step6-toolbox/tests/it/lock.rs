//! Does one task at a time have the value, each in its turn, and is the lock free again whatever
//! happens?

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Poll};

use step5_executor::{Executor, block_on, spawn, yield_now};
use step6_toolbox::{Lock, join};
use testing::clone_hook::{Hooked, at_next_clone};
use testing::{foreign, panic_message};

use crate::by_hand::ByHand;

#[test]
fn one_task_at_a_time_has_the_value() {
    block_on(async {
        let lock = Rc::new(Lock::new(0));
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let lock = lock.clone();
                spawn(async move {
                    for _ in 0..10 {
                        let mut value = lock.lock().await;
                        let before = *value;
                        yield_now().await;
                        *value = before + 1;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*lock.lock().await, 1_000);
    });
}

/// Promise (toolbox): The waiters for a lock, a semaphore or a queue are served in the order of
/// arrival, and newcomers do not overtake them.
#[test]
fn it_is_handed_on_in_the_order_of_arrival() {
    let order = Rc::new(RefCell::new(vec![]));
    block_on(async {
        let lock = Rc::new(Lock::new(()));
        let tasks: Vec<_> = (0..3)
            .map(|name| {
                let (lock, order) = (lock.clone(), order.clone());
                spawn(async move {
                    for _ in 0..3 {
                        // A task that unlocks and locks again at once is behind the others.
                        let _guard = lock.lock().await;
                        order.borrow_mut().push(name);
                        yield_now().await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_eq!(order.take(), [0, 1, 2, 0, 1, 2, 0, 1, 2]);
}

/// Promise (toolbox): The waiters for a lock, a semaphore or a queue are served in the order of
/// arrival, and newcomers do not overtake them.
#[test]
fn newcomers_do_not_overtake() {
    let lock = Lock::new(());
    let guard = lock.try_lock().unwrap();
    assert!(lock.try_lock().is_none());
    let mut first = ByHand::waiting(lock.lock());
    let mut second = ByHand::waiting(lock.lock());
    drop(guard);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert!(lock.is_locked() && lock.try_lock().is_none());
    let mut newcomer = ByHand::waiting(lock.lock());
    drop(first.ready());
    drop(second.ready());
    drop(newcomer.ready());
    assert!(!lock.is_locked());
}

#[test]
fn a_dropped_waiter_passes_its_permit_on() {
    let lock = Lock::new(());
    for stage in 0..3 {
        let mut guard = lock.try_lock();
        assert!(guard.is_some());
        let mut dropped = ByHand::new(lock.lock());
        if stage > 0 {
            assert!(dropped.poll().is_pending());
        }
        let mut next = ByHand::waiting(lock.lock());
        if stage == 2 {
            guard = None;
        }
        assert_eq!(dropped.is_woken(), stage == 2);
        drop(dropped);
        drop(guard);
        assert_eq!(next.wakes(), 1);
        drop(next.ready());
        assert!(!lock.is_locked());
    }
}

/// Promise (toolbox): A panic in a closure or a body loses nothing but its own output.
#[test]
fn a_panic_unlocks_and_keeps_the_value() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let lock = Rc::new(Lock::new(1));
        let inner = lock.clone();
        let task = spawn(async move {
            let mut value = inner.lock().await;
            *value = 2;
            yield_now().await;
            panic!("with the lock");
        });
        yield_now().await;
        assert!(lock.is_locked());
        assert_eq!(*lock.lock().await, 2);
        assert!(task.await.unwrap_err().is_panic());
    });
}

#[test]
fn a_task_that_is_aborted_unlocks() {
    block_on(async {
        let lock = Rc::new(Lock::new(()));
        let inner = lock.clone();
        let task = spawn(async move {
            let _guard = inner.lock().await;
            std::future::pending::<()>().await;
        });
        yield_now().await;
        assert!(lock.is_locked());
        task.abort();
        assert!(!lock.is_locked());
    });
}

#[test]
fn a_clone_that_panics_is_not_taken_for_a_wake() {
    let (lock, (_, waker)) = (Lock::new(()), Hooked::new());
    let guard = lock.try_lock().unwrap();
    let mut locking = Box::pin(lock.lock());
    at_next_clone(|| panic!("in clone"));
    panic_message::of(|| foreign::poll_with(locking.as_mut(), &waker));
    drop(locking);
    assert!(lock.try_lock().is_none());
    drop(guard);
}

#[test]
fn it_works_on_a_foreign_executor() {
    let lock = Lock::new(0);
    foreign::block_on(async {
        let guard = lock.lock().await;
        join(async { *lock.lock().await += 1 }, async { drop(guard) }).await;
    });
    assert_eq!(*lock.try_lock().unwrap(), 1);
}

/// The borrow of the value ends before the next one is woken, which may lock at once, from inside
/// of `wake`.
#[test]
fn a_waker_may_lock_in_wake() {
    thread_local!(static NEXT: RefCell<Option<ByHand<'static, ()>>> = RefCell::default());
    thread_local!(static DONE: Cell<bool> = const { Cell::new(false) });
    let lock = Rc::new(Lock::new(0));
    let next = {
        let lock = lock.clone();
        async move {
            let mut locking = Box::pin(lock.lock());
            let waker = foreign::waker_of(
                || NEXT.with(|next| next.borrow_mut().as_mut().unwrap().ready()),
                || {},
            );
            *std::future::poll_fn(|_| {
                let polled = locking.as_mut().poll(&mut Context::from_waker(&waker));
                if let Poll::Ready(guard) = &polled {
                    assert_eq!(**guard, 1);
                    DONE.set(true);
                }
                polled
            })
            .await = 2;
        }
    };
    let mut guard = lock.try_lock().unwrap();
    NEXT.set(Some(ByHand::waiting(next)));
    *guard = 1;
    drop(guard);
    assert!(DONE.get());
    assert_eq!(*lock.try_lock().unwrap(), 2);
    NEXT.set(None);
}

#[test]
fn an_owned_guard_may_move_into_a_task() {
    block_on(async {
        let lock = Rc::new(Lock::new(1));
        let mut guard = lock.clone().lock_owned().await;
        let task = spawn(async move {
            yield_now().await;
            *guard += 1;
        });
        assert!(lock.is_locked());
        assert_eq!(*lock.lock().await, 2);
        task.await.unwrap();
    });
}
