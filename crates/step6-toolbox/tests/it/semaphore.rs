//! Are never more let in than there are permits, and does each get in when it is its turn?

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use step5_executor::{Executor, now, sleep, spawn};
use step6_toolbox::{Semaphore, join};
use testing::foreign;

use crate::by_hand::ByHand;

#[test]
fn never_more_are_let_in_than_there_are_permits() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let start = now();
        let semaphore = Semaphore::new(3);
        let (inside, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let (semaphore, inside, most) = (semaphore.clone(), inside.clone(), most.clone());
                spawn(async move {
                    let _permit = semaphore.acquire().await;
                    inside.set(inside.get() + 1);
                    most.set(most.get().max(inside.get()));
                    sleep(Duration::from_secs(1)).await;
                    inside.set(inside.get() - 1);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!((most.get(), inside.get(), semaphore.available()), (3, 0, 3));
        assert_eq!(now() - start, Duration::from_secs(4));
    });
}

/// Promise (toolbox): The waiters for a lock, a semaphore or a queue are served in the order of
/// arrival, and newcomers do not overtake them.
#[test]
fn a_permit_goes_to_the_longest_waiter() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.try_acquire().unwrap();
    let waiting: Vec<_> = (0..3)
        .map(|_| ByHand::waiting(semaphore.acquire()))
        .collect();
    drop(permit);
    assert_eq!(
        waiting.iter().map(ByHand::wakes).collect::<Vec<_>>(),
        [1, 0, 0]
    );
    assert_eq!(semaphore.available(), 0);
    assert!(semaphore.try_acquire().is_none());
    let mut newcomer = ByHand::waiting(semaphore.acquire());
    for mut next in waiting {
        drop(next.ready());
    }
    drop(newcomer.ready());
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn a_permit_may_move_into_another_task() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let semaphore = Semaphore::new(1);
        let permit = semaphore.acquire().await;
        let task = spawn(async move {
            sleep(Duration::from_secs(1)).await;
            drop(permit);
        });
        let start = now();
        let _permit = semaphore.acquire().await;
        assert_eq!(now() - start, Duration::from_secs(1));
        task.await.unwrap();
    });
}

#[test]
fn added_permits_are_first_for_waiters() {
    let semaphore = Semaphore::new(0);
    let mut waiting: Vec<_> = (0..3)
        .map(|_| ByHand::waiting(semaphore.acquire()))
        .collect();
    semaphore.add_permits(2);
    assert_eq!(
        waiting.iter().map(ByHand::wakes).collect::<Vec<_>>(),
        [1, 1, 0]
    );
    assert_eq!(semaphore.available(), 0);
    semaphore.add_permits(3);
    assert_eq!(semaphore.available(), 2);
    let permits: Vec<_> = waiting.iter_mut().map(ByHand::ready).collect();
    drop(permits);
    assert_eq!(semaphore.available(), 5);
}

#[test]
fn a_permit_that_is_forgotten_does_not_come_back() {
    let semaphore = Semaphore::new(2);
    semaphore.try_acquire().unwrap().forget();
    drop(semaphore.try_acquire().unwrap());
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn a_panic_gives_the_permit_back() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let semaphore = Semaphore::new(1);
        let inner = semaphore.clone();
        let task = spawn(async move {
            let _permit = inner.acquire().await;
            panic!("with a permit");
        });
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!(semaphore.available(), 1);
    });
}

#[test]
fn it_works_on_a_foreign_executor() {
    let semaphore = Semaphore::new(1);
    foreign::block_on(async {
        let permit = semaphore.acquire().await;
        join(async { drop(semaphore.acquire().await) }, async {
            drop(permit)
        })
        .await;
    });
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn the_count_of_permits_saturates() {
    let semaphore = Semaphore::new(usize::MAX);
    let permit = semaphore.try_acquire().unwrap();
    semaphore.add_permits(1);
    drop(permit);
    assert_eq!(semaphore.available(), usize::MAX);
}

/// If each of the two took what there is, both would wait for the other.
#[test]
fn two_that_want_several_do_not_share_them() {
    let semaphore = Semaphore::new(3);
    let one = semaphore.try_acquire().unwrap();
    let mut first = ByHand::waiting(semaphore.acquire_many(3));
    let mut second = ByHand::waiting(semaphore.acquire_many(2));
    assert_eq!(semaphore.available(), 0);
    drop(one);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    drop(first.ready());
    drop(second.ready());
    assert_eq!(semaphore.available(), 3);
}

#[test]
fn several_dropped_halfway_are_released() {
    let semaphore = Semaphore::new(3);
    let one = semaphore.try_acquire().unwrap();
    let collecting = ByHand::waiting(semaphore.acquire_many(3));
    let mut next = ByHand::waiting(semaphore.acquire_many(2));
    drop(collecting);
    drop(next.ready());
    drop(one);
    assert_eq!(semaphore.available(), 3);
    // And after its last permit had come.
    let held = semaphore.acquire_many(3);
    let held = foreign::block_on(held);
    let waiting = ByHand::waiting(semaphore.acquire_many(2));
    drop(held);
    assert!(waiting.is_woken());
    drop(waiting);
    assert_eq!(semaphore.available(), 3);
}
